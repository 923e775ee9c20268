"""The door of the store room: open the database, and what its list, journal and book speak in.

Importing it loads SQLAlchemy, so the command line does that only when it must.
"""

from newsletter.store.database import Database, open_database
from newsletter.store.journal import FAILURES, Journal
from newsletter.store.owner import this_process
from newsletter.store.records import (
    Attempt,
    Balance,
    Delivery,
    Failure,
    Holder,
    Outcome,
    Resolution,
    Run,
    Turn,
)
from newsletter.store.schedule_book import BY_SCHEDULE, ScheduleBook
from newsletter.store.schedule_records import (
    Approval,
    AuditAction,
    AuditEntry,
    Heartbeat,
    NewSlot,
    SlotRow,
    SlotState,
)
from newsletter.store.states import UNFINISHED, DeliveryState, RunState
from newsletter.store.statistics import DomainCount, RateCount, ReplyCount
from newsletter.store.subscriber_list import AudienceCounts, SubscriberList

__all__ = [
    "BY_SCHEDULE",
    "FAILURES",
    "UNFINISHED",
    "Approval",
    "Attempt",
    "AudienceCounts",
    "AuditAction",
    "AuditEntry",
    "Balance",
    "Database",
    "Delivery",
    "DeliveryState",
    "DomainCount",
    "Failure",
    "Heartbeat",
    "Holder",
    "Journal",
    "NewSlot",
    "Outcome",
    "RateCount",
    "ReplyCount",
    "Resolution",
    "Run",
    "RunState",
    "ScheduleBook",
    "SlotRow",
    "SlotState",
    "SubscriberList",
    "Turn",
    "open_database",
    "this_process",
]
