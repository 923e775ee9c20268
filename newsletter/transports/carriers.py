"""What carries the messages of a run side by side: the members of a round robin, or the one there
is, each with its share of the sessions, the rate and the work.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from newsletter.transports.allotted import Allotment, allotment_of
from newsletter.transports.base import Transport
from newsletter.transports.pace import paced
from newsletter.transports.roundrobin import RoundRobinTransport
from newsletter.transports.watched import WatchedTransport, watched
from newsletter.transports.wrapped import WrappedTransport


@dataclass(frozen=True, kw_only=True, slots=True)
class Carrier:
    """A transport that one sender sends over, and what is written of it."""

    transport: Transport
    allotment: Allotment

    @property
    def weight(self) -> int:
        return self.allotment.weight or 1


def carriers(transport: Transport) -> tuple[Carrier, ...]:
    """Those that a run is sent over: one, but for a round robin.

    Where a command has set another pace for all of them, each has its share of that: of the
    sessions by its own number, but one at least; of the rate by its weight.
    """
    inner, watchers = transport, []
    while isinstance(inner, WrappedTransport):
        watchers += [inner.watcher] if isinstance(inner, WatchedTransport) else []
        inner = inner.inner
    if not isinstance(inner, RoundRobinTransport):
        return (Carrier(transport=transport, allotment=allotment_of(transport)),)
    found = tuple(_shares(transport, inner))
    for watcher in watchers:
        found = tuple(replace(each, transport=watched(each.transport, watcher)) for each in found)
    return found


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
