"""A session with a relay: message after message on one connection, and a fresh one in time.

What is said for a message is left to `smtp_transaction`, how a connection is made to `smtp`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from newsletter.errors import MessageError, RelayFault, SessionLost
from newsletter.transports.admission import admit_envelope
from newsletter.transports.base import BeforeContent, Envelope, Reply
from newsletter.transports.place import Encryption
from newsletter.transports.smtp_content import Contents
from newsletter.transports.smtp_transaction import MailTransaction
from newsletter.transports.smtp_wire import SmtpWire

_QUIT_SECONDS = 5.0

Connect = Callable[[], Awaitable[tuple[SmtpWire, MailTransaction]]]


class SmtpSession:
    """One connection at a time; after `messages` transactions it is exchanged for a fresh one.

    `is_alone` says whether the relay has no other session of ours open.
    """

    def __init__(
        self,
        wire: SmtpWire,
        transaction: MailTransaction,
        *,
        connect: Connect,
        messages: int,
        forget: Callable[["SmtpSession"], None],
        is_alone: Callable[[], bool] = lambda: True,
    ) -> None:
        self._wire = wire
        self._transaction = transaction
        self._connect = connect
        self._messages = messages
        self._forget = forget
        self._is_alone = is_alone
        self._carried = 0
        self._contents = Contents()

    async def deliver(
        self,
        envelope: Envelope,
        content: bytes,
        *,
        before_content: BeforeContent,
        following: Envelope | None = None,
    ) -> Reply:
        if envelope is not self._transaction.announced:  # which was admitted when it was announced
            admit_envelope(envelope)
        admitted = self._contents.admitted(envelope, content)
        is_promised = self._transaction.announced not in (None, envelope)
        if is_promised:
            self._wire.kill("another message was announced")
        if is_promised or self._is_used_up:
            await self._renew()
        self._carried += 1
        try:
            return await self._transaction.run(
                envelope,
                content,
                admitted,
                before_content=before_content,
                following=self._to_announce(following),
            )
        except asyncio.CancelledError:
            self._wire.kill("the delivery was broken off")
            raise

    async def close(self) -> None:
        """Say QUIT; where a message was announced that never came, only hang up."""
        self._forget(self)
        if self._transaction.announced is not None:
            self._wire.kill("the announced message was not sent")
        await self._say_goodbye()

    @property
    def encryption(self) -> Encryption | None:
        """How the connection of this moment is protected; None where it is in the clear."""
        return self._wire.encryption

    @property
    def _is_used_up(self) -> bool:
        """Whether it has carried its number, or we broke it off; one that died is told as lost."""
        is_full = self._carried >= self._messages and not self._wire.is_dead
        return is_full or self._transaction.was_broken_off

    def _to_announce(self, following: Envelope | None) -> Envelope | None:
        """None where the next message is not for this connection, or is not to be let out."""
        if following is None or self._carried >= self._messages:
            return None
        try:
            admit_envelope(following)
        except MessageError:
            return None  # it is said when its own turn comes
        return following

    async def _renew(self) -> None:
        """Raises SessionLost where the relay takes no new one and others are open: a limit."""
        await self._say_goodbye()
        try:
            self._wire, self._transaction = await self._connect()
        except RelayFault as fault:
            if self._is_alone():
                raise
            raise SessionLost(fault.what, where=fault.where, next_step=fault.next_step) from fault
        self._carried = 0

    async def _say_goodbye(self) -> None:
        with suppress(SessionLost):
            self._wire.send(b"QUIT\r\n")
            await self._wire.read_reply(seconds=_QUIT_SECONDS)
        await self._wire.close()
