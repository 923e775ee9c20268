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
    TAKEN,
    NewSlot,
    SlotRow,
    SlotState,
)
from newsletter.books.states import (
    FAILURES,
    HELD,
    OUTCOMES,
    UNFINISHED,
    DeliveryState,
    RunState,
)
from newsletter.books.statistics import (
    DomainCount,
    RateCount,
    ReplyCount,
)

__all__ = [
    "BY_SCHEDULE",
    "FAILURES",
    "HELD",
    "NEEDS_PERSON",
    "OUTCOMES",
    "TAKEN",
    "UNFINISHED",
    "Approval",
    "Attempt",
    "AuditAction",
    "AuditEntry",
    "Balance",
    "Deed",
    "Delivery",
    "DeliveryState",
    "DomainCount",
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
    "RunState",
    "SlotRow",
    "SlotState",
    "Turn",
    "in_time",
    "in_words",
    "minute",
    "needs_person",
    "second",
]
