"""What the schedule book hands out and takes in: slots, approvals, audit entries, heartbeats.

Records only. A slot keeps wall time and zone as they were said; which instant that is, and what
must start now, is left to `newsletter.schedule`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum


class SlotState(StrEnum):
    """Where the appointment of an issue stands; started and done are for good."""

    SCHEDULED = "scheduled"
    STARTED = "started"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


TAKEN = (SlotState.SCHEDULED, SlotState.STARTED, SlotState.DONE)
"""What keeps a date and time from other issues, and the issue from another slot."""


class AuditAction(StrEnum):
    """What somebody, or the schedule itself, did. Refused: at its slot an issue was not let out.

    Restored: a database from a backup was accepted as the true one.
    """

    APPROVED = "approved"
    OVERRIDDEN = "overridden"
    SCHEDULED = "scheduled"
    UNSCHEDULED = "unscheduled"
    STARTED = "started"
    FINISHED = "finished"
    MISSED = "missed"
    CANCELLED = "cancelled"
    CORRECTED = "corrected"
    ALERTED = "alerted"
    REMINDED = "reminded"
    REFUSED = "refused"
    RESTORED = "restored"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSlot:
    """A slot that is asked for: wall time (naive) and IANA zone, and the issue's digest now."""

    issue: str
    path: str
    local_date: date
    local_time: time
    zone: str
    digest: str

    def __post_init__(self) -> None:
        if self.local_time.tzinfo is not None:
            raise ValueError("a slot's wall time has no zone of its own")

    def __str__(self) -> str:
        return _shown(self.local_date, self.local_time, self.zone)


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotRow:
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

    def __str__(self) -> str:
        return _shown(self.local_date, self.local_time, self.zone)


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """A named person's yes to a digest; with an `override_reason`, a yes against the rule.

    `text` is the text part that was approved, to tell later what has changed. `inputs` has the
    sha256, in hex, of each thing that the digest was made of, by its name.
    """

    issue: str
    digest: str
    approved_by: str
    approved_at: datetime
    author: str | None = None
    override_reason: str | None = None
    subject: str = ""
    text: str = field(default="", repr=False)
    inputs: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditEntry:
    """Who did what, when, and to which bytes. `chain` seals it and every entry before it."""

    id: int
    at: datetime
    by: str
    action: AuditAction
    issue: str
    digest: str
    detail: str
    chain: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Heartbeat:
    """A running process that keeps the schedule: since when, last heard of when, and doing what."""

    owner: str
    started_at: datetime
    beat_at: datetime
    doing: str


def _shown(local_date: date, local_time: time, zone: str) -> str:
    return f"{local_date.isoformat()} {local_time.isoformat(timespec='minutes')} {zone}"
