"""The door of the subscribers room: who is on the list, files of them, and tokens for them."""

from newsletter.subscribers.csv_file import (
    Duplicate,
    Row,
    RowFault,
    SubscriberFile,
    parse_subscribers,
    read_subscriber_file,
)
from newsletter.subscribers.import_plan import ImportPlan, Kept, KeptOut, NameChange, diff
from newsletter.subscribers.model import AudienceCounts, AudienceMember, Subscriber, SubscriberState
from newsletter.subscribers.tokens import make_token, message_id_mac, read_token, secret_of

__all__ = [
    "AudienceCounts",
    "AudienceMember",
    "Duplicate",
    "ImportPlan",
    "Kept",
    "KeptOut",
    "NameChange",
    "Row",
    "RowFault",
    "Subscriber",
    "SubscriberFile",
    "SubscriberState",
    "diff",
    "make_token",
    "message_id_mac",
    "parse_subscribers",
    "read_subscriber_file",
    "read_token",
    "secret_of",
]
