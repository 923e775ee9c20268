"""A transport with a pace of its own for one command; and what is to be said of those inside it."""

from collections.abc import Iterator

from newsletter.errors import RelayFault, TransportError
from newsletter.transports.base import Transport
from newsletter.transports.failover import FailoverTransport
from newsletter.transports.named import NamedByURL
from newsletter.transports.roundrobin import RoundRobinTransport
from newsletter.transports.routed import RoutedTransport
from newsletter.transports.wrapped import WrappedTransport


class _Paced(WrappedTransport):
    """The transport inside in everything but how many sessions, and how fast."""

    def __init__(self, inner: Transport, connections: int, rate: float | None) -> None:
        super().__init__(inner)
        self._connections = connections
        self._rate = rate

    @property
    def connections(self) -> int:
        return self._connections

    @property
    def rate(self) -> float | None:
        return self._rate


def paced(
    transport: Transport, *, connections: int | None = None, rate: float | None = None
) -> Transport:
    """The transport at another pace; what is None stays as the transport URL has it."""
    if connections is None and rate is None:
        return transport
    return _Paced(transport, connections or transport.connections, rate or transport.rate)


def relays_left(transport: Transport) -> tuple[RelayFault, ...]:
    """Why each relay of a failover was left for the next one, so far."""
    found: tuple[RelayFault, ...] = ()
    while isinstance(transport, WrappedTransport):
        if isinstance(transport, RoutedTransport):
            found = tuple(left for relay in transport.routes for left in relays_left(relay))
        transport = transport.inner
    return (*transport.left, *found) if isinstance(transport, FailoverTransport) else found


def cautions(transport: Transport) -> tuple[TransportError, ...]:
    """What everybody who uses it must be told each time: where TLS verifies nothing."""
    return tuple(
        TransportError(
            "tls=insecure: the relay's certificate is NOT verified. Whoever is on the way may be "
            "the relay, read every message and take the password",
            where=each.name,
            next_step="name the authority with ca=PATH instead, as soon as you can",
        )
        for each in members(transport)
        if isinstance(each, NamedByURL) and each.is_insecure
    )


def members(transport: Transport) -> Iterator[Transport]:
    """The transports that carry something themselves, those of groups last."""
    relays: list[Transport] = []
    while isinstance(transport, WrappedTransport):
        if isinstance(transport, RoutedTransport):
            relays += transport.routes
        transport = transport.inner
    if isinstance(transport, FailoverTransport | RoundRobinTransport):
        for each in transport.transports:
            yield from members(each)
    else:
        yield transport
    for relay in relays:
        yield from members(relay)
