"""A ceiling on messages per second, over all sessions and sends of one process.

A relay that says to many that we are too fast is believed: the pace halves, again and again down to
a floor, and recovers step by step while mail is accepted. A limit that is met anew at each recovery
is tried less and less often.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

FLOOR = 0.2
"""Messages per second: one in five seconds is what is always tried."""

MANY, OF = 3, 20
"""So many recipients of the last ones: one who hears it may be too much for the relay alone."""

STEP = 1.25
"""How much faster after each step of a recovery."""

STEP_SECONDS, MAX_STEP_SECONDS = 10.0, 160.0
"""Between two steps; twice as long each time a recovery was too quick."""

_SEEN = 3
"""Messages at a new pace before it may be too fast."""

_LEAST_SECONDS = 1.0
"""What is under way at the old pace is answered by then."""

_MEASURED, _MEASURED_SECONDS = 64, 5.0
"""Turns, none older than so many seconds, over which the pace is measured."""


class Pacing(Protocol):
    """What a lane asks before each message, and tells of what the relay says to it."""

    @property
    def rate(self) -> float | None:
        """Messages per second at this moment; None is no limit."""

    @property
    def slowed_to(self) -> float | None:
        """The same where the relay's words have slowed us down."""

    @property
    def is_due(self) -> bool:
        """True where a turn taken now would not have to wait."""

    async def turn(self, stop: asyncio.Event) -> None:
        """Return when it is the caller's turn, or at once when `stop` is set."""

    def take(self) -> float:
        """Take the next turn; returns the seconds until it comes."""

    def hear_too_fast(self, recipient: int) -> bool:
        """Somebody was refused because we are too fast; whether this is what slows us at first."""

    def hear_accepted(self) -> bool:
        """A message was taken; whether we are back at full speed by it."""

    def slow_down(self) -> bool:
        """Half the pace; True for the first of several halvings."""

    async def close(self) -> None:
        """Leave nothing behind that is under way; it may be asked again."""


@dataclass
class Throttle:
    """Gives each caller its turn. `ceiling` is in messages per second, None is no ceiling.

    Turns are evenly spaced on the event loop's own clock, which no change of the wall clock moves.
    """

    ceiling: float | None = None
    slowed_to: float | None = None
    _next: float = 0.0
    _turns: deque[float] = field(default_factory=lambda: deque(maxlen=_MEASURED))
    _heard: deque[int | None] = field(default_factory=lambda: deque(maxlen=OF))
    _changed_at: float = 0.0
    _full: float = 0.0
    _is_recovering: bool = False
    _step_seconds: float = STEP_SECONDS

    @property
    def rate(self) -> float | None:
        """Messages per second at this moment; None is no limit."""
        return min((each for each in (self.ceiling, self.slowed_to) if each), default=None)

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
        return not self.rate or self._next <= seconds()

    def take(self) -> float:
        """Take the next turn; returns the seconds until it comes."""
        now, rate = seconds(), self.rate
        if not rate:
            self._turns.append(now)
            return 0.0
        wait = max(self._next - now, 0.0)
        self._next = max(self._next, now) + 1 / rate
        self._turns.append(now + wait)
        return wait

    def hear_too_fast(self, recipient: int) -> bool:
        """Somebody was refused because we are too fast; whether this is what slows us at first.

        What is heard of messages that went out before the last change is not held against it.
        """
        if self._is_settling:
            return False
        self._heard.append(recipient)
        if len({each for each in self._heard if each is not None}) < MANY:
            return False
        return self.slow_down()

    def hear_accepted(self) -> bool:
        """A message was taken; whether we are back at full speed by it."""
        self._heard.append(None)
        if self.slowed_to is None or seconds() - self._changed_at < self._step_seconds:
            return False
        self._change(self.slowed_to * STEP)
        self._is_recovering = True
        if self.slowed_to < self._full:
            return False
        self.slowed_to, self._step_seconds = None, STEP_SECONDS
        return True

    def slow_down(self) -> bool:
        """Half the pace, if it was not changed just now; True for the first of several halvings."""
        if self._is_settling:
            return False
        is_first = self.slowed_to is None
        pace = self._pace() if is_first else self.rate or FLOOR
        if is_first:
            self._full = pace
        if self._is_recovering:
            self._step_seconds = min(self._step_seconds * 2, MAX_STEP_SECONDS)
        self._is_recovering = False
        self._heard.clear()
        self._change(max(pace / 2, FLOOR))
        return is_first

    async def close(self) -> None:
        """Nothing is under way."""

    def _change(self, rate: float) -> None:
        self.slowed_to, self._changed_at = rate, seconds()

    @property
    def _is_settling(self) -> bool:
        if self.slowed_to is None:
            return False
        settling = max(_LEAST_SECONDS, _SEEN / self.slowed_to)
        return seconds() - self._changed_at < settling

    def _pace(self) -> float:
        """Messages per second of late, and not more than the ceiling."""
        now = seconds()
        recent = [turn for turn in self._turns if now - turn <= _MEASURED_SECONDS]
        if not recent:
            return self.ceiling or 1.0
        pace = len(recent) / max(now - recent[0], 0.01)
        return min(pace, self.ceiling) if self.ceiling else pace


def seconds() -> float:
    """The event loop's own clock."""
    return asyncio.get_running_loop().time()
