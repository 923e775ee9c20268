"""Whether an issue is approved: enough people said yes to these very bytes.

It judges the approvals in the books; it renders and hashes nothing. A yes to other bytes counts for
nothing, but it tells what has changed since.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from newsletter.books import Approval


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalRule:
    """How many people must approve; zero is none. `send_too`: by hand as well as in a slot."""

    required: int = 1
    send_too: bool = False
    author_may_approve: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """Whether the issue may go out, and in one sentence why.

    `count` is how many approvals count, `missing` how many more are needed. `voided` is the newest
    approval of other bytes, where these have not enough.
    """

    is_given: bool
    count: int
    missing: int
    voided: Approval | None
    reason: str


def judge(approvals: Iterable[Approval], digest: str, rule: ApprovalRule) -> Judgement:
    """By the approvals of that digest alone; a person counts once, however they are spelt."""
    newest_first = sorted(approvals, key=lambda each: each.approved_at, reverse=True)
    given = [each for each in newest_first if each.digest == digest]
    by_author = [each for each in given if not _may_approve(each, rule)]
    names = _names(each for each in given if _may_approve(each, rule))
    override = next((each for each in given if each.override_reason is not None), None)
    missing = max(rule.required - len(names), 0)
    if override is not None or not missing:
        reason = _why_given(override, names)
        return Judgement(is_given=True, count=len(names), missing=0, voided=None, reason=reason)
    voided = next((each for each in newest_first if each.digest != digest), None)
    return Judgement(
        is_given=False,
        count=len(names),
        missing=missing,
        voided=voided,
        reason=_why_not(names, by_author, voided, rule),
    )


def changed_inputs(before: Approval, inputs: Mapping[str, str]) -> tuple[str, ...]:
    """The names of what has changed, was added or was taken away since that approval, sorted."""
    names = before.inputs.keys() | inputs.keys()
    return tuple(sorted(name for name in names if before.inputs.get(name) != inputs.get(name)))


def _may_approve(approval: Approval, rule: ApprovalRule) -> bool:
    if rule.author_may_approve or approval.author is None:
        return True
    return not is_same_person(approval.approved_by, approval.author)


def _names(approvals: Iterable[Approval]) -> Sequence[str]:
    """Each person once, who approved first standing first."""
    by_key = {_key(each.approved_by): each.approved_by for each in approvals}
    return tuple(reversed(by_key.values()))


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are one, however they are spelt (Unicode's NFKC, and case folded).

    >>> is_same_person("Ada Lovelace", "ＡＤＡ  lovelace")
    True
    """
    return _key(one) == _key(other)


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _why_given(override: Approval | None, names: Sequence[str]) -> str:
    if override is not None:
        return f"overridden by {override.approved_by}: {override.override_reason}"
    return f"approved by {' and '.join(names)}" if names else "no approval is required"


def _why_not(
    names: Sequence[str], by_author: Sequence[Approval], voided: Approval | None, rule: ApprovalRule
) -> str:
    wanted = f"{len(names)} of {rule.required} approvals"
    if names:
        return f"{wanted}: by {' and '.join(names)}"
    if by_author:
        return f"{wanted}: {by_author[0].approved_by} is its author"
    if voided is not None:
        return f"{wanted}: {voided.approved_by} approved other bytes than these"
    return f"{wanted}: nobody has approved it"
