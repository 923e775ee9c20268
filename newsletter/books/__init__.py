"""The door of the books: what is known of sendings, as records and rules, without any SQL."""

from newsletter.books.approvals import (
    Approval,
)
from newsletter.books.attention import (
    NEEDS_PERSON,
    needs_person,
)
from newsletter.books.audit import (
    BY_SCHEDULE,
    AuditAction,
    AuditEntry,
    Deed,
)
from newsletter.books.deliveries import (
    Attempt,
    Delivery,
    Failure,
    Outcome,
    Resolution,
    Turn,
)
from newsletter.books.heartbeats import (
    Heartbeat,
)
from newsletter.books.moments import (
    in_time,
    in_words,
    minute,
    second,
)
from newsletter.books.runs import (
    Balance,
    Holder,
    NewRun,
    Run,
)
from newsletter.books.slots import (
    NewSlot,
    SlotRow,
)
from newsletter.books.states import (
    FAILURES,
    OUTCOMES,
    OVER,
    STOPPED,
    TAKEN,
    UNFINISHED,
    DeliveryEvents,
    DeliveryState,
    Event,
    RunEvents,
    RunState,
    SlotEvents,
    SlotState,
)
from newsletter.books.statistics import (
    DomainCount,
    RateCount,
    ReplyCount,
)

__all__ = [
    "BY_SCHEDULE",
    "FAILURES",
    "OUTCOMES",
    "OVER",
    "STOPPED",
    "TAKEN",
    "UNFINISHED",
    "Approval",
    "Attempt",
    "AuditAction",
    "AuditEntry",
    "Balance",
    "Deed",
    "Delivery",
    "DeliveryEvents",
    "DeliveryState",
    "DomainCount",
    "Event",
    "Failure",
    "Heartbeat",
    "Holder",
    "NewRun",
    "NewSlot",
    "Outcome",
    "RateCount",
    "ReplyCount",
    "Resolution",
    "Run",
    "RunEvents",
    "RunState",
    "SlotEvents",
    "SlotRow",
    "SlotState",
    "Turn",
    "in_time",
    "in_words",
    "minute",
    "needs_person",
    "second",
]
