"""A ceiling on messages per second that all machines keep to together.

Turns are reserved in the database, a quarter of a second's worth at a time, in a thread: the event
loop never waits for it. A process that did not use what it had reserves less the next time. What
the relay says of our pace slows this process alone, as it does `Throttle`. Where the turns are
counted is left to `newsletter.store`.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from newsletter.delivery.throttle import Throttle, seconds

BATCH_SECONDS = 0.25
"""Of so long a span the turns are reserved at a time, and one at the least."""

FRESH_SECONDS = 1.0
"""A turn that is older is nobody's: a process that stood still does not make up for it."""

_LEAD_SECONDS = 0.05
"""So long before the last turn in hand the next ones are asked for: asking takes a while."""

Reserve = Callable[[int, float], float]
"""Takes so many turns at so many a second; returns the seconds until the first of them.

May block, and raise StoreError.
"""


def _reserves_nothing(_turns: int, _rate: float) -> float:
    return 0.0


@dataclass
class FleetThrottle(Throttle):
    """A throttle whose turns come from `reserve`. Without a ceiling it is a `Throttle`.

    At most one batch of turns is ahead of the clock, so that nobody on another machine waits for
    turns that this process may never use.
    """

    reserve: Reserve = _reserves_nothing
    _hand: deque[float] = field(default_factory=deque)
    _batch: int = 1
    _used: int = 0
    _has_missed: bool = False
    _last: float = 0.0
    _owed: int = 0
    _reserving: asyncio.Task[None] | None = None
    _is_asking: bool = False

    async def turn(self, stop: asyncio.Event) -> None:
        """As of a `Throttle`. Raises StoreError where the database gives no turns."""
        while self.ceiling and not stop.is_set() and not self._fresh():
            await self._reserved(stop)
        if not stop.is_set():
            await super().turn(stop)

    @property
    def is_due(self) -> bool:
        if not self.ceiling:
            return super().is_due
        fresh = self._fresh()
        return bool(fresh) and fresh[0] <= seconds() and self._is_due_here

    def take(self) -> float:
        """Take the next turn; without one in hand, one of those that are reserved next."""
        if not self.ceiling:
            return super().take()
        now, fresh = seconds(), self._fresh()
        moment = now
        if fresh:
            moment = fresh.popleft()
            self._used += 1
        else:
            self._owed += 1
        if self.slowed_to:
            moment = max(moment, self._next)
            self._next = max(moment, now) + 1 / self.slowed_to
        wait = max(moment - now, 0.0)
        self._turns.append(now + wait)
        if len(fresh) < self._batch // 4:
            self._reserve_next()
        return wait

    async def close(self) -> None:
        """Leave no question to the database behind; whoever shares the throttle asks again."""
        reserving = self._reserving
        if reserving is not None:
            if not self._is_asking:
                reserving.cancel()
            await asyncio.wait([reserving])

    @property
    def _is_due_here(self) -> bool:
        return not self.slowed_to or self._next <= seconds()

    def _fresh(self) -> deque[float]:
        """The turns in hand that are not too old."""
        oldest = seconds() - FRESH_SECONDS
        while self._hand and self._hand[0] < oldest:
            self._hand.popleft()
            self._has_missed = True
        return self._hand

    async def _reserved(self, stop: asyncio.Event) -> None:
        """Wait for more turns, or for the wish to stop."""
        reserving, stopping = self._reserve_next(), asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([reserving, stopping], return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
        if reserving.done() and not reserving.cancelled():
            reserving.result()

    def _reserve_next(self) -> asyncio.Task[None]:
        if self._reserving is None or self._reserving.done():
            self._reserving = asyncio.create_task(self._ask())
            self._reserving.add_done_callback(_heard)
        return self._reserving

    async def _ask(self) -> None:
        """Once the turns in hand are nearly over: not before, for the others' sake."""
        rate = self.ceiling or 1.0
        lead = min(_LEAD_SECONDS, self._batch / rate / 2)
        await asyncio.sleep(max(self._last - lead - seconds(), 0.0))
        rate = self.ceiling or rate
        turns, owed = self._need(rate), self._owed
        self._is_asking = True
        try:
            first = await asyncio.to_thread(self.reserve, turns + owed, rate) + seconds()
        finally:
            self._is_asking = False
        self._owed -= owed
        self._hand.extend(first + each / rate for each in range(owed, turns + owed))
        self._last = first + (turns + owed - 1) / rate

    def _need(self, rate: float) -> int:
        """Twice as many while all are used, and no more than a span has; else what was used."""
        most = max(ceil(min(rate, self.rate or rate) * BATCH_SECONDS), 1)
        wanted = max(self._used, 1) if self._has_missed else self._batch * 2
        self._batch, self._used, self._has_missed = min(wanted, most), 0, False
        return self._batch


def _heard(reserving: asyncio.Task[None]) -> None:
    """A fault is raised where turns are waited for; it is no news where nobody does."""
    if not reserving.cancelled():
        reserving.exception()
