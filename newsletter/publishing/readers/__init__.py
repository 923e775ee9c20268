"""The door of the readers' room: what people do about themselves, by links and forms."""

from newsletter.publishing.readers.correspondence import send_letters
from newsletter.publishing.readers.joining import (
    Asked,
    SignUp,
    ask_to_join,
    confirm,
    forget_unconfirmed,
    is_first_name,
    read_sign_up,
)
from newsletter.publishing.readers.leaving import leave, say_why, undo_leaving
from newsletter.publishing.readers.links import Expired, Links, Purpose, links_of
from newsletter.publishing.readers.preferring import (
    Chosen,
    erase,
    first_issue_after,
    held_about,
    paused_until,
    prefer,
)
from newsletter.publishing.readers.stamps import Stamps, stamps_of
from newsletter.store import Confirmed

__all__ = [
    "Asked",
    "Chosen",
    "Confirmed",
    "Expired",
    "Links",
    "Purpose",
    "SignUp",
    "Stamps",
    "ask_to_join",
    "confirm",
    "erase",
    "first_issue_after",
    "forget_unconfirmed",
    "held_about",
    "is_first_name",
    "leave",
    "links_of",
    "paused_until",
    "prefer",
    "read_sign_up",
    "say_why",
    "send_letters",
    "stamps_of",
    "undo_leaving",
]
