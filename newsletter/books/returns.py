"""What came back of what was sent: of which kind it is, whose, and what was made of it.

A reply in the session is not a return: that is an attempt's. What comes back does so later, to the
reverse-path or to the unsubscribe address, and a delivery that was accepted stays accepted: that it
was returned is said beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReturnKind(StrEnum):
    """What a message that came back says of one recipient.

    Hard: no such mailbox or domain. Soft: full, over quota, anything that may pass. Blocked:
    policy, content, reputation, which is the sender's matter and never the reader's.
    """

    HARD = "hard"
    SOFT = "soft"
    BLOCKED = "blocked"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto-reply"
    CHALLENGE = "challenge"
    UNSUBSCRIBE = "unsubscribe"
    UNKNOWN = "unknown"

    @property
    def is_bounce(self) -> bool:
        return self in BOUNCES


BOUNCES = (ReturnKind.HARD, ReturnKind.SOFT, ReturnKind.BLOCKED)


class ReturnEffect(StrEnum):
    """What was made of it.

    Counted: one more against a reader whose mailbox may yet work. Noted: known whose, and nothing
    to do. Repeated: the same was said before. Shown: nothing proves whose it is, so that a person
    may look at it, and nothing else is made of it.
    """

    SUPPRESSED = "suppressed"
    UNSUBSCRIBED = "unsubscribed"
    COUNTED = "counted"
    NOTED = "noted"
    REPEATED = "repeated"
    SHOWN = "shown"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewReturn:
    """What one message says of one recipient, and what is to be made of it.

    `delivery_id`, `issue` and `recipient_key` are None and empty where it is not proven whose it
    is; `named` is then what the message itself claims. `reason` is in the server's words. What is
    not `is_final`, a delay, never counts.
    """

    kind: ReturnKind
    effect: ReturnEffect
    how: str
    delivery_id: int | None = None
    issue: str = ""
    recipient_key: str = ""
    named: str = ""
    code: int | None = None
    enhanced_code: str = ""
    reason: str = ""
    is_final: bool = True

    @property
    def words(self) -> str:
        """`hard: 550 5.1.1 no such user`; the kind alone where nothing was said."""
        delay = "" if self.is_final else " (a delay)"
        return f"{self.kind.value}{delay}" + (f": {self.said}" if self.said else "")

    @property
    def said(self) -> str:
        """What the server said."""
        return with_codes(self.reason, self.code, self.enhanced_code)


def with_codes(reason: str, code: int | None, enhanced_code: str) -> str:
    """A server's words behind its codes, each of them once.

    >>> with_codes("550 no such user", 550, "5.1.1"), with_codes("", 550, "")
    ('5.1.1 550 no such user', '550')
    """
    begins = reason[:40]
    codes = [str(each) for each in (code, enhanced_code) if each and str(each) not in begins]
    return " ".join([*codes, reason]).strip()


@dataclass(frozen=True, kw_only=True, slots=True)
class Return:
    """The same as the books have it; `message_id` is the message's number in them."""

    id: int
    message_id: int
    read_at: datetime
    source: str
    told: NewReturn


@dataclass(frozen=True, kw_only=True, slots=True)
class NewMessage:
    """A message that came back, before it is written down.

    `digest` is the SHA-256 of all of it, `size` its octets; `content` is as much of it as is kept.
    """

    digest: str
    source: str
    subject: str
    size: int
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnedMessage:
    """A message that came back, as it is shown; `content` is None once it was thrown away."""

    id: int
    read_at: datetime
    source: str
    subject: str
    size: int
    content: bytes | None
    returns: Sequence[Return]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which returns somebody means, the newest first; what is empty leaves nobody out."""

    kinds: Sequence[ReturnKind] = ()
    effects: Sequence[ReturnEffect] = ()
    issue: str = ""
    recipient_key: str = ""
    since: datetime | None = None
    most: int = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnFigures:
    """How many deliveries of an issue, or of several, came back, each counted once for each kind.

    `returned` are those with a bounce of any kind: they were accepted, and later returned.
    """

    returned: int
    kinds: dict[ReturnKind, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class MailboxMark:
    """How far a mailbox was read: its UIDVALIDITY, and the last UID (RFC 3501, 2.3.1.1)."""

    validity: int
    uid: int
