"""What monitoring reads of the books: each run that is not over in figures, and the letters owed.

Records only; how they are counted is the store's, what they are called for machines is said in
`newsletter.metrics`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.books.heartbeats import Heartbeat
from newsletter.books.returns import ReturnEffect, ReturnKind
from newsletter.books.states import DeliveryState, RunState


@dataclass(frozen=True, kw_only=True, slots=True)
class RunFigures:
    """One run. `waiting_since` is when its oldest planned delivery was planned; None for none.

    What a living sender has in hand is claimed, not in doubt. `refused` has how many were refused
    with each enhanced status code (RFC 3463), "" for replies without one.
    """

    run_id: int
    issue: str
    state: RunState
    frozen: int
    counts: Mapping[DeliveryState, int]
    waiting_since: datetime | None
    refused: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterFigures:
    """Letters to readers whose time has come: how many, and since when the oldest waits."""

    due: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FleetFigures:
    """All that monitoring draws, at one moment.

    `faults` has for each run how many it has met in a row. `in_doubt` counts people of all runs
    who are in nobody's hands. `returns` is what has ever come back, by kind and by what was made of
    it.
    """

    at: datetime
    runs: Sequence[RunFigures]
    faults: Mapping[str, int]
    in_doubt: int
    heartbeats: Sequence[Heartbeat]
    scheduled: int
    overdue: int
    missed: int
    next_slot_at: datetime | None
    letters: LetterFigures
    returns: Mapping[tuple[ReturnKind, ReturnEffect], int] = field(default_factory=dict)
