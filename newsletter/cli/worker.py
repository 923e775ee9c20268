"""`newsletter worker`: one of many processes that send runs together, on one PostgreSQL."""

import asyncio
import os
from typing import Annotated

import typer

from newsletter.books import Kind
from newsletter.cli.console import leave_dead_terminal
from newsletter.cli.daemon_listener import DaemonListener
from newsletter.cli.daemon_log import DaemonLog, LogAddresses, LogFormat
from newsletter.cli.opening import publication_here
from newsletter.cli.serving_metrics import Instruments, MetricsPlace, metrics_at
from newsletter.daemon import READY, STOPPING, Pulse, service_manager, stop_on_signals
from newsletter.publishing.publication import Publication
from newsletter.settings import TO_SEND
from newsletter.workers import SharedClock, Working, open_worker, set_clock


def worker(
    concurrency: Annotated[
        int,
        typer.Option(
            "--concurrency",
            min=1,
            max=100,
            help="Shards at a time; they divide the relay's connections among them.",
        ),
    ] = 2,
    log_format: Annotated[
        LogFormat, typer.Option("--log-format", help="How it logs: text, or a JSON object a line.")
    ] = LogFormat.TEXT,
    metrics: MetricsPlace = None,
    log_addresses: LogAddresses = False,
) -> None:
    """Send runs together with other machines, until told to stop. They share a PostgreSQL.

    `run` begins what is due, and leaves the sending to the workers where there are any. SIGTERM and
    Ctrl-C finish the messages under way and stop. Start as many as you like, wherever you like.
    """
    log = DaemonLog(log_format, names=log_addresses)
    publication = publication_here(quietly=True, needs=TO_SEND)
    publication.open_transport()  # what is wrong from the start is told at the start
    publication.secret_key()
    with metrics_at(metrics, publication, log) as instruments:
        asyncio.run(_work(concurrency, log, publication, instruments))


async def _work(
    concurrency: int, log: DaemonLog, publication: Publication, instruments: Instruments
) -> None:
    clock, manager = SharedClock(), service_manager(os.environ, os.getpid())
    pulse = Pulse(publication.open_database, publication.owner, manager, clock, kind=Kind.WORKER)

    def doing(words: str) -> None:
        pulse.alive(words)
        instruments.ticked()

    asked = Working(
        open_publication=lambda: instruments.watching(publication_here(quietly=True)),
        clock=clock,
        concurrency=concurrency,
        hear=log.happened,
        well=lambda: log.ended(""),
        doing=doing,
        listener=DaemonListener(pulse, log, instruments),
    )
    opened = open_worker(asked)
    set_clock(asked)

    def stopping() -> None:
        leave_dead_terminal()
        manager.tell(STOPPING)
        log.say("stopping", "what is under way is finished")

    with stop_on_signals(stopping) as stop, pulse:
        pulse.alive("waiting")
        log.say("running", _running(publication, concurrency))
        manager.tell(READY)
        await opened.go(stop)
    log.say("stopped", "nothing is left under way")


def _running(publication: Publication, concurrency: int) -> str:
    shards = f"{concurrency} shards" if concurrency > 1 else "1 shard"
    return f"{publication.settings.publication.name}, {shards} at a time"
