"""The words of a scripted relay: its stages, the faults it can play, and when it plays them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Every place in a session at which a relay can go wrong, in the order of a session."""

    CONNECT = "connect"
    BANNER = "banner"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    TLS_HANDSHAKE = "tls-handshake"
    EHLO_AFTER_TLS = "ehlo-after-tls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data-354"
    BODY = "body"
    FINAL_DOT = "final-dot"
    RSET = "rset"
    QUIT = "quit"
    IDLE = "idle"


class Fault(StrEnum):
    """What the relay does there in place of the usual reply."""

    FIN = "closes the connection"
    RST = "resets the connection"
    SILENCE = "says nothing more"
    DRIP = "drips a reply without end"
    BYTEWISE = "answers byte by byte"
    GARBAGE = "answers garbage"
    OVERSIZED = "answers a line without end"
    ENDLESS = "answers with continuation lines for ever"
    MIXED = "mixes two reply codes in one reply"
    WRONG = "answers with a code that has no meaning there"
    HALF = "closes in the middle of a reply"
    TRANSIENT = "answers 4yz"
    PERMANENT = "answers 5yz"
    POLICY = "answers 5yz with a policy code"
    UNAVAILABLE = "answers 421 and closes"
    TWICE = "answers twice"
    CRASHING = "answers, then closes at once"
    LOST = "offers nothing any more"
    INJECTED = "adds replies in the clear before TLS"
    SELF_SIGNED = "shows a certificate signed by itself"
    EXPIRED = "shows a certificate that has expired"
    NOT_YET = "shows a certificate of tomorrow"
    OTHER_NAME = "shows a certificate for another name"
    UNKNOWN_AUTHORITY = "shows a certificate of an unknown authority"
    OLD_TLS = "speaks TLS 1.1 at most"


BAD_CERTIFICATES = (
    Fault.SELF_SIGNED,
    Fault.EXPIRED,
    Fault.NOT_YET,
    Fault.OTHER_NAME,
    Fault.UNKNOWN_AUTHORITY,
    Fault.OLD_TLS,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """One fault at one stage; `plays` says at which of the stage's occurrences, from 0."""

    stage: Stage
    fault: Fault
    plays: Callable[[int], bool] = lambda occurrence: occurrence == 0


def always(occurrence: int) -> bool:
    return True


def second(occurrence: int) -> bool:
    return occurrence == 1


USUAL = {
    Stage.BANNER: b"220 peer.example ESMTP\r\n",
    Stage.STARTTLS: b"220 2.0.0 go ahead\r\n",
    Stage.AUTH: b"235 2.7.0 welcome\r\n",
    Stage.MAIL: b"250 2.1.0 ok\r\n",
    Stage.RCPT: b"250 2.1.5 ok\r\n",
    Stage.DATA: b"354 go ahead\r\n",
    Stage.FINAL_DOT: b"250 2.0.0 taken\r\n",
    Stage.RSET: b"250 2.0.0 flushed\r\n",
    Stage.QUIT: b"221 2.0.0 bye\r\n",
}

# What a fault makes of the usual reply, for those that are but another reply.
OCTETS: dict[Fault, Callable[[bytes], bytes]] = {
    Fault.GARBAGE: lambda usual: b"\x16\x03\x01\xff garbage \x00\r\n",
    Fault.OVERSIZED: lambda usual: usual[:3] + b" " + b"x" * 200_000,
    Fault.MIXED: lambda usual: usual[:3] + b"-first\r\n550 second\r\n",
    Fault.WRONG: lambda usual: b"300 wrong\r\n" if usual[:1] == b"2" else b"250 2.0.0 wrong\r\n",
    Fault.HALF: lambda usual: usual[:3] + b"-and more is to c",
    Fault.TRANSIENT: lambda usual: b"451 4.3.0 not now\r\n",
    Fault.PERMANENT: lambda usual: b"550 5.1.1 no\r\n",
    Fault.POLICY: lambda usual: b"550 5.7.1 your kind is not wanted here\r\n",
    Fault.UNAVAILABLE: lambda usual: b"421 4.3.2 closing\r\n",
    Fault.TWICE: lambda usual: usual + b"250 2.0.0 and again\r\n",
    Fault.CRASHING: lambda usual: usual,
    Fault.INJECTED: lambda usual: usual + b"250-evil\r\n250 SIZE 1\r\n250 2.1.0 ok\r\n",
}
THEN_CLOSES = frozenset({Fault.HALF, Fault.UNAVAILABLE, Fault.CRASHING})
