"""What a message that came back was understood to say, before anybody knows whose it is.

Everything in here was written by strangers. An address that a message names is a claim; what is
proven by a MAC of ours is found in the clues, and settled where the keys are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from newsletter.books import ReturnKind


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnedRecipient:
    """One recipient of whom the message tells.

    `address` is as the message names it, with its domain in lower case, "" where it names nobody.
    `code` is a reply code (RFC 5321, 4.2), `enhanced_code` as in RFC 3463 or "". `reason` is one
    line in the server's words. A delay is not `is_final`.
    """

    address: str
    kind: ReturnKind
    code: int | None = None
    enhanced_code: str = ""
    reason: str = ""
    is_final: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Vouching:
    """That `server` found a `method` (dkim, spf, dmarc) to pass for a `domain` (RFC 8601, 2.2).

    Anybody may write such a field: it counts from a server of ours alone, and who that is must be
    told.
    """

    server: str
    method: str
    domain: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Clues:
    """What may prove whose it is. All of it is unproven here, and in the order it was found.

    `addressed_to` are addresses that the message itself came to, that of its envelope first.
    The others come from the copy of our message that it carries, or from its fields about it:
    `reverse_paths`, `message_ids` without brackets, `unsubscribe_tokens` (first that by which the
    message itself asks to leave), `envelope_ids` (RFC 3461, 4.4), `sent_to`, whom we wrote to, of
    whom the message may tell by another address behind theirs. `author` is who wrote the message
    itself, and `authenticated` what servers on its way found to vouch for it, the last one's first.
    """

    addressed_to: Sequence[str] = ()
    reverse_paths: Sequence[str] = ()
    message_ids: Sequence[str] = ()
    unsubscribe_tokens: Sequence[str] = ()
    envelope_ids: Sequence[str] = ()
    sent_to: Sequence[str] = ()
    author: str = ""
    authenticated: Sequence[Vouching] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Understanding:
    """`kind` is that of the whole: that of its recipients where they agree, else the gravest.

    `how` says by what it was understood: a standard, or the name of a form. `subject` is for people
    who are shown it.
    """

    kind: ReturnKind
    recipients: Sequence[ReturnedRecipient] = ()
    how: str = ""
    subject: str = ""
    clues: Clues = field(default_factory=Clues)
