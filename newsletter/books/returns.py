"""What came back of what was sent: of which kind it is, whose, and what was made of it.

A reply in the session is not a return: that is an attempt's. What comes back does so later, to the
reverse-path or to the unsubscribe address, and a delivery that was accepted stays accepted: that it
was returned is said beside it.
"""

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
        return self in (ReturnKind.HARD, ReturnKind.SOFT, ReturnKind.BLOCKED)


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
class Return:
    """One recipient of one message that came back, as the books have it.

    `issue` and `recipient_key` are empty where it is not proven whose it is; `named` is then what
    the message itself claims. `reason` is in the server's words. What is not `is_final`, a delay,
    never counts.
    """

    id: int
    message_id: int
    read_at: datetime
    source: str
    kind: ReturnKind
    effect: ReturnEffect
    how: str
    issue: str
    recipient_key: str
    named: str
    code: int | None
    enhanced_code: str
    reason: str
    is_final: bool
