"""A slot: which issue is to go out when, and where its appointment stands.

Records only. A slot keeps wall time and zone as they were said; which instant that is, and what
must start now, is left to `newsletter.schedule`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from newsletter.books.states import SlotState


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSlot:
    """A slot that is asked for: wall time (naive) and IANA zone, and the issue's digest now.

    `segment` is the condition on its audience as it was written; "" is everybody.
    """

    issue: str
    path: str
    local_date: date
    local_time: time
    zone: str
    digest: str
    segment: str = ""

    def __post_init__(self) -> None:
        if self.local_time.tzinfo is not None:
            raise ValueError("a slot's wall time has no zone of its own")

    def __str__(self) -> str:
        return _shown(self.local_date, self.local_time, self.zone)


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """The slot of an issue; it has one at most. `digest` is as it was when it was scheduled.

    `started_by` is the owner as `this_process` names it; `reason` says why it was missed or
    cancelled.
    """

    issue: str
    path: str
    local_date: date
    local_time: time
    zone: str
    state: SlotState
    scheduled_by: str
    scheduled_at: datetime
    digest: str
    started_by: str | None = None
    started_at: datetime | None = None
    reason: str = ""
    segment: str = ""

    def __str__(self) -> str:
        return _shown(self.local_date, self.local_time, self.zone)


def _shown(local_date: date, local_time: time, zone: str) -> str:
    return f"{local_date.isoformat()} {local_time.isoformat(timespec='minutes')} {zone}"
