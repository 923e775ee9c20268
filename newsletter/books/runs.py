"""A run as the books know it: what it sends, who has it in hand, and whether it balances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.books.states import UNFINISHED, DeliveryState, RunState


def segment_words(segment: str) -> str:
    """Whom a run, a slot or an approval is for, as `segment` has it.

    >>> segment_words("tag:uk"), segment_words("")
    ('the segment tag:uk', 'everybody')
    """
    return f"the segment {segment}" if segment else "everybody"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRun:
    """What a run is opened with. `text` is kept to tell later what has changed.

    `corrects` names the issue that this one corrects. `held_by` is who pauses it from the first.
    `segment` is the condition on its audience as it was written; "" is everybody. `approved_by` are
    the people whose approvals let it begin, under the name of `approved_as`: none of them may have
    been withdrawn by then. `groups` has the group of each domain that has rules of its own: what is
    of one group is in shards of its own.
    """

    issue: str
    digest: str
    subject: str
    message_date: datetime
    text: str = ""
    corrects: str | None = None
    held_by: str | None = None
    segment: str = ""
    approved_by: Sequence[str] = ()
    approved_as: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One sending of one issue. `message_date` is the Date header of every message of it.

    `frozen` is how many deliveries were written down when the audience was frozen. `controlled_by`
    is who paused or cancelled it last, and `controlled_at` when; a resumed run has neither.
    `corrects` is the issue of which this one is the correction.
    """

    id: int
    issue: str
    digest: str
    subject: str
    message_date: datetime
    started_at: datetime
    finished_at: datetime | None
    state: RunState
    frozen: int
    controlled_by: str | None = None
    controlled_at: datetime | None = None
    corrects: str | None = None
    segment: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """Who has claims on a run in hand; `owner` is its name for people."""

    owner: str
    lease_until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Balance:
    """The books of one run: what was frozen, and how many deliveries are in each state."""

    frozen: int
    counts: Mapping[DeliveryState, int]

    def __str__(self) -> str:
        """`9,998 accepted, 2 in doubt`."""
        counts = ", ".join(f"{count:,} {state}" for state, count in self.counts.items())
        return counts.replace("_", " ")

    def __getitem__(self, state: DeliveryState) -> int:
        return self.counts.get(state, 0)

    def with_in_hand(self, count: int) -> "Balance":
        """The same books, so many of those in doubt counted as claimed: they are being sent."""
        counts = dict(self.counts)
        counts[DeliveryState.IN_DOUBT] = self[DeliveryState.IN_DOUBT] - count
        counts[DeliveryState.CLAIMED] = self[DeliveryState.CLAIMED] + count
        known = {state: counts[state] for state in DeliveryState if counts.get(state)}
        return Balance(frozen=self.frozen, counts=known)

    @property
    def unfinished(self) -> int:
        return sum(self[state] for state in UNFINISHED)

    @property
    def balanced(self) -> bool:
        """Everyone who was frozen is in exactly one state."""
        return self.frozen == sum(self.counts.values())

    @property
    def complete(self) -> bool:
        """The books balance and nothing is left to do; doubts may be left to look at."""
        return self.balanced and not self.unfinished
