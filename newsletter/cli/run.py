"""`newsletter run`: the daemon that keeps the schedule, a tick at a time."""

import asyncio
import os
from dataclasses import dataclass, field
from typing import Annotated

import typer

from newsletter.books import SlotState
from newsletter.cli.console import note
from newsletter.cli.due import line_of as line_of_happening
from newsletter.cli.listening import TerminalListener, lines, say_stopping
from newsletter.cli.opening import publication_here
from newsletter.cli.wording import line_of
from newsletter.clock import now
from newsletter.daemon import (
    READY,
    STOPPING,
    Pulse,
    service_manager,
    stop_on_signals,
    stopped_within,
)
from newsletter.errors import NewsletterError
from newsletter.publishing.progress import Progress
from newsletter.publishing.publication import Books
from newsletter.publishing.tick import Happening, Tick
from newsletter.schedule import slot_instant

_LEAST_PAUSE = 0.05
_PROGRESS = 60.0
"""Seconds between two lines about a send that is under way."""


def run(
    tick: Annotated[
        float, typer.Option("--tick", min=0.1, max=300, help="Seconds between two looks.")
    ] = 20.0,
) -> None:
    """Keep the schedule until told to stop: send what is due, retry what was deferred.

    SIGTERM and Ctrl-C finish the messages under way and stop; start it again to continue.
    Several of these, on one machine or many, do no harm.
    """
    asyncio.run(_run(tick))


async def _run(tick: float) -> None:
    publication = publication_here()
    publication.open_transport()  # what is wrong from the start is told at the start
    publication.secret_key()
    manager = service_manager(os.environ, os.getpid())
    pulse = Pulse(publication.open_database, publication.owner, manager, now)
    with stop_on_signals(say_stopping) as stop, pulse:
        log(f"running: {publication.settings.publication.name}, a look every {tick:g} s")
        manager.tell(READY)
        await _Daemon(tick=tick, stop=stop, pulse=pulse).work()
        manager.tell(STOPPING)
    log("stopped")


def log(text: str) -> None:
    """A line with its moment, for a journal that keeps lines."""
    note(f"{now():%Y-%m-%d %H:%M:%S}Z {' '.join(text.split())}")


@dataclass
class _Daemon:
    """What it keeps from one tick to the next: nothing that matters, all that would be a nuisance.

    Settings and database are opened anew each time, so that a file that was changed or put in
    another's place is seen.
    """

    tick: float
    stop: asyncio.Event
    pulse: Pulse
    _said: frozenset[str] = frozenset()
    _saying: set[str] = field(default_factory=set)

    async def work(self) -> None:
        while not self.stop.is_set():
            self._saying = set()
            pause = await self._once()
            self._said = frozenset(self._saying)
            self.pulse.alive("waiting")
            await stopped_within(self.stop, pause)

    async def _once(self) -> float:
        """One tick, whatever goes wrong in it; how long to wait for the next, in seconds."""
        self.pulse.alive("looking")
        try:
            publication = publication_here()
            with publication.reading() as books:
                await Tick(
                    publication=publication,
                    database=books.database,
                    hear=self._heard,
                    listener=_Listener(self.pulse),
                    stop=self.stop,
                ).go()
                return self._pause(books)
        except NewsletterError as error:
            faults = "; ".join(error.faults)
            self._say(f"error: {line_of(error)}" + (f": {faults}" if faults else ""))
        return self.tick

    def _heard(self, happening: Happening) -> None:
        self.pulse.alive()
        self._say(f"{happening.event}: {line_of_happening(happening)}")

    def _say(self, line: str) -> None:
        """What was said at the last tick too is not said again."""
        self._saying.add(line)
        if line not in self._said:
            log(line)

    def _pause(self, books: Books) -> float:
        """Not longer than until the next slot, so that it begins on the second."""
        moment = now()
        slots = books.database.slots.in_states(SlotState.SCHEDULED)
        left = [(slot_instant(slot) - moment).total_seconds() for slot in slots]
        return max(min([self.tick, *(seconds for seconds in left if seconds > 0)]), _LEAST_PAUSE)


class _Listener(TerminalListener):
    """A line in the log now and then, and a sign of life each time."""

    def __init__(self, pulse: Pulse) -> None:
        super().__init__(lines(log, every=_PROGRESS))
        self._pulse = pulse

    def progressed(self, progress: Progress) -> None:
        self._pulse.alive(f"sending {progress.issue}: {progress.done:,} of {progress.total:,}")
        super().progressed(progress)
