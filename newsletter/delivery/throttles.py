"""The throttles of one process, one for each thing that has a rate, whichever sends ask for it.

Whether a rate is this process's own, or is shared by all machines, is decided here, by what the
store can do.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from newsletter.delivery.fleet_throttle import FleetThrottle
from newsletter.delivery.throttle import Pacing, Throttle

TakeTurns = Callable[[str, int, float], float]
"""Of a named pace: how many turns, at how many a second; as `newsletter.store` has it."""


class Throttles:
    """By name: all runs that go over one transport, or to one receiver, share its rate."""

    def __init__(self) -> None:
        self._known: dict[str, Throttle] = {}

    def of(self, name: str, rate: float | None, fleet: TakeTurns | None = None) -> Throttle:
        """Its throttle, with the ceiling that it has by now, in messages per second.

        With `fleet`, all that ask it for this name keep to the rate together, on all machines.
        It is asked from here on, for the database of an earlier send may be closed.
        """
        found = self._known.setdefault(name, FleetThrottle() if fleet else Throttle())
        if fleet and isinstance(found, FleetThrottle):
            found.reserve = partial(fleet, name)
        found.ceiling = rate
        return found


@dataclass(frozen=True, kw_only=True)
class GroupThrottle:
    """The pace over a relay to one receiver: a turn of both. What is heard is the relay's word."""

    relay: Pacing
    group: Throttle

    @property
    def rate(self) -> float | None:
        both = self.relay.rate, self.group.rate
        return min((each for each in both if each), default=None)

    @property
    def slowed_to(self) -> float | None:
        return self.relay.slowed_to

    @property
    def is_due(self) -> bool:
        return self.group.is_due and self.relay.is_due

    async def turn(self, stop: asyncio.Event) -> None:
        """The group's first: nobody else over the relay waits meanwhile."""
        await self.group.turn(stop)
        await self.relay.turn(stop)

    def take(self) -> float:
        return max(self.group.take(), self.relay.take())

    def hear_too_fast(self, recipient: int) -> bool:
        return self.relay.hear_too_fast(recipient)

    def hear_accepted(self) -> bool:
        return self.relay.hear_accepted()

    def slow_down(self) -> bool:
        return self.relay.slow_down()

    async def close(self) -> None:
        await self.group.close()
        await self.relay.close()


def paced_by(relay: Pacing, group: Throttle | None) -> Pacing:
    """The relay's pace alone where the receiver has none of its own."""
    return GroupThrottle(relay=relay, group=group) if group else relay
