"""The door of the mailboxes that what comes back lies in: a Maildir, an mbox, IMAP.

They are read, and nothing else: no message is deleted, moved or marked. How far a mailbox was read
is a mark, which whoever reads keeps; what is read twice is known by its bytes.
"""

from newsletter.bounces.read.found import MAX_OCTETS, Found, Mailbox
from newsletter.bounces.read.source import Source, SourceKind, parse_source

__all__ = [
    "MAX_OCTETS",
    "Found",
    "Mailbox",
    "Source",
    "SourceKind",
    "open_mailbox",
    "parse_source",
]


def open_mailbox(source: Source, password: str = "") -> Mailbox:
    """The mailbox of a source; a context manager. Raises MailboxError, MissingExtraError."""
    match source.kind:
        case SourceKind.MAILDIR:
            from newsletter.bounces.read.maildir import Maildir

            return Maildir(source)
        case SourceKind.MBOX:
            from newsletter.bounces.read.mbox import Mbox

            return Mbox(source)
        case SourceKind.IMAP:
            from newsletter.bounces.read.imap import Imap

            return Imap(source, password)
