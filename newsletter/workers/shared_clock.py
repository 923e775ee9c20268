"""The clock that all workers share: the database's.

A lease that one machine takes is judged by others. By one clock, no machine's own can be so wrong
that a living sender is taken for a dead one.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from newsletter.clock import Clock, now

OFF = timedelta(seconds=5)
"""By how much a machine's clock may differ before somebody is told."""


class SharedClock:
    """A clock that is set by another one, and goes by itself in between. Any thread may ask it.

    It goes by the machine's steady clock, which nobody can set.
    """

    def __init__(self, own: Clock = now, steady: Callable[[], float] = time.monotonic) -> None:
        self._own = own
        self._steady = steady
        self._set_to: tuple[datetime, float] | None = None

    def __call__(self) -> datetime:
        if self._set_to is None:
            return self._own()
        moment, at = self._set_to
        return moment + timedelta(seconds=self._steady() - at)

    def set_by(self, ask: Callable[[], datetime]) -> timedelta:
        """Set it by what is asked; how far the machine's own clock is ahead of that."""
        began = self._steady()
        moment, own = ask(), self._own()
        ended = self._steady()
        self._set_to = moment + timedelta(seconds=(ended - began) / 2), ended
        return own - moment
