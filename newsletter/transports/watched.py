"""A transport that somebody watches: how each message was answered, by whom, and how fast."""

import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from newsletter.errors import RelayFault, SessionLost
from newsletter.transports.base import BeforeContent, Envelope, Reply, Session, Transport
from newsletter.transports.wrapped import WrappedTransport


class Watcher(Protocol):
    """Called on the event loop; `relay` is the name of a transport."""

    def replied(self, relay: str, verdict: str, seconds: float) -> None:
        """`seconds` are from the final dot, or from MAIL where the content never went out."""
        ...

    def lost(self, relay: str) -> None:
        """A session ended before the content could have been taken."""
        ...

    def failed(self, relay: str) -> None:
        """The relay refused us, or could not be reached."""
        ...


class WatchedTransport(WrappedTransport):
    """The transport inside in everything; `watcher` hears of its replies."""

    def __init__(self, inner: Transport, watcher: Watcher) -> None:
        super().__init__(inner)
        self.watcher = watcher

    async def open(self) -> Session:
        try:
            return _WatchedSession(await self.inner.open(), self.name, self.watcher)
        except RelayFault:
            self.watcher.failed(self.name)
            raise


class _WatchedSession:
    def __init__(self, inner: Session, name: str, watcher: Watcher) -> None:
        self._inner = inner
        self._name = name
        self._watcher = watcher

    async def deliver(
        self,
        envelope: Envelope,
        content: bytes,
        *,
        before_content: BeforeContent,
        following: Envelope | None = None,
    ) -> Reply:
        since = _Since(before_content)
        try:
            reply = await self._inner.deliver(
                envelope, content, before_content=since.committed, following=following
            )
        except SessionLost:
            self._watcher.lost(self._name)
            raise
        except RelayFault:
            self._watcher.failed(self._name)
            raise
        seconds = time.perf_counter() - since.moment
        self._watcher.replied(reply.transport or self._name, reply.verdict.value, seconds)
        return reply

    async def close(self) -> None:
        await self._inner.close()


class _Since:
    """From when on the relay is waited for: the journal's own time is not the relay's."""

    def __init__(self, before_content: Callable[[], Awaitable[None]]) -> None:
        self._before_content = before_content
        self.moment = time.perf_counter()

    async def committed(self) -> None:
        await self._before_content()
        self.moment = time.perf_counter()


def watched(transport: Transport, watcher: Watcher) -> Transport:
    """The transport, in everything the same, with somebody who watches."""
    return WatchedTransport(transport, watcher)
