"""What is to be made of what came back: rules that people can read, as data, and nothing else.

Pure. Whose it is was proven, or was not, before it comes here; that it is done, and undone, is the
list's. Ours is never held against a reader: what is blocked suppresses nobody, however often.
"""

from dataclasses import dataclass

from newsletter.books import ReturnEffect, ReturnKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """In how many issues somebody's mailbox may refuse before nothing is sent to it any more.

    `hard_issues` and `soft_issues` count those that came back, this one among them; of the soft
    ones those within `soft_days` days.
    """

    hard_issues: int = 1
    soft_issues: int = 3
    soft_days: int = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Proven:
    """What a MAC of ours proves: that it is of one delivery, or only of one reader."""

    is_delivery: bool = False
    is_reader: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """What the books say of it already.

    Whether the same was said of this delivery before; and in how many other issues the reader's
    mailbox has refused, for good and for a time.
    """

    is_repeated: bool = False
    hard: int = 0
    soft: int = 0


NOBODY = Proven()
NOTHING = Before()


def verdict(
    kind: ReturnKind,
    *,
    is_final: bool,
    proven: Proven,
    rules: Rules,
    before: Before = NOTHING,
) -> ReturnEffect:
    """A bounce acts only where the delivery is proven; a wish to hear no more needs the reader."""
    if kind in (ReturnKind.AUTO_REPLY, ReturnKind.CHALLENGE):
        return ReturnEffect.NOTED
    is_wish = kind in (ReturnKind.COMPLAINT, ReturnKind.UNSUBSCRIBE)
    is_enough = proven.is_delivery or (is_wish and proven.is_reader)
    if kind is ReturnKind.UNKNOWN or not is_enough:
        return ReturnEffect.SHOWN
    if not is_final or kind is ReturnKind.BLOCKED:
        return ReturnEffect.REPEATED if before.is_repeated else ReturnEffect.NOTED
    if before.is_repeated:
        return ReturnEffect.REPEATED
    if kind is ReturnKind.UNSUBSCRIBE:
        return ReturnEffect.UNSUBSCRIBED
    if kind is ReturnKind.COMPLAINT:
        return ReturnEffect.SUPPRESSED
    return _counted(kind, rules, before)


def _counted(kind: ReturnKind, rules: Rules, before: Before) -> ReturnEffect:
    is_hard = kind is ReturnKind.HARD
    most = rules.hard_issues if is_hard else rules.soft_issues
    found = 1 + (before.hard if is_hard else before.soft)
    return ReturnEffect.SUPPRESSED if found >= most else ReturnEffect.COUNTED
