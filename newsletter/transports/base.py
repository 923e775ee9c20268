"""The seam between us and whoever carries a message: two small protocols and their values.

A transport opens sessions; a session delivers one message to one recipient at a time and answers
with a reply. What the reply means for the books is read off it here (RFC 5321, 4.2.1), so that
every transport is understood alike. What to do about it is left to `newsletter.delivery`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self, TextIO

from newsletter.clock import Clock
from newsletter.transports.tokens import TokenSource


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What a transport may need of the world besides its URL.

    `token` is where tokens come from, for a relay that wants one in place of a password.
    """

    clock: Clock
    stdout: TextIO | None = None
    token: TokenSource | None = None


SERVICE_NOT_AVAILABLE = 421
"""RFC 5321, 3.8 and 4.2.3: the server closes the connection, whatever was asked."""

AUTHENTICATION_REQUIRED = 530
"""RFC 4954, 6: nobody is heard here who has not said who they are."""


class Stage(StrEnum):
    """Where in the mail transaction a reply was given."""

    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    FINAL_DOT = "final-dot"


class Verdict(StrEnum):
    """What a reply means for its one recipient."""

    ACCEPTED = "accepted"
    TRANSIENT = "transient"
    PERMANENT = "permanent"
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """Who a message is from and for, to the server (RFC 5321, 2.3.1); never read off the headers.

    Both are addr-specs; an empty reverse-path is the null one of a notification. By `envelope_id`
    a report names what it is about (RFC 3461, 4.4), printable and without blanks. Where there is
    one, a relay that knows of reports is asked for those of failures, without the content.
    """

    reverse_path: str
    recipient: str
    envelope_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What the server said. `code` is None where the content went out and no reply came back.

    `enhanced_code` is RFC 3463's ("5.1.1"), "" where none was given. `text` is on one line.
    `transport` names the one of several that carried the message, "" where there is but one.
    """

    code: int | None
    enhanced_code: str
    text: str
    stage: Stage
    transport: str = ""

    @property
    def verdict(self) -> Verdict:
        """By the reply code alone (RFC 5321, 4.2.1); an unheard reply is a doubt (RFC 1047)."""
        return _VERDICTS.get((self.code or 0) // 100, Verdict.IN_DOUBT)

    @property
    def ends_session(self) -> bool:
        """True where nothing more can be said over the session that gave it."""
        return self.code == SERVICE_NOT_AVAILABLE or self.verdict is Verdict.IN_DOUBT


_VERDICTS = {2: Verdict.ACCEPTED, 4: Verdict.TRANSIENT, 5: Verdict.PERMANENT}


BeforeContent = Callable[[], Awaitable[None]]
"""Awaited at the last moment at which nobody can have the message yet.

When it returns, the journal durably says that the recipient may have it. If it raises, the
session must not send the final dot, or whatever else makes the content a message.
"""


class Session(Protocol):
    """One connection. Not for two tasks at a time."""

    async def deliver(
        self,
        envelope: Envelope,
        content: bytes,
        *,
        before_content: BeforeContent,
        following: Envelope | None = None,
    ) -> Reply:
        """Hand over one message for one recipient.

        `content` is canonical RFC 5322: CRLF line ends only, no dot-stuffing yet.

        `following` promises that this session's next message is for that envelope, so that a
        transport can save a round trip by announcing it with the end of this one (RFC 2920);
        others ignore it. Nothing of its content is sent. A promise may be broken: when another
        message comes, or the session is closed, what was announced is dropped unsent.

        Returns the reply that settles the recipient: of RCPT when it was refused there, else of
        the final dot. Raises SessionLost when the connection ended before the content could have
        been taken, RelayFault when the server refuses us rather than the recipient.
        """
        ...

    async def close(self) -> None:
        """End the session politely; never raises."""
        ...


class Transport(Protocol):
    """What carries messages, made from a transport URL; used as an async context manager."""

    @property
    def name(self) -> str:
        """The transport URL with its password masked, for people and the journal."""
        ...

    @property
    def connections(self) -> int:
        """How many sessions may be open at once, at most."""
        ...

    @property
    def rate(self) -> float | None:
        """Messages per second at most, over all sessions; None is no ceiling of ours."""
        ...

    @property
    def is_idempotent(self) -> bool:
        """True where a message that was handed over twice is still delivered once, for a time."""
        ...

    async def open(self) -> Session:
        """A new session, ready for a message. Raises RelayFault when there can be none."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...
