"""How far a send has come: counts, rate and time left.

Rates are of the last seconds, not of the whole run, because a relay slows down. A monotonic clock
is asked, so that no change of the wall clock shows.
"""

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from newsletter.books import DeliveryState

WINDOW = 10.0
"""Seconds over which the rate is taken."""


@dataclass
class Progress:
    """`total` is how many deliveries were unfinished when the send began.

    `held_to` says to how many a second it is slowed, because of what the relay said; else None.
    """

    issue: str
    total: int
    seconds: Callable[[], float] = time.monotonic
    held_to: Callable[[], float | None] = lambda: None
    counts: Counter[DeliveryState] = field(default_factory=Counter)
    _began: float = field(init=False)
    _past: deque[tuple[float, int]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._began = self.seconds()
        self._past.append((self._began, 0))

    def heard(self, state: DeliveryState) -> None:
        self.counts[state] += 1

    @property
    def done(self) -> int:
        return self.counts.total()

    @property
    def elapsed(self) -> float:
        return self.seconds() - self._began

    def rate(self) -> float:
        """Deliveries settled a second, of late."""
        now, done = self.seconds(), self.done
        while len(self._past) > 1 and self._past[1][0] <= now - WINDOW:
            self._past.popleft()
        then, before = self._past[0]
        if now - self._past[-1][0] >= WINDOW / 20:
            self._past.append((now, done))
        return (done - before) / (now - then) if now > then else 0.0

    def left(self) -> float | None:
        """Seconds until the end at this rate; None where nothing moves."""
        rate = self.rate()
        return max(self.total - self.done, 0) / rate if rate else None
