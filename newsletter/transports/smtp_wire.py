"""One connection to a relay, from the moment it is ready for mail: octets out, whole replies in.

Takes over a connection that was made, encrypted and logged in by others. A reply has one deadline
for the whole of it; silence, an octet that was not asked for or a reply that is none ends the
connection for good, because the next reply could be taken for another's. What is said over it is
left to `smtp_transaction`. RFC 5321, 4.2 and 4.5.3.2.
"""

import asyncio
from collections.abc import Iterator

from newsletter.errors import SessionLost
from newsletter.transports.smtp_reply import WireReply, take_reply

_CHUNK = 64 * 1024
_CLOSING_SECONDS = 1.0


class SmtpWire(asyncio.Protocol):
    """Send, then read one reply; never the other way round. `where` is the relay's host:port."""

    def __init__(self, transport: asyncio.Transport, where: str) -> None:
        loop = asyncio.get_running_loop()
        self.where = where
        self._transport = transport
        self._buffer = bytearray()
        self._end = ""
        self._news = asyncio.Event()
        self._is_full = False
        self._closed: asyncio.Future[None] = loop.create_future()
        if transport.is_closing():
            # Nobody will be told of the end of a connection that ended before it was taken over.
            self._end = "the relay closed the connection"
            self._closed.set_result(None)
        transport.set_protocol(self)

    @property
    def is_dead(self) -> bool:
        """True as soon as nothing more can be said here; an octet not asked for is such a thing."""
        return bool(self._end or self._buffer)

    def send(self, data: bytes) -> None:
        """Write a command. Raises SessionLost where the connection is dead."""
        if self._buffer and not self._end:
            self.kill(f"the relay spoke without being asked: {bytes(self._buffer[:60])!r}")
        if self._end:
            raise self._lost()
        self._transport.write(data)

    async def send_content(self, data: bytes, *, block_seconds: float) -> None:
        """Write long data, waiting at most so many seconds for each block of it to go out."""
        for block in _blocks(data):
            self.send(block)
            try:
                async with asyncio.timeout(block_seconds):
                    await self._room()
            except TimeoutError:
                self.kill(f"the relay took nothing more for {block_seconds:g} seconds")
        if self._end:
            raise self._lost()

    async def _room(self) -> None:
        """Wait until there is room for more, or there will be none any more."""
        while self._is_full and not self.is_dead:
            self._news.clear()
            await self._news.wait()

    async def read_reply(self, *, seconds: float) -> WireReply:
        """The reply to what was sent. Raises SessionLost, and the connection is dead then."""
        try:
            async with asyncio.timeout(seconds):
                return await self._whole_reply()
        except TimeoutError:
            self.kill(f"the relay said nothing (or not all of it) for {seconds:g} seconds")
        except ValueError as error:
            self.kill(f"the relay answered with {error}")
        raise self._lost()

    async def _whole_reply(self) -> WireReply:
        while True:
            self._news.clear()
            reply = take_reply(self._buffer)
            if reply is not None:
                return reply
            if self._end:
                raise self._lost()
            await self._news.wait()

    def kill(self, why: str) -> None:
        """End the connection at once, without a word."""
        self._end = self._end or why
        self._transport.abort()
        self._news.set()

    async def close(self) -> None:
        """End the connection in order and wait until it is gone."""
        self._end = self._end or "this session is closed"
        self._transport.close()
        await asyncio.wait([self._closed], timeout=_CLOSING_SECONDS)
        self._transport.abort()
        await asyncio.wait([self._closed], timeout=_CLOSING_SECONDS)

    def _lost(self) -> SessionLost:
        return SessionLost(self._end, where=self.where, next_step="open a new session")

    # What asyncio calls.

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._news.set()

    def eof_received(self) -> bool:
        self._end = self._end or "the relay closed the connection"
        self._news.set()
        return False

    def connection_lost(self, error: Exception | None) -> None:
        self._end = self._end or f"the connection broke: {error or 'closed by the relay'}"
        self._news.set()
        if not self._closed.done():
            self._closed.set_result(None)

    def pause_writing(self) -> None:
        self._is_full = True

    def resume_writing(self) -> None:
        self._is_full = False
        self._news.set()


def _blocks(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _CHUNK):
        yield data[start : start + _CHUNK]
