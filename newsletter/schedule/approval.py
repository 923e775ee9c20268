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
    """How many people must approve; zero is none.

    `send_too`: by hand as well as in a slot; `corrections_too`: a correction as well.
    """

    required: int = 1
    send_too: bool = False
    corrections_too: bool = True
    author_may_approve: bool = False

    def binds_by_hand(self, *, is_correction: bool) -> bool:
        """Whether what is sent by hand has to be approved."""
        return self.corrections_too if is_correction else self.send_too


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """Whether the issue may go out, and in one sentence why.

    `names` are the people whose approvals it rests on, `missing` is how many more are needed.
    `voided` is the newest approval of other bytes, where these have not enough.
    """

    is_given: bool
    names: Sequence[str]
    missing: int
    voided: Approval | None
    reason: str


def judge(approvals: Iterable[Approval], digest: str, rule: ApprovalRule) -> Judgement:
    """By the approvals of that digest alone; a person counts once, however they are spelt.

    One that was taken back counts for nothing.
    """
    everything = sorted(approvals, key=lambda each: each.approved_at, reverse=True)
    newest_first = [each for each in everything if each.withdrawn_at is None]
    given = [each for each in newest_first if each.digest == digest]
    by_author = [each for each in given if not _may_approve(each, rule)]
    names = _names(each for each in given if _may_approve(each, rule))
    override = next((each for each in given if each.override_reason is not None), None)
    missing = max(rule.required - len(names), 0)
    if override is not None or not missing:
        reason, by = _why_given(override, names), (override.approved_by,) if override else names
        return Judgement(is_given=True, names=by, missing=0, voided=None, reason=reason)
    voided = next((each for each in newest_first if each.digest != digest), None)
    return Judgement(
        is_given=False,
        names=names,
        missing=missing,
        voided=voided,
        reason=_why_not(names, by_author, _gone(everything, digest), voided, rule),
    )


def changed_inputs(before: Approval, inputs: Mapping[str, str]) -> tuple[str, ...]:
    """The names of what has changed, was added or was taken away since that approval, sorted."""
    names = before.inputs.keys() | inputs.keys()
    return tuple(sorted(name for name in names if before.inputs.get(name) != inputs.get(name)))


def _gone(newest_first: Iterable[Approval], digest: str) -> Approval | None:
    """The newest approval of these bytes that was taken back."""
    taken_back = (each for each in newest_first if each.withdrawn_at is not None)
    return next((each for each in taken_back if each.digest == digest), None)


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
    names: Sequence[str],
    by_author: Sequence[Approval],
    gone: Approval | None,
    voided: Approval | None,
    rule: ApprovalRule,
) -> str:
    wanted = f"{len(names)} of {rule.required} approvals"
    if names:
        return f"{wanted}: by {' and '.join(names)}"
    if by_author:
        return f"{wanted}: {by_author[0].approved_by} is its author"
    if gone is not None:
        return f"{wanted}: {gone.approved_by} has withdrawn theirs"
    if voided is not None:
        return f"{wanted}: {voided.approved_by} approved other bytes than these"
    return f"{wanted}: nobody has approved it"
