"""Hands over single messages that no journal knows: tests, alerts, letters to readers.

One session carries them one after the other while it lasts. What becomes of each is its caller's to
write down.
"""

from types import TracebackType
from typing import Self

from newsletter.errors import SessionLost
from newsletter.transports import Envelope, Reply, Session, Stage, Transport

MOST = 50
"""Messages on one session; many relays end one after a hundred."""


class Courier:
    """A context manager over an open transport. For one task at a time."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._session: Session | None = None
        self._handed = 0

    async def deliver(self, envelope: Envelope, content: bytes) -> Reply:
        """The relay's word. A session lost before the content could be taken is a reply too.

        Raises RelayFault where the relay refuses us as such.
        """
        is_fresh = self._session is None
        reply = await self._try(envelope, content)
        if reply.code is None and reply.stage is Stage.MAIL and not is_fresh:
            return await self._try(envelope, content)  # an idle session is lost without a fault
        return reply

    async def _try(self, envelope: Envelope, content: bytes) -> Reply:
        if self._session is None:
            self._session = await self._transport.open()
        try:
            reply = await self._session.deliver(
                envelope, content, before_content=_nothing_to_record
            )
        except SessionLost as lost:
            await self.leave()
            return Reply(code=None, enhanced_code="", text=lost.what, stage=Stage.MAIL)
        except BaseException:
            await self.leave()
            raise
        self._handed += 1
        if reply.ends_session or self._handed >= MOST:
            await self.leave()
        return reply

    async def leave(self) -> None:
        """End the session; the next message has a new one."""
        session, self._session, self._handed = self._session, None, 0
        if session is not None:
            await session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.leave()


async def deliver_once(transport: Transport, envelope: Envelope, content: bytes) -> Reply:
    """Hand over one message. Raises as `Courier.deliver` does."""
    async with Courier(transport) as courier:
        return await courier.deliver(envelope, content)


async def _nothing_to_record() -> None:
    return None
