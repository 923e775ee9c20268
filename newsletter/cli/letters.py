"""Letters to readers in the hands of a daemon without a site: sent beside its looks.

Where the site runs by itself, its letters may be sent by either of them: each is in one hand.
"""

import asyncio
from dataclasses import dataclass, field

from newsletter.cli.beside import Beside
from newsletter.cli.daemon_log import DaemonLog
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
    """Kept from one look to the next."""

    _beside: Beside = field(
        default_factory=lambda: Beside(
            event="letters", trouble="letters to readers wait", last=_LAST
        )
    )
    _resting: asyncio.Event = field(default_factory=asyncio.Event)

    def go_on(self, publication: Publication, log: DaemonLog) -> None:
        """Send what is due, without waiting for it; nothing, while the last ones are under way.

        Raises what ended those: a bug of ours.
        """
        if self._beside.is_free():
            self._beside.begin(self._send(publication, log))

    async def rest(self) -> None:
        """Return when those in hand have gone, or have had their time."""
        self._resting.set()
        await self._beside.rest()

    async def _send(self, publication: Publication, log: DaemonLog) -> None:
        try:
            with publication.reading() as books:
                while await send_letters(books) and not await stopped_within(
                    self._resting, _BREATH
                ):
                    pass
            self._beside.is_well()
        except NewsletterError as error:
            self._beside.failed(error, log)
