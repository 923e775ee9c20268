"""A ceiling on messages per second, over all sessions of one process."""

import asyncio
from dataclasses import dataclass


@dataclass
class Throttle:
    """Gives each caller its turn; `rate` is in messages per second, None is no ceiling.

    Turns are evenly spaced on the event loop's own clock, which no change of the wall clock moves.
    """

    rate: float | None = None
    _next: float = 0.0

    async def turn(self, stop: asyncio.Event) -> None:
        """Return when it is the caller's turn, or at once when `stop` is set."""
        wait = self.take()
        if wait:
            try:
                await asyncio.wait_for(stop.wait(), timeout=wait)
            except TimeoutError:
                return

    @property
    def is_due(self) -> bool:
        """True where a turn taken now would not have to wait."""
        return not self.rate or self._next <= asyncio.get_running_loop().time()

    def take(self) -> float:
        """Take the next turn; returns the seconds until it comes."""
        if not self.rate:
            return 0.0
        now = asyncio.get_running_loop().time()
        wait = max(self._next - now, 0.0)
        self._next = max(self._next, now) + 1 / self.rate
        return wait


class Throttles:
    """One throttle for each transport, by its name: all runs that go over it share its rate."""

    def __init__(self) -> None:
        self._known: dict[str, Throttle] = {}

    def of(self, name: str, rate: float | None) -> Throttle:
        """Its throttle, at the rate that it has by now, in messages per second."""
        found = self._known.setdefault(name, Throttle(rate))
        found.rate = rate
        return found
