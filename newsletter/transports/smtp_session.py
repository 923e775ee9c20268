"""A session with a relay: message after message on one connection, and a fresh one in time.

What is said for a message is left to `smtp_transaction`, how a connection is made to `smtp`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from newsletter.errors import SessionLost
from newsletter.transports.admission import admit
from newsletter.transports.base import BeforeContent, Envelope, Reply
from newsletter.transports.smtp_transaction import MailTransaction
from newsletter.transports.smtp_wire import SmtpWire

_QUIT_SECONDS = 5.0

Connect = Callable[[], Awaitable[tuple[SmtpWire, MailTransaction]]]


class SmtpSession:
    """One connection at a time; after `messages` transactions it is exchanged for a fresh one."""

    def __init__(
        self,
        wire: SmtpWire,
        transaction: MailTransaction,
        *,
        connect: Connect,
        messages: int,
        forget: Callable[["SmtpSession"], None],
    ) -> None:
        self._wire = wire
        self._transaction = transaction
        self._connect = connect
        self._messages = messages
        self._forget = forget
        self._carried = 0

    async def deliver(
        self, envelope: Envelope, content: bytes, *, before_content: BeforeContent
    ) -> Reply:
        admit(envelope, content)
        if self._carried >= self._messages and not self._wire.is_dead:
            await self._renew()
        self._carried += 1
        try:
            return await self._transaction.run(envelope, content, before_content=before_content)
        except asyncio.CancelledError:
            self._wire.kill("the delivery was broken off")
            raise

    async def close(self) -> None:
        self._forget(self)
        await self._say_goodbye()

    async def _renew(self) -> None:
        await self._say_goodbye()
        self._wire, self._transaction = await self._connect()
        self._carried = 0

    async def _say_goodbye(self) -> None:
        with suppress(SessionLost):
            self._wire.send(b"QUIT\r\n")
            await self._wire.read_reply(seconds=_QUIT_SECONDS)
        await self._wire.close()
