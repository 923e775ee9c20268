"""The octets of a mail transaction's commands, as the relay's offers allow (RFC 5321, 4.1.1).

Knows parameters and line ends; when a command is sent is left to `smtp_transaction`.
"""

import re
from collections.abc import Mapping

from newsletter.transports.admission import needs_smtputf8
from newsletter.transports.base import Envelope

DATA = b"DATA\r\n"
RSET = b"RSET\r\n"
FINAL_DOT = b".\r\n"
"""Sent after a content, whose last line has its end already (RFC 5321, 4.1.1.4)."""

_TO_XTEXT = re.compile(r"[^!-*,-<>-~]")
"""All that may not stand for itself: what is not printable, `+`, `=` (RFC 3461, 4)."""

Extensions = Mapping[str, str]
"""What the relay offered to EHLO: keywords in lower case, each with its parameters."""


def mail_command(envelope: Envelope, extensions: Extensions, *, size: int | None = None) -> bytes:
    """MAIL; `size` in octets where the content is known by now (RFC 1870), else it is not said.

    An envelope that needs SMTPUTF8 asks for 8BITMIME too: its content may have the address in it
    (RFC 6531, 3.1 has the relay offer both).
    """
    return f"{_mail(envelope, extensions, size)}\r\n".encode()


def rcpt_command(envelope: Envelope, extensions: Extensions) -> bytes:
    return f"{_rcpt(envelope, extensions)}\r\n".encode()


def packet(envelope: Envelope, extensions: Extensions, *, size: int | None = None) -> bytes:
    """MAIL, RCPT and DATA, for a relay that takes them together (RFC 2920, 3.1)."""
    mail, rcpt = _mail(envelope, extensions, size), _rcpt(envelope, extensions)
    return f"{mail}\r\n{rcpt}\r\nDATA\r\n".encode()


def _mail(envelope: Envelope, extensions: Extensions, size: int | None) -> str:
    parameters = f" SIZE={size}" if size is not None and "size" in extensions else ""
    if needs_smtputf8(envelope):
        parameters += " BODY=8BITMIME SMTPUTF8"
    if envelope.envelope_id and "dsn" in extensions:
        parameters += f" RET=HDRS ENVID={_xtext(envelope.envelope_id)}"
    return f"MAIL FROM:<{envelope.reverse_path}>{parameters}"


def _rcpt(envelope: Envelope, extensions: Extensions) -> str:
    """A relay that knows of reports hears of failures only: no report of a delay is of any use.

    The address as we have it goes along, and comes back by whatever others it was forwarded to;
    but for one that is not ASCII (RFC 6533 has a form for those, which few relays know).
    """
    recipient = envelope.recipient
    if not (envelope.envelope_id and "dsn" in extensions):
        return f"RCPT TO:<{recipient}>"
    original = f" ORCPT=rfc822;{_xtext(recipient)}" if recipient.isascii() else ""
    return f"RCPT TO:<{recipient}> NOTIFY=FAILURE{original}"


def _xtext(text: str) -> str:
    """ASCII as a parameter's value (RFC 3461, 4).

    >>> _xtext("ada+news@example.com")
    'ada+2Bnews@example.com'
    """
    if text.isalnum():  # as nearly all ids are
        return text
    return _TO_XTEXT.sub(lambda found: f"+{ord(found[0]):02X}", text)


def stuffed(content: bytes) -> bytes:
    """The content with a dot doubled at every line's start (RFC 5321, 4.5.2)."""
    doubled = content.replace(b"\r\n.", b"\r\n..")
    return b"." + doubled if doubled.startswith(b".") else doubled
