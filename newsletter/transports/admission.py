"""What no transport lets out: envelopes and contents that a server would take for something else.

Knows the octets that break a command line (RFC 5321, 4.1.2) or a line of content (2.3.8, 4.5.2,
4.5.3.1.6); whether the message is a good one is left to `newsletter.message`. It is checked here
once more because the price is microseconds and the harm (a smuggled mail) is not ours to bear.
"""

from functools import lru_cache

from newsletter.errors import MessageError
from newsletter.transports.base import Envelope

MAX_ADDRESS = 254
"""Octets; RFC 5321, 4.5.3.1.3 allows a path of 256 with its angle brackets."""

MAX_LINE = 998
"""Octets without the line end; RFC 5322, 2.1.1."""


def admit(envelope: Envelope, content: bytes) -> None:
    """Raise MessageError for an envelope or content that must not reach any wire or disk."""
    admit_envelope(envelope)
    fault = _fault(content)
    if fault is None and not (content.isascii() or needs_smtputf8(envelope)):
        fault = "it holds octets above 127 though no address asks for them"
    if fault is not None:
        raise MessageError(
            f"the message is not canonical: {fault}",
            where=envelope.recipient,
            next_step="compose it again; nothing was handed over",
        )


def admit_envelope(envelope: Envelope) -> None:
    """Raise MessageError for addresses that must not stand in any command."""
    if envelope.reverse_path:
        _admit_address(envelope.reverse_path, "reverse-path")
    _admit_address(envelope.recipient, "recipient")


def needs_smtputf8(envelope: Envelope) -> bool:
    """True where an address is not ASCII, so that the server must offer SMTPUTF8 (RFC 6531)."""
    return not (envelope.recipient.isascii() and envelope.reverse_path.isascii())


@lru_cache(maxsize=1024)  # each is asked about when it is announced, and when its message comes
def _admit_address(address: str, what: str) -> None:
    local_part, _, domain = address.rpartition("@")
    # isprintable is false for every control, separator and lone surrogate, but not for the space.
    sound = address.isprintable() and not (" " in address or "<" in address or ">" in address)
    if not (sound and local_part and domain) or address.startswith("@"):
        raise MessageError(
            f"the {what} is not an address that may go into a command",
            where=ascii(address),
            next_step="mend or remove the address",
        )
    if len(address.encode()) > MAX_ADDRESS:
        raise MessageError(
            f"the {what} is longer than {MAX_ADDRESS} octets",
            where=ascii(address),
            next_step="mend or remove the address",
        )


def _fault(content: bytes) -> str | None:
    ends = content.count(b"\r\n")
    if content.count(b"\r") != ends or content.count(b"\n") != ends:
        return "a line ends in a bare CR or LF"
    if not content.endswith(b"\r\n"):
        return "its last line has no end"
    if b"\x00" in content:
        return "it holds a NUL"
    if _has_long_line(content):
        return f"a line is longer than {MAX_LINE} octets"
    return None


def _has_long_line(content: bytes) -> bool:
    """Hop from line end to line end, as far as a line may be long: 40 hops for 40 kB."""
    start = 0
    while start < len(content):
        end = content.rfind(b"\n", start, start + MAX_LINE + 2)
        if end == -1:
            return True
        start = end + 1
    return False
