"""What a file would do to the list, before anything is written: numbers, and the first few of each.

An import adds people, mends names, tags and attributes, and lets go of who has left elsewhere. It
brings nobody back: who has left here, was suppressed or has not confirmed yet stays so, whatever
the file says (the commonest complaint about other systems). Working it out is the store's, for the
list is as long as it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from newsletter.addresses import AddrSpec
from newsletter.subscribers.columns import Columns
from newsletter.subscribers.model import Consent
from newsletter.subscribers.suppression import SuppressionKind
from newsletter.subscribers.table import RowFault

FIRST_FEW = 20
"""Of each kind are named; all of them where a file for them is asked for."""

_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")


class Verdict(StrEnum):
    """What becomes of one person in the file. The words are for whoever reads the differences."""

    NEW = "new"
    PENDING = "pending"
    GONE = "arrives unsubscribed"
    STOPPED = "suppressed from now on"
    CHANGED = "changed"
    LEAVES = "unsubscribed from now on"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    KEPT_SUPPRESSED = "left out: suppressed here"
    KEPT_UNSUBSCRIBED = "left out: unsubscribed here"
    KEPT_PENDING = "left out: not confirmed here yet"
    KEPT_UNCONFIRMED = "left out: not confirmed where the file comes from"

    @property
    def is_kept_out(self) -> bool:
        return self.name.startswith("KEPT")

    @property
    def changes_something(self) -> bool:
        return self is not Verdict.UNCHANGED and not self.is_kept_out


@dataclass(frozen=True, kw_only=True, slots=True)
class Duplicate:
    """A record whose address stands in the file twice, on `first_line` as well.

    The one counts that says the person is gone, else the first.
    """

    line: int
    first_line: int
    address: AddrSpec


@dataclass(frozen=True, kw_only=True, slots=True)
class Newcomer:
    """One of the first few who are new."""

    address: AddrSpec
    first_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One line of all the differences; `line` is None for who is not in the file."""

    verdict: Verdict
    address: str
    line: int | None


@dataclass(frozen=True, kw_only=True)
class ImportPlan:
    """What would be done. Everybody in the file is counted under one verdict.

    `stops` are suppressions to be added, by kind; `without_consent` those of the new whose consent
    the file does not give. `readers` is how many are confirmed now. `cut` counts values that are
    too long to be kept whole, by column.
    """

    verdicts: Mapping[Verdict, int]
    first: Mapping[Verdict, Sequence[Difference]]
    newcomers: Sequence[Newcomer]
    stops: Mapping[SuppressionKind, int]
    without_consent: int
    readers: int
    faults: int
    first_faults: Sequence[RowFault]
    duplicates: int
    first_duplicates: Sequence[Duplicate]
    columns: Columns | None = None
    cut: Mapping[str, int] = field(default_factory=dict)

    def count(self, verdict: Verdict) -> int:
        return self.verdicts.get(verdict, 0)

    @property
    def new(self) -> int:
        return self.count(Verdict.NEW)

    @property
    def changes_something(self) -> bool:
        return bool(self.stops) or any(
            number and verdict.changes_something for verdict, number in self.verdicts.items()
        )

    @property
    def removes_most(self) -> bool:
        """Whether more than half of the readers would go."""
        return self.count(Verdict.REMOVED) * 2 > self.readers


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrived:
    """How many people an import has brought, changed or let go."""

    joined: int = 0
    gone: int = 0
    pending: int = 0
    changed: int = 0
    left: int = 0
    removed: int = 0
    suppressed: int = 0

    @property
    def in_words(self) -> str:
        """Without what did not happen: `12 joined, 1 changed`."""
        words = {
            "joined": self.joined,
            "changed": self.changed,
            "left": self.left,
            "removed": self.removed,
            "arrived unsubscribed": self.gone,
            "arrived unconfirmed": self.pending,
            "suppressed": self.suppressed,
        }
        shown = [f"{number:,} {word}" for word, number in words.items() if number]
        return ", ".join(shown) or "nothing"


def consent_in_words(text: str) -> Consent:
    """How people said yes, as a list keeper puts it; a day in it is when.

    >>> consent_in_words("signed up at the fair, 2026-03-02").at
    datetime.datetime(2026, 3, 2, 0, 0, tzinfo=datetime.timezone.utc)
    """
    source = " ".join(text.split())
    for day in _DAY.findall(source):
        try:
            return Consent(source=source, at=datetime.fromisoformat(day).replace(tzinfo=UTC))
        except ValueError:
            continue
    return Consent(source=source)
