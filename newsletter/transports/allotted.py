"""What a transport URL says of a relay's part in the work: its weight, and its caps.

`?weight=3` is a share of the turns beside others, `?per_day=2000` and `?per_hour=200` are caps of
that relay. Who keeps to them is left to the sender; the transport inside does all the rest.
"""

from dataclasses import dataclass

from newsletter.transports.base import Transport
from newsletter.transports.failover import FailoverTransport
from newsletter.transports.options import Options
from newsletter.transports.wrapped import WrappedTransport


@dataclass(frozen=True, kw_only=True, slots=True)
class Allotment:
    """`weight` is None where none is written; `per_day` and `per_hour` are messages, None is no
    cap.
    """

    weight: int | None = None
    per_day: int | None = None
    per_hour: int | None = None


class AllottedTransport(WrappedTransport):
    """The transport inside, with its allotment."""

    def __init__(self, inner: Transport, allotment: Allotment) -> None:
        super().__init__(inner)
        self.allotment = allotment


def allotted(transport: Transport, options: Options) -> Transport:
    """The transport as it is, or with the allotment that its options write."""
    found = Allotment(weight=options.weight, per_day=options.per_day, per_hour=options.per_hour)
    return transport if found == Allotment() else AllottedTransport(transport, found)


def allotment_of(transport: Transport) -> Allotment:
    """What is written of it; of a failover, whoever carries, the smallest caps of all."""
    while isinstance(transport, WrappedTransport):
        if isinstance(transport, AllottedTransport):
            return transport.allotment
        transport = transport.inner
    if not isinstance(transport, FailoverTransport):
        return Allotment()
    found = [allotment_of(each) for each in transport.transports]
    return Allotment(
        per_day=min((each.per_day for each in found if each.per_day), default=None),
        per_hour=min((each.per_hour for each in found if each.per_hour), default=None),
    )
