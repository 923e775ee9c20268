"""The door of the message room: compile an issue into a message, compose it for each reader."""

from newsletter.message.composer import Composer, Content, PartSizes, Reader
from newsletter.message.dkim import Signer, check_alignment, is_selector
from newsletter.message.dkim_key import Algorithm, DkimKey, new_key, read_key, record_strings
from newsletter.message.headers import Sender
from newsletter.message.scan import scan_message

__all__ = [
    "Algorithm",
    "Composer",
    "Content",
    "DkimKey",
    "PartSizes",
    "Reader",
    "Sender",
    "Signer",
    "check_alignment",
    "is_selector",
    "new_key",
    "read_key",
    "record_strings",
    "scan_message",
]
