"""The transport of a publication where some groups of domains have a relay for themselves.

For everybody else, and for letters, it is the transport inside. That a group goes over its own
relay and nothing else does is left to `carriers`, by which runs are sent.
"""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from newsletter.transports.base import Transport
from newsletter.transports.wrapped import WrappedTransport


class RoutedTransport(WrappedTransport):
    """`relays` are those of groups, by the names of these; several may share one."""

    def __init__(self, inner: Transport, relays: Mapping[str, Transport]) -> None:
        super().__init__(inner)
        self.relays = dict(relays)
        self._opened = AsyncExitStack()

    @property
    def routes(self) -> Mapping[Transport, frozenset[str]]:
        """Each relay, once, with the groups that go over it."""
        return {
            relay: frozenset(name for name, each in self.relays.items() if each is relay)
            for relay in self.relays.values()
        }

    async def __aenter__(self) -> Self:
        for each in (self.inner, *self.routes):
            await self._opened.enter_async_context(each)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._opened.__aexit__(kind, error, traceback)


def routed(transport: Transport, relays: Mapping[str, Transport]) -> Transport:
    """The transport with relays of groups beside it, by the names of these; as it is without."""
    return RoutedTransport(transport, relays) if relays else transport
