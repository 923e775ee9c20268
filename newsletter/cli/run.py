"""`newsletter run`: the daemon that keeps the schedule, tick by tick, and may serve the site."""

import asyncio
import os
from dataclasses import dataclass, field
from typing import Annotated

import typer

from newsletter.books import SlotState
from newsletter.cli.console import leave_dead_terminal
from newsletter.cli.daemon_listener import DaemonListener
from newsletter.cli.daemon_log import DaemonLog, LogAddresses, LogFormat
from newsletter.cli.letters import Post
from newsletter.cli.mailbox import Watch
from newsletter.cli.opening import publication_here
from newsletter.cli.serving import HOST, PORT, Address, Host, Port, SiteBeside, kept_going
from newsletter.cli.serving_metrics import Instruments, MetricsPlace, metrics_at
from newsletter.cli.wording import line_of
from newsletter.clock import now
from newsletter.daemon import (
    READY,
    STOPPING,
    Pulse,
    service_manager,
    stop_on_signals,
)
from newsletter.errors import NewsletterError
from newsletter.publishing.publication import Books
from newsletter.publishing.tick import Happening, Tick
from newsletter.publishing.under_way import UnderWay
from newsletter.schedule import slot_instant
from newsletter.settings import TO_SEND
from newsletter.stopping import stopped_within

_LEAST_PAUSE = 0.05


def run(
    tick: Annotated[
        float, typer.Option("--tick", min=0.1, max=300, help="Seconds between two looks.")
    ] = 20.0,
    log_format: Annotated[
        LogFormat, typer.Option("--log-format", help="How it logs: text, or a JSON object a line.")
    ] = LogFormat.TEXT,
    serve: Annotated[
        bool, typer.Option("--serve", help="Serve the public site as well, as `serve` does.")
    ] = False,
    host: Host = HOST,
    port: Port = PORT,
    metrics: MetricsPlace = None,
    log_addresses: LogAddresses = False,
) -> None:
    """Keep the schedule until told to stop: send what is due, retry what was deferred.

    SIGTERM and Ctrl-C finish the messages under way and stop; start it again to continue.
    Several of these, on one machine or many, do no harm.
    """
    address = Address(host=host, port=port) if serve else None
    log = DaemonLog(log_format, names=log_addresses)
    asyncio.run(_run(tick, log, address, metrics))


async def _run(tick: float, log: DaemonLog, address: Address | None, metrics: str | None) -> None:
    publication = publication_here(quietly=True, needs=TO_SEND)
    publication.open_transport()  # what is wrong from the start is told at the start
    publication.secret_key()
    manager = service_manager(os.environ, os.getpid())
    pulse = Pulse(publication.open_database, publication.owner, manager, now)

    def stopping() -> None:
        leave_dead_terminal()
        log.say("stopping", "what is under way is finished")

    with (
        stop_on_signals(stopping) as stop,
        metrics_at(metrics, publication, log) as instruments,
        pulse,
    ):
        site = SiteBeside(address, stop, log) if address else None
        if site is not None:
            await site.open()
        name = publication.settings.publication.name
        log.say("running", f"{name}, a look every {tick:g} s")
        manager.tell(READY)
        daemon = _Daemon(
            tick=tick,
            stop=stop,
            pulse=pulse,
            log=log,
            has_site=site is not None,
            instruments=instruments,
        )
        await (daemon.work() if site is None else _both(daemon, site))
        manager.tell(STOPPING)
    log.say("stopped", "nothing is left under way")


async def _both(daemon: "_Daemon", site: SiteBeside) -> None:
    """Neither ends by what ends the other, but for the wish to stop."""
    await asyncio.gather(
        kept_going("the schedule", daemon.work, daemon.stop, daemon.log),
        kept_going("the site", site.go_on, daemon.stop, daemon.log),
    )


@dataclass
class _Daemon:
    """What it keeps from one tick to the next: nothing that matters, all that would be a nuisance.

    Settings and database are opened anew each time, so that a file that was changed or put in
    another's place is seen.
    """

    tick: float
    stop: asyncio.Event
    pulse: Pulse
    log: DaemonLog
    has_site: bool = False
    instruments: Instruments = field(default_factory=Instruments)
    under_way: UnderWay = field(default_factory=UnderWay)
    post: Post = field(default_factory=Post)
    watch: Watch = field(default_factory=Watch)

    async def work(self) -> None:
        """Look, now and again; what a look begins goes on beside the next ones."""
        try:
            while not self.stop.is_set():
                pause = await self._once()
                self.pulse.alive(self._doing("waiting"))
                await stopped_within(self.stop, pause)
        finally:
            self.watch.end()  # its thread would keep a process alive that a bug of ours has ended
        await self.under_way.rest()
        await self.post.rest()
        await self.watch.rest()

    def _doing(self, otherwise: str) -> str:
        """What people are shown: a send says it itself."""
        return "" if self.under_way else otherwise

    async def _once(self) -> float:
        """One tick, whatever goes wrong in it; how long to wait for the next, in seconds."""
        self.pulse.alive(self._doing("looking"))
        self.instruments.ticked()
        try:
            publication = self.instruments.watching(publication_here(quietly=True))
            with publication.reading() as books:
                await Tick(
                    publication=publication,
                    database=books.database,
                    hear=self._heard,
                    listener=DaemonListener(self.pulse, self.log, self.instruments),
                    stop=self.stop,
                    under_way=self.under_way,
                ).go()
                self.log.ended("")
                self.watch.go_on(publication, self.log)
                if not self.has_site:
                    self.post.go_on(publication, self.log)
                return self._pause(books)
        except NewsletterError as error:
            faults = "; ".join(error.faults)
            self.log.failed(line_of(error) + (f": {faults}" if faults else ""))
        return self.tick

    def _heard(self, happening: Happening) -> None:
        self.pulse.alive()
        self.log.happened(happening)

    def _pause(self, books: Books) -> float:
        """Not longer than until the next slot, so that it begins on the second."""
        moment = now()
        slots = books.database.slots.in_states(SlotState.SCHEDULED)
        left = [(slot_instant(slot) - moment).total_seconds() for slot in slots]
        return max(min([self.tick, *(seconds for seconds in left if seconds > 0)]), _LEAST_PAUSE)
