"""Letters to readers in the hands of a daemon without a site: sent beside its looks.

Where the site runs by itself, its letters may be sent by either of them: each is in one hand.
"""

import asyncio
from dataclasses import dataclass, field

from newsletter.cli.daemon_log import DaemonLog, Level
from newsletter.cli.wording import line_of
from newsletter.errors import NewsletterError
from newsletter.publishing.publication import Publication
from newsletter.publishing.readers import send_letters
from newsletter.stopping import stopped_within

_BREATH = 0.05
"""Seconds between two batches of letters: others wait for the database too."""

_LAST = 30.0
"""Seconds for those in hand when the daemon is told to stop; the others are owed still."""


@dataclass
class Post:
    """Kept from one look to the next. A fault is said when it begins, and when its words change."""

    _going: asyncio.Task[None] | None = None
    _said: str = ""
    _resting: asyncio.Event = field(default_factory=asyncio.Event)

    def go_on(self, publication: Publication, log: DaemonLog) -> None:
        """Send what is due, without waiting for it; nothing, while the last ones are under way.

        Raises what ended those: a bug of ours.
        """
        if self._going is not None and not self._going.done():
            return
        if self._going is not None:
            self._going.result()
        self._going = asyncio.create_task(self._send(publication, log))

    async def rest(self) -> None:
        """Return when those in hand have gone, or have had their time."""
        self._resting.set()
        if self._going is not None:
            await asyncio.wait({self._going}, timeout=_LAST)
            self._going.cancel()

    async def _send(self, publication: Publication, log: DaemonLog) -> None:
        try:
            with publication.reading() as books:
                while await send_letters(books) and not await stopped_within(
                    self._resting, _BREATH
                ):
                    pass
            self._said = ""
        except NewsletterError as error:
            fault = "; ".join([line_of(error), *error.faults])
            if fault != self._said:
                self._said = fault
                log.say("letters", f"letters to readers wait: {fault}", level=Level.ERROR)
