"""What carries the messages of a run side by side: the members of a round robin, or the one there
is, each with its share of the sessions, the rate and the work; and the relays of groups of domains
that have one for themselves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from newsletter.transports.allotted import Allotment, allotment_of
from newsletter.transports.base import Transport
from newsletter.transports.pace import paced
from newsletter.transports.roundrobin import RoundRobinTransport
from newsletter.transports.routed import RoutedTransport
from newsletter.transports.watched import WatchedTransport, Watcher, watched
from newsletter.transports.wrapped import WrappedTransport


@dataclass(frozen=True, kw_only=True, slots=True)
class Carrier:
    """A transport that one sender sends over, and what is written of it.

    `only` are the groups of domains that go over it; None is all groups, and everybody who is in
    none, but those `without` that have relays of their own.
    """

    transport: Transport
    allotment: Allotment
    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()

    @property
    def weight(self) -> int:
        return self.allotment.weight or 1

    def carries(self, group: str) -> bool:
        """Whether messages to a group go over it; "" is everybody who is in none."""
        return group not in self.without if self.only is None else group in self.only


def routes(transport: Transport) -> Sequence[Sequence[Carrier]]:
    """Those that carry the same, together: the publication's own first, then relays of groups.

    Where a command has set another pace for all of them, a group's relay keeps to its own rate
    too, and has its sessions in the same proportion, but one at least.
    """
    inner, watchers = _unwrapped(transport)
    if not isinstance(inner, RoutedTransport):
        return [carriers(transport)]
    sessions = transport.connections / inner.connections
    rate = transport.rate if transport.rate != inner.rate else None
    own = paced(inner.inner, connections=transport.connections, rate=rate)
    without = frozenset(inner.relays)
    found = [[replace(each, without=without) for each in carriers(_watched(own, watchers))]]
    for relay, groups in inner.routes.items():
        both = [each for each in (rate, relay.rate) if each]
        connections = max(round(relay.connections * sessions), 1)
        at_its_pace = paced(relay, connections=connections, rate=min(both, default=None))
        carrying = carriers(_watched(at_its_pace, watchers))
        found.append([replace(each, only=groups) for each in carrying])
    return found


def relay_for(transport: Transport, group: str) -> Transport:
    """What carries a group of domains, as it is without the pace of a command."""
    inner, _ = _unwrapped(transport)
    return inner.relays.get(group, inner.inner) if isinstance(inner, RoutedTransport) else transport


def carriers(transport: Transport) -> Sequence[Carrier]:
    """Those that a run is sent over: one, but for a round robin, and for relays of groups.

    Where a command has set another pace for all of them, each of a round robin has its share of
    that: of the sessions by its own number, but one at least; of the rate by its weight.
    """
    inner, watchers = _unwrapped(transport)
    if isinstance(inner, RoutedTransport):
        return [each for route in routes(transport) for each in route]
    if not isinstance(inner, RoundRobinTransport):
        return [Carrier(transport=transport, allotment=allotment_of(transport))]
    return [
        replace(each, transport=_watched(each.transport, watchers))
        for each in _shares(transport, inner)
    ]


def _unwrapped(transport: Transport) -> tuple[Transport, Sequence[Watcher]]:
    """What is inside, down to the relays of groups, and who watches over it."""
    watchers = []
    while isinstance(transport, WrappedTransport) and not isinstance(transport, RoutedTransport):
        watchers += [transport.watcher] if isinstance(transport, WatchedTransport) else []
        transport = transport.inner
    return transport, watchers


def _watched(transport: Transport, watchers: Sequence[Watcher]) -> Transport:
    for watcher in watchers:
        transport = watched(transport, watcher)
    return transport


def _shares(outer: Transport, inner: RoundRobinTransport) -> Iterator[Carrier]:
    found = [Carrier(transport=each, allotment=allotment_of(each)) for each in inner.transports]
    total = sum(each.weight for each in found)
    sessions = outer.connections / inner.connections
    rate = outer.rate if outer.rate != inner.rate else None
    for each in found:
        connections = max(round(each.transport.connections * sessions), 1)
        share = rate * each.weight / total if rate else None
        at_its_pace = paced(each.transport, connections=connections, rate=share)
        yield Carrier(transport=at_its_pace, allotment=each.allotment)
