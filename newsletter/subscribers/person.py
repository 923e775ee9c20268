"""What is known of one person: how they came, what happened since, and what they were sent.

Records only; each event is written down where it happens, in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from newsletter.subscribers.model import Subscriber
from newsletter.subscribers.suppression import Suppression


class PersonEventKind(StrEnum):
    """What may happen to a person on the list; `MOVES` make its history."""

    ASKED = "asked to join"
    JOINED = "joined"
    LEFT = "left"
    RETURNED = "returned"
    SAID_WHY = "said why"
    CHANGED = "changed"
    PAUSED = "paused"
    SUPPRESSED = "suppressed"
    UNSUPPRESSED = "no longer suppressed"
    CAME_BACK = "came back"
    REMOVED = "removed"
    ERASED = "erased"


ARRIVALS = (PersonEventKind.JOINED, PersonEventKind.RETURNED)
DEPARTURES = (PersonEventKind.LEFT, PersonEventKind.REMOVED, PersonEventKind.ERASED)
MOVES = (*ARRIVALS, *DEPARTURES)


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonEvent:
    """What happened to a person, or by an import to many.

    Of what moves people, `people` is how many confirmed members it made more or fewer: none where
    somebody left who never was one.
    """

    at: datetime
    kind: PersonEventKind
    by: str
    detail: str = ""
    people: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """Who came and went in the seven days from a Monday, by the clocks of the publication."""

    monday: date
    joined: int
    left: int
    removed: int

    @property
    def gone(self) -> int:
        return self.left + self.removed

    @property
    def net(self) -> int:
        return self.joined - self.gone


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What became of one issue for one person: a delivery's state, and what the relay said."""

    issue: str
    state: str
    at: datetime
    reply: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonFile:
    """Everything that is held about an address; `subscriber` is None for who is on no list."""

    subscriber: Subscriber | None
    suppression: Suppression | None
    events: Sequence[PersonEvent]
    receipts: Sequence[Receipt]

    @property
    def is_empty(self) -> bool:
        known = self.subscriber or self.suppression
        return known is None and not self.events and not self.receipts
