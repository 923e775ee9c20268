"""Another transport with something of its own round it: the one inside answers for all the rest."""

from types import TracebackType
from typing import Self

from newsletter.transports.base import Session, Transport


class WrappedTransport:
    """The whole `Transport` contract, answered by `inner`; who wraps overrides what differs."""

    def __init__(self, inner: Transport) -> None:
        self.inner = inner

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def connections(self) -> int:
        return self.inner.connections

    @property
    def rate(self) -> float | None:
        return self.inner.rate

    @property
    def is_idempotent(self) -> bool:
        return self.inner.is_idempotent

    async def open(self) -> Session:
        return await self.inner.open()

    async def __aenter__(self) -> Self:
        await self.inner.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.inner.__aexit__(kind, error, traceback)
