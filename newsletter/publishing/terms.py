"""On what terms a send goes on, and who hears of it: what a front says and is told.

What is sent, and how, is left to `sending`.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from newsletter.books import Adjustment, Run
from newsletter.errors import RelayFault
from newsletter.publishing.marking import Mark
from newsletter.publishing.progress import Progress


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """How far one send goes. `limit` is in deliveries; `until` is when it stops waiting for
    deferred recipients, None for not at all.

    `relay_pauses`, in seconds, are made before a relay that is away is tried again, the last of
    them for ever; none are made without any. They end at `until`, from the beginning; without that,
    a quarter of an hour after the last message went out, where one did.
    """

    retry_now: bool = False
    limit: int | None = None
    until: datetime | None = None
    relay_pauses: Sequence[float] = ()


RELAY_PAUSES = (5.0, 20.0, 60.0, 180.0, 300.0, 600.0, 900.0)
"""For somebody who waits; a relay that is started again is back in a few seconds."""


class Listener:
    """Hears of a send as it goes on; each front overrides what it shows."""

    def sending(self, run: Run) -> AbstractContextManager[None]:  # noqa: ARG002 - for fronts
        """Entered for as long as the send lasts, in its own task."""
        return nullcontext()

    def progressed(self, progress: Progress) -> None:
        """A few times a second, and at the end."""

    def stopped(self, run: Run) -> None:
        """Somebody paused or cancelled the run; messages under way are finished."""

    def waiting(self, until: datetime) -> None:
        """Nothing is to be done before then."""

    def adjusted(self, adjustment: Adjustment) -> None:
        """The send goes on otherwise than it was planned, because of what the relay said."""

    def relay_away(self, fault: RelayFault, until: datetime) -> None:
        """The relay cannot be reached for now, and is tried again then."""

    def relay_left(self, fault: RelayFault) -> None:
        """A failover has gone on to its next relay, for this."""

    def marked(self, mark: Mark) -> None:
        """A delivery is refused, failed or in doubt; told in the journal's own thread."""
