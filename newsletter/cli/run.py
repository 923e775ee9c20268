"""`newsletter run`: the daemon that keeps the schedule, a tick at a time."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter import wiring
from newsletter.cli.console import note
from newsletter.cli.publication import settings_here
from newsletter.clock import now
from newsletter.daemon import READY, STOPPING, Stop, service_manager
from newsletter.errors import NewsletterError

if TYPE_CHECKING:
    from newsletter.cli.progress import Progress, Report
    from newsletter.cli.tick import Happening
    from newsletter.daemon import Pulse
    from newsletter.settings import Settings
    from newsletter.store import Database

_LEAST_PAUSE = 0.05
_PROGRESS = 60.0
"""Seconds between two lines about a send that is under way."""

_PAUSES = (20.0, 60.0, 180.0, 300.0, 600.0)
"""Seconds after a fault of ours before the same run is tried again: once, twice, and so on."""


def run(
    tick: Annotated[
        float, typer.Option("--tick", min=0.1, max=300, help="Seconds between two looks.")
    ] = 20.0,
) -> None:
    """Keep the schedule until told to stop: send what is due, retry what was deferred.

    SIGTERM and Ctrl-C finish the messages under way and stop; the next one goes on. Several of
    these, on one machine or many, do no harm.
    """
    from newsletter.daemon import Pulse

    settings = settings_here(with_environment=True)
    wiring.open_transport(settings)  # what is wrong from the start is told at the start
    wiring.secret_key(settings)
    manager = service_manager(os.environ, os.getpid())
    owner = wiring.owner_name(now())
    pulse = Pulse(lambda: wiring.open_database(settings), owner, manager, now)
    with Stop() as stop, pulse:
        daemon = _Daemon(owner=owner, tick=tick, stop=stop, pulse=pulse)
        log(f"running: {settings.publication.name}, a look every {tick:g} s")
        manager.tell(READY)
        daemon.work()
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

    owner: str
    tick: float
    stop: Stop
    pulse: "Pulse"
    patience: "Patience" = field(default_factory=lambda: Patience(time.monotonic))
    _said: frozenset[str] = frozenset()
    _saying: set[str] = field(default_factory=set)

    def work(self) -> None:
        while not self.stop.is_asked:
            self._saying = set()
            pause = self._once()
            self._said = frozenset(self._saying)
            self.pulse.alive("waiting")
            self.stop.wait(pause)

    def _once(self) -> float:
        """One tick, whatever goes wrong in it; how long to wait for the next, in seconds."""
        self.pulse.alive("looking")
        try:
            settings = settings_here(with_environment=True)
            with wiring.open_database(settings) as database:
                self._tick(settings, database)
                return self._pause(database)
        except NewsletterError as error:
            faults = "; ".join(getattr(error, "faults", ()))
            self._say(f"error: {error}" + (f": {faults}" if faults else ""))
        return self.tick

    def _tick(self, settings: "Settings", database: "Database") -> None:
        from newsletter.cli.tick import Tick

        tick = Tick(
            settings=settings,
            database=database,
            clock=now,
            owner=self.owner,
            report=self._report(),
            may_try=self.patience.may_try,
            asked=self.stop,
        )
        for happening in tick.go():
            self._heard(happening)

    def _heard(self, happening: "Happening") -> None:
        from newsletter.cli.tick import line_of

        self.pulse.alive()
        if happening.event == "stopped":
            self.patience.failed(happening.issue)
        elif happening.event in ("finished", "waiting"):
            self.patience.went_well(happening.issue)
        self._say(f"{happening.event}: {line_of(happening)}")

    def _say(self, line: str) -> None:
        """What was said at the last tick too is not said again."""
        self._saying.add(line)
        if line not in self._said:
            log(line)

    def _report(self) -> "Report":
        from newsletter.cli.progress import lines

        now_and_then = lines(log, every=_PROGRESS)

        def report(seen: "Progress") -> None:
            self.pulse.alive(f"sending {seen.issue}: {seen.done:,} of {seen.total:,}")
            now_and_then(seen)

        return report

    def _pause(self, database: "Database") -> float:
        """Not longer than until the next slot, so that it begins on the second."""
        from newsletter.books import SlotState
        from newsletter.schedule import slot_instant

        moment = now()
        slots = database.slots.in_states(SlotState.SCHEDULED)
        left = [(slot_instant(slot) - moment).total_seconds() for slot in slots]
        return max(min([self.tick, *(seconds for seconds in left if seconds > 0)]), _LEAST_PAUSE)


@dataclass
class Patience:
    """A run that met a fault of ours, a relay that refuses us, is not tried at every tick."""

    seconds: Callable[[], float]
    _faults: dict[str, int] = field(default_factory=dict)
    _not_before: dict[str, float] = field(default_factory=dict)

    def may_try(self, issue: str) -> bool:
        return self.seconds() >= self._not_before.get(issue, 0.0)

    def failed(self, issue: str) -> None:
        count = self._faults.get(issue, 0)
        self._faults[issue] = count + 1
        pause = _PAUSES[min(count, len(_PAUSES) - 1)]
        self._not_before[issue] = self.seconds() + pause

    def went_well(self, issue: str) -> None:
        self._faults.pop(issue, None)
        self._not_before.pop(issue, None)
