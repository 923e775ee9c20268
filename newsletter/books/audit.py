"""The audit log's entries: who did what, when, and to which bytes; each seals those before it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

BY_SCHEDULE = "the schedule"
"""Who did it, where nobody did: in the audit log."""


class AuditAction(StrEnum):
    """What somebody, or the schedule itself, did.

    Withdrawn: somebody took their own approval back. Refused: at its slot an issue was not let out.
    Restored: a database from a backup was accepted as the true one. Turned away: the relay refused
    the whole list, so that those who had heard it were planned again. Imported, synced, exported:
    people came onto the list by a file, the list was made to match one, or was written to one.
    Added to erased: what was done to one person on the list, and never to whom, for the log cannot
    be erased.
    """

    APPROVED = "approved"
    OVERRIDDEN = "overridden"
    WITHDRAWN = "withdrawn"
    SCHEDULED = "scheduled"
    UNSCHEDULED = "unscheduled"
    STARTED = "started"
    FINISHED = "finished"
    MISSED = "missed"
    PAUSED = "paused"
    RESUMED = "resumed"
    CANCELLED = "cancelled"
    RESOLVED = "resolved"
    CORRECTED = "corrected"
    ALERTED = "alerted"
    REMINDED = "reminded"
    REFUSED = "refused"
    RESTORED = "restored"
    TURNED_AWAY = "turned away"
    IMPORTED = "imported"
    SYNCED = "synced"
    EXPORTED = "exported"
    ADDED = "added"
    REMOVED = "removed"
    UNSUBSCRIBED = "unsubscribed"
    RESUBSCRIBED = "resubscribed"
    SUPPRESSED = "suppressed"
    UNSUPPRESSED = "unsuppressed"
    ERASED = "erased"


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """What is to be logged."""

    by: str
    action: AuditAction
    issue: str
    at: datetime
    digest: str = ""
    detail: str = ""


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
