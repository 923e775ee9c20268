"""A transport with a pace of its own for one command; and what a failover left behind in it."""

from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from newsletter.errors import RelayFault
    from newsletter.transports import Session, Transport


@dataclass(frozen=True, kw_only=True, slots=True)
class _Paced:
    """The transport inside in everything but how many sessions, and how fast."""

    inner: "Transport"
    connections: int
    rate: float | None

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def is_idempotent(self) -> bool:
        return self.inner.is_idempotent

    async def open(self) -> "Session":
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


def paced(
    transport: "Transport", *, connections: int | None = None, rate: float | None = None
) -> "Transport":
    """The transport at another pace; what is None stays as the transport URL has it."""
    if connections is None and rate is None:
        return transport
    return _Paced(
        inner=transport,
        connections=connections or transport.connections,
        rate=rate or transport.rate,
    )


def relays_left(transport: "Transport") -> "tuple[RelayFault, ...]":
    """Why each relay of a failover was left for the next one, so far."""
    from newsletter.transports import FailoverTransport

    inner = transport.inner if isinstance(transport, _Paced) else transport
    return inner.left if isinstance(inner, FailoverTransport) else ()
