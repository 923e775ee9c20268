"""The mailbox of what comes back in the hands of a daemon: read as things come, beside its looks.

In a thread of its own, for a mailbox is waited for. A connection that is lost, or a server that is
away, is tried again, later each time; what was read is marked, so that nothing is missed by it.
"""

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from newsletter.books import ReturnEffect
from newsletter.bounces.read import Source
from newsletter.cli.beside import Beside
from newsletter.cli.daemon_log import DaemonLog, Level
from newsletter.errors import NewsletterError
from newsletter.publishing.bouncing import Taken
from newsletter.publishing.publication import Publication
from newsletter.publishing.reading_returns import Reading, opened, read_on

_PAUSES: Sequence[float] = (5.0, 15.0, 60.0, 300.0, 900.0)
"""Seconds after a first fault, a second and so on."""

_LOOK = 60.0
"""Seconds after which a mailbox is looked into, whether it has told of anything or not."""

_SESSION = 1800.0
"""Seconds for which a mailbox is held open, and then opened anew: settings may have changed."""

_LAST = 15.0
"""Seconds for the message in hand when the daemon is told to stop; it is read again if need be."""


@dataclass
class Watch:
    """Kept from one look to the next."""

    _beside: Beside = field(
        default_factory=lambda: Beside(
            event="mailbox", trouble="what comes back is not read", last=_LAST
        )
    )
    _over: threading.Event = field(default_factory=threading.Event)
    _faults: int = 0

    def go_on(self, publication: Publication, log: DaemonLog) -> None:
        """Read what comes, without waiting for it; nothing, while that is under way.

        Raises what ended it: a bug of ours.
        """
        source = publication.settings.bounces.source
        if self._beside.is_free() and source is not None:
            self._beside.begin(self._watch(publication, source, log))

    def end(self) -> None:
        """Nothing more is read, but for the message in hand."""
        self._over.set()

    async def rest(self) -> None:
        """Return when the message in hand is taken in, or has had its time."""
        self.end()
        await self._beside.rest()

    async def _watch(self, publication: Publication, source: Source, log: DaemonLog) -> None:
        try:
            await asyncio.to_thread(self._session, publication, source, log)
        except NewsletterError as error:
            self._faults += 1
            self._beside.failed(error, log)
            pause = _PAUSES[min(self._faults, len(_PAUSES)) - 1]
            await asyncio.to_thread(self._over.wait, pause)

    def _session(self, publication: Publication, source: Source, log: DaemonLog) -> None:
        """The books are opened for each look, so that others in their place are seen."""
        until = time.monotonic() + _SESSION
        with opened(source, publication.settings) as mailbox:
            while time.monotonic() < until and not self._over.is_set():
                with publication.acting() as books:
                    reading = read_on(
                        mailbox,
                        source,
                        books,
                        heard=lambda taken: _say_one(taken, log),
                        is_over=self._over.is_set,
                    )
                self._faults = 0
                self._beside.is_well()
                _say(reading, log)
                mailbox.wait(_LOOK, self._over.is_set)


def _say(reading: Reading, log: DaemonLog) -> None:
    if reading.new:
        made = ", ".join(f"{number:,} {effect}" for effect, number in reading.made.items())
        log.say("returned", f"{reading.new:,} came back: {made}")
    for fault in reading.faults:
        log.say("mailbox", f"a message is passed over: {fault}", level=Level.WARNING)


def _say_one(taken: Taken, log: DaemonLog) -> None:
    """Whom nothing is sent to any more, by the delivery's number."""
    for each in taken.told:
        if each.effect in (ReturnEffect.SUPPRESSED, ReturnEffect.UNSUBSCRIBED):
            log.say(
                each.effect.value,
                each.words,
                issue=each.issue,
                delivery_id=each.delivery_id,
            )
