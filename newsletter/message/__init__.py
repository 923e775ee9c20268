"""The door of the message room: compile an issue into a message, compose it for each reader."""

from newsletter.message.composer import Composer, Content, PartSizes, Reader
from newsletter.message.headers import Sender
from newsletter.message.scan import scan_message

__all__ = ["Composer", "Content", "PartSizes", "Reader", "Sender", "scan_message"]
