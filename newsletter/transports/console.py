"""The transport `console:`: shows the envelope, the subject and the text part of every message.

It decodes as a reader's program would, with the email package. Nothing is kept and nobody gets
anything, so an accepted reply here means "shown".
"""

import re
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TextIO

from newsletter.errors import RelayFault
from newsletter.transports.admission import admit
from newsletter.transports.base import BeforeContent, Envelope, Reply, Stage, Surroundings
from newsletter.transports.named import NamedByURL
from newsletter.transports.url import TransportURL

# What a terminal would obey rather than show; line ends and tabs are its daily bread.
_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class ConsoleTransport(NamedByURL):
    def __init__(self, url: TransportURL, surroundings: Surroundings) -> None:
        super().__init__(url)
        self._stdout = surroundings.stdout or sys.stdout

    async def open(self) -> "ConsoleSession":
        return ConsoleSession(self._stdout)


class ConsoleSession:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    async def deliver(
        self,
        envelope: Envelope,
        content: bytes,
        *,
        before_content: BeforeContent,
        following: Envelope | None = None,
    ) -> Reply:
        del following
        admit(envelope, content)
        shown = _show(envelope, content)
        await before_content()
        try:
            self._stream.write(shown)
            self._stream.flush()
        except OSError as error:
            raise RelayFault(
                f"cannot be written to: {error.strerror or error}",
                where="console:",
                next_step="choose another transport",
            ) from error
        return Reply(code=250, enhanced_code="2.0.0", text="shown", stage=Stage.FINAL_DOT)

    async def close(self) -> None:
        return None


def _show(envelope: Envelope, content: bytes) -> str:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    lines = (
        f"MAIL FROM  <{envelope.reverse_path}>",
        f"RCPT TO    <{envelope.recipient}>",
        f"Subject    {message.get('Subject', '')}",
        "",
        _text_part(message),
        "-" * 72,
    )
    return _COMMANDS.sub("\ufffd", "\n".join(lines)) + "\n"


def _text_part(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    if part is None:
        return "(no text part)"
    octets = part.get_payload(decode=True)
    assert isinstance(octets, bytes)
    try:
        text = octets.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        text = octets.decode("ascii", "replace")
    return text.replace("\r\n", "\n").rstrip("\n")
