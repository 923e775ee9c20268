"""The door of the books: what is known of sendings, as records and rules, without any SQL."""

from newsletter.books.adjustments import Adjustment, Manner
from newsletter.books.approvals import Approval, checked_name
from newsletter.books.audit import BY_SCHEDULE, AuditAction, AuditEntry, Deed
from newsletter.books.deliveries import (
    Attempt,
    Decision,
    Delivery,
    Failure,
    LastReply,
    Outcome,
    Refused,
    Resolution,
    Turn,
)
from newsletter.books.heartbeats import (
    FaultCount,
    Heartbeat,
)
from newsletter.books.moments import in_time, in_words, minute, second
from newsletter.books.publications import (
    MAX_KEY,
    KnownPublication,
    PublicationKey,
    key_of,
    parse_key,
)
from newsletter.books.quota import Quota, Room, relay_of, share_of
from newsletter.books.runs import Balance, Holder, NewRun, Run
from newsletter.books.slots import NewSlot, Slot
from newsletter.books.standing import NEEDS_PERSON, Standing, needs_person, standing_of, worst
from newsletter.books.states import (
    FAILURES,
    OUTCOMES,
    OVER,
    STOPPED,
    TAKEN,
    UNCLAIMABLE,
    UNFINISHED,
    DeliveryEvents,
    DeliveryState,
    Event,
    RunEvents,
    RunState,
    SlotEvents,
    SlotState,
)
from newsletter.books.statistics import DomainCount, RateCount, ReplyCount

__all__ = [
    "BY_SCHEDULE",
    "FAILURES",
    "MAX_KEY",
    "NEEDS_PERSON",
    "OUTCOMES",
    "OVER",
    "STOPPED",
    "TAKEN",
    "UNCLAIMABLE",
    "UNFINISHED",
    "Adjustment",
    "Approval",
    "Attempt",
    "AuditAction",
    "AuditEntry",
    "Balance",
    "Decision",
    "Deed",
    "Delivery",
    "DeliveryEvents",
    "DeliveryState",
    "DomainCount",
    "Event",
    "Failure",
    "FaultCount",
    "Heartbeat",
    "Holder",
    "KnownPublication",
    "LastReply",
    "Manner",
    "NewRun",
    "NewSlot",
    "Outcome",
    "PublicationKey",
    "Quota",
    "RateCount",
    "Refused",
    "ReplyCount",
    "Resolution",
    "Room",
    "Run",
    "RunEvents",
    "RunState",
    "Slot",
    "SlotEvents",
    "SlotState",
    "Standing",
    "Turn",
    "checked_name",
    "in_time",
    "in_words",
    "key_of",
    "minute",
    "needs_person",
    "parse_key",
    "relay_of",
    "second",
    "share_of",
    "standing_of",
    "worst",
]
