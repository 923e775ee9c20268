"""One connection to a relay, from the moment it is ready for mail: octets out, whole replies in.

Takes over a connection that was made, encrypted and logged in by others. A reply has one deadline
for the whole of it; silence, an octet that was not asked for or a reply that is none ends the
connection for good, because the next reply could be taken for another's. What is said over it is
left to `smtp_transaction`. RFC 5321, 4.2 and 4.5.3.2.
"""

import asyncio
import re

from newsletter.errors import SessionLost
from newsletter.transports.place import Encryption, encryption_of
from newsletter.transports.smtp_reply import MAX_REPLY_OCTETS, WireReply, take_reply

_BLOCK = 64 * 1024
_MAX_UNREAD = 4 * MAX_REPLY_OCTETS
"""Octets: as many replies as may be on their way at once, each as long as one may be."""

_CLOSING_SECONDS = 1.0

_LINE = rb"[ -~]{0,500}\r\n"
_ALL_THREE = re.compile(rb"250 %b250 %b354 %b" % (_LINE, _LINE, _LINE))
"""What nearly every relay says to MAIL, RCPT and DATA, in one packet (RFC 5321, 4.3.2)."""


class SmtpWire(asyncio.Protocol):
    """Send, then read one reply; never the other way round. `where` is the relay's host:port."""

    def __init__(self, transport: asyncio.Transport, where: str) -> None:
        loop = asyncio.get_running_loop()
        self.where = where
        self._transport = transport
        self._buffer = bytearray()
        self._end = ""
        self._loop = loop
        self._news: asyncio.Future[None] | None = None
        self._seconds = 0.0
        self._deadline: float | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._is_full = False
        self._closed: asyncio.Future[None] = loop.create_future()
        if transport.is_closing():
            # Nobody will be told of the end of a connection that ended before it was taken over.
            self._end = "the relay closed the connection"
            self._closed.set_result(None)
        transport.set_write_buffer_limits(high=1, low=0)  # so that "room" means: all went out
        transport.set_protocol(self)

    @property
    def encryption(self) -> Encryption | None:
        return encryption_of(self._transport.get_extra_info("ssl_object"))

    @property
    def is_dead(self) -> bool:
        """True as soon as nothing more can be said here; an octet not asked for is such a thing."""
        return bool(self._end or self._buffer)

    @property
    def is_clear(self) -> bool:
        """True while all that was written went out, and nothing was said meanwhile."""
        return not (self._is_full or self._end or self._buffer)

    def send(self, data: bytes | memoryview) -> None:
        """Write a command. Raises SessionLost where the connection is dead."""
        self.check()
        self._transport.write(data)

    def begin_content(self, data: bytes) -> memoryview:
        """Write as much of long data as goes out at once; returns the rest."""
        rest = memoryview(data)
        while rest and not self._is_full:
            self.send(rest[:_BLOCK])
            rest = rest[_BLOCK:]
        return rest

    async def finish_content(self, rest: memoryview, *, block_seconds: float) -> None:
        """Write the rest, waiting at most so many seconds for each block of it to go out.

        When it returns, all of it has left this process, and nothing was said meanwhile.
        """
        while rest or self._is_full:
            await self._room(block_seconds)
            self.send(rest[:_BLOCK])
            rest = rest[_BLOCK:]
        self.check()

    def check(self) -> None:
        """Raise SessionLost where the connection is dead, or speaks without being asked."""
        if self._buffer and not self._end:
            self.kill(f"the relay spoke without being asked: {bytes(self._buffer[:60])!r}")
        if self._end:
            raise self._lost()

    async def _room(self, seconds: float) -> None:
        """Wait until all that was written went out, or nothing will any more."""
        try:
            async with asyncio.timeout(seconds):
                while self._is_full and not self.is_dead:
                    await self._next_news()
        except TimeoutError:
            self.kill(f"the relay took nothing more for {seconds:g} seconds")

    def take_all_three(self) -> bool:
        """Take the replies to MAIL, RCPT and DATA if they are here, all of them, and positive."""
        found = _ALL_THREE.match(self._buffer)
        if found is None:
            return False
        end = found.end()
        del found  # a bytearray that is looked at cannot shrink
        del self._buffer[:end]
        return True

    async def read_reply(self, *, seconds: float) -> WireReply:
        """The next reply to what was sent. Raises SessionLost, and the connection is dead then."""
        try:
            # Of several replies in one packet, all but the first are here already.
            reply = take_reply(self._buffer) if self._buffer else None
            if reply is None:
                self._set_alarm(seconds)
            while reply is None:
                if self._end:
                    raise self._lost()
                await self._next_news()
                reply = take_reply(self._buffer)
        except ValueError as error:
            self.kill(f"the relay answered with {error}")
            raise self._lost() from None
        finally:
            self._deadline = None
        return reply

    def _next_news(self) -> asyncio.Future[None]:
        """Done when octets or room have come, or the end."""
        self._news = self._loop.create_future()
        return self._news

    def _tell_news(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    def _set_alarm(self, seconds: float) -> None:
        """The connection dies unless the deadline is lifted in time.

        One timer serves for many replies: it is not moved each time, but looks when it rings
        whether its deadline is a later one by now.
        """
        self._seconds = seconds
        self._deadline = self._loop.time() + seconds
        if self._alarm is None or self._alarm.when() > self._deadline:
            self._drop_alarm()
            self._alarm = self._loop.call_at(self._deadline, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        if self._deadline is None:
            return
        if self._loop.time() < self._deadline:
            self._alarm = self._loop.call_at(self._deadline, self._ring)
            return
        self.kill(f"the relay said nothing (or not all of it) for {self._seconds:g} seconds")

    def _drop_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def kill(self, why: str) -> None:
        """End the connection at once, without a word."""
        self._end = self._end or why
        self._drop_alarm()
        self._transport.abort()
        self._tell_news()

    async def close(self) -> None:
        """End the connection in order and wait until it is gone."""
        self._end = self._end or "this session is closed"
        self._drop_alarm()
        self._transport.close()
        await asyncio.wait([self._closed], timeout=_CLOSING_SECONDS)
        self._transport.abort()
        await asyncio.wait([self._closed], timeout=_CLOSING_SECONDS)

    def _lost(self) -> SessionLost:
        return SessionLost(self._end, where=self.where, next_step="open a new session")

    # What asyncio calls.

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if len(self._buffer) > _MAX_UNREAD:
            self.kill(f"the relay sent more than {_MAX_UNREAD} octets that nobody asked for")
        self._tell_news()

    def eof_received(self) -> bool:
        self._end = self._end or "the relay closed the connection"
        self._tell_news()
        return False

    def connection_lost(self, error: Exception | None) -> None:
        self._end = self._end or f"the connection broke: {error or 'closed by the relay'}"
        self._drop_alarm()
        self._tell_news()
        if not self._closed.done():
            self._closed.set_result(None)

    def pause_writing(self) -> None:
        self._is_full = True

    def resume_writing(self) -> None:
        self._is_full = False
        self._tell_news()
