"""The octets of a mail transaction's commands, as the relay's offers allow (RFC 5321, 4.1.1).

Knows parameters and line ends; when a command is sent is left to `smtp_transaction`.
"""

from collections.abc import Mapping

from newsletter.transports.admission import needs_smtputf8
from newsletter.transports.base import Envelope

DATA = b"DATA\r\n"
RSET = b"RSET\r\n"
FINAL_DOT = b".\r\n"
"""Sent after a content, whose last line has its end already (RFC 5321, 4.1.1.4)."""

_RCPT = b"RCPT TO:<"
_RCPT_END_AND_DATA = b">\r\nDATA\r\n"

Extensions = Mapping[str, str]
"""What the relay offered to EHLO: keywords in lower case, each with its parameters."""


def mail_command(envelope: Envelope, extensions: Extensions, *, size: int | None = None) -> bytes:
    """MAIL; `size` in octets where the content is known by now (RFC 1870), else it is not said.

    An envelope that needs SMTPUTF8 asks for 8BITMIME too: its content may have the address in it
    (RFC 6531, 3.1 has the relay offer both).
    """
    parameters = f" SIZE={size}" if size is not None and "size" in extensions else ""
    if needs_smtputf8(envelope):
        parameters += " BODY=8BITMIME SMTPUTF8"
    return f"MAIL FROM:<{envelope.reverse_path}>{parameters}\r\n".encode()


def packet(envelope: Envelope, extensions: Extensions, *, size: int | None = None) -> bytes:
    """MAIL, RCPT and DATA, for a relay that takes them together (RFC 2920, 3.1)."""
    return mail_command(envelope, extensions, size=size) + rcpt_command(envelope) + DATA


class Announcement:
    """MAIL, RCPT and DATA as one packet, for envelopes of which the size is not known yet.

    What is the same for all recipients of one reverse-path is put together once.
    """

    def __init__(self, extensions: Extensions) -> None:
        self._extensions = extensions
        self._reverse_path = ""
        self._mail = b""

    def of(self, envelope: Envelope) -> bytes:
        recipient = envelope.recipient
        if not recipient.isascii():
            return packet(envelope, self._extensions)
        if envelope.reverse_path != self._reverse_path or not self._mail:
            self._reverse_path = envelope.reverse_path
            self._mail = mail_command(envelope, self._extensions) + _RCPT
        return b"%b%b%b" % (self._mail, recipient.encode(), _RCPT_END_AND_DATA)


def rcpt_command(envelope: Envelope) -> bytes:
    return f"RCPT TO:<{envelope.recipient}>\r\n".encode()


def stuffed(content: bytes) -> bytes:
    """The content with a dot doubled at every line's start (RFC 5321, 4.5.2)."""
    doubled = content.replace(b"\r\n.", b"\r\n..")
    return b"." + doubled if doubled.startswith(b".") else doubled
