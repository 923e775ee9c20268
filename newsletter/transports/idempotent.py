"""A relay that knows a message again: `?idempotency=Resend-Idempotency-Key` (or its own name).

Puts one header field at the top of the content, outside of what DKIM has signed. Its value is the
Message-ID's left side: our MAC of list, issue and recipient, the same on every attempt. What the
relay does with it, and for how long, stands in the relay's own documentation.
"""

import re

from newsletter.errors import MessageError
from newsletter.transports.base import BeforeContent, Envelope, Reply, Session, Transport
from newsletter.transports.wrapped import WrappedTransport

MAX_KEY = 256
"""Characters, as Resend, JetEmail and others have it."""

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([!-;=?A-~]+)@", re.IGNORECASE | re.MULTILINE)


class IdempotentTransport(WrappedTransport):
    """Another transport whose relay gives the earlier reply to a message that it has already.

    A recipient in doubt may so be sent the message again, while the relay remembers it.
    """

    def __init__(self, inner: Transport, field_name: str) -> None:
        super().__init__(inner)
        self._field_name = field_name

    @property
    def is_idempotent(self) -> bool:
        return True

    async def open(self) -> "IdempotentSession":
        return IdempotentSession(await self.inner.open(), self._field_name)


class IdempotentSession:
    def __init__(self, inner: Session, field_name: str) -> None:
        self._inner = inner
        self._field_name = field_name

    async def deliver(
        self,
        envelope: Envelope,
        content: bytes,
        *,
        before_content: BeforeContent,
        following: Envelope | None = None,
    ) -> Reply:
        return await self._inner.deliver(
            envelope,
            with_key(self._field_name, content, envelope),
            before_content=before_content,
            following=following,
        )

    async def close(self) -> None:
        await self._inner.close()


def with_key(field_name: str, content: bytes, envelope: Envelope) -> bytes:
    """The content with its key on top. Raises MessageError where no Message-ID gives one."""
    found = _MESSAGE_ID.search(content, 0, content.find(b"\r\n\r\n") + 2)
    if found is None or len(found[1]) > MAX_KEY:
        raise MessageError(
            f"no Message-ID to use as its {field_name}",
            where=envelope.recipient,
            next_step="compose it again; nothing was handed over",
        )
    return f"{field_name}: ".encode() + found[1] + b"\r\n" + content
