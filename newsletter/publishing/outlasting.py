"""Waiting for a relay that is away: how long, and when nobody waits any more."""

import asyncio
from datetime import timedelta

from newsletter.clock import Clock
from newsletter.errors import RelayFault, Trouble
from newsletter.publishing.progress import Progress
from newsletter.publishing.terms import Listener, Terms
from newsletter.stopping import stopped_within

_RELAY_PATIENCE = timedelta(minutes=15)


class Outlasting:
    """The pauses in which a relay that is away is waited for; they grow while nothing goes out."""

    def __init__(
        self,
        terms: Terms,
        listener: Listener,
        progress: Progress,
        clock: Clock,
        stop: asyncio.Event,
    ) -> None:
        self._terms = terms
        self._listener = listener
        self._clock = clock
        self._progress = progress
        self._stop = stop
        self._done = 0
        self._pauses = 0
        self._patience_ends = terms.until

    async def wait_after(self, fault: RelayFault) -> bool:
        """Whether it is to be gone on after the fault, or was to be until somebody stopped it."""
        terms, now = self._terms, self._clock()
        if self._progress.done > self._done:
            self._done, self._pauses = self._progress.done, 0
            self._patience_ends = terms.until or now + _RELAY_PATIENCE
        until = self._patience_ends
        if fault.trouble is not Trouble.AWAY or not terms.relay_pauses:
            return False
        if until is None or until <= now or self._stop.is_set():
            return False
        seconds = terms.relay_pauses[min(self._pauses, len(terms.relay_pauses) - 1)]
        due = min(now + timedelta(seconds=seconds), until)
        self._pauses += 1
        self._listener.relay_away(fault, due)
        await stopped_within(self._stop, (due - now).total_seconds())
        return True
