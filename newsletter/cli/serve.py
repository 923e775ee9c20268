"""`newsletter serve`: the public site, on which people read, join and leave."""

import asyncio
import os
from typing import Annotated

import typer

from newsletter.books import SERVING
from newsletter.cli.console import leave_dead_terminal, say, strong
from newsletter.cli.daemon_log import DaemonLog, LogFormat
from newsletter.cli.opening import publication_here
from newsletter.cli.serving import HOST, PORT, Address, Host, Port, SiteLog, serve_site
from newsletter.clock import now
from newsletter.daemon import (
    READY,
    STOPPING,
    Pulse,
    ServiceManager,
    beating,
    service_manager,
    stop_on_signals,
)


def serve(
    host: Host = HOST,
    port: Port = PORT,
    log_format: Annotated[
        LogFormat, typer.Option("--log-format", help="How it logs: text, or a JSON object a line.")
    ] = LogFormat.TEXT,
) -> None:
    """Serve the public site: archive, sign-up, the way out.

    Put a web server with TLS before it (docs/hosting.md). Ctrl-C finishes what is under way and
    stops. Confirmations are sent from here, or by `run` where only that has a relay.
    """
    asyncio.run(_serve(Address(host=host, port=port), DaemonLog(log_format)))


async def _serve(address: Address, log: DaemonLog) -> None:
    publication = publication_here()
    if publication.settings.environment.transport is not None:
        publication.open_transport()  # what is wrong from the start is told at the start
    publication.secret_key()
    manager = service_manager(os.environ, os.getpid())

    def listening(url: str) -> None:
        base_url = publication.settings.publication.base_url
        say(f"{strong(url)} answers for {base_url}")
        manager.tell(READY)

    def stopping() -> None:
        leave_dead_terminal()
        manager.tell(STOPPING)
        log.say("stopping", "what is under way is finished")

    hear = SiteLog(log).hear
    # The service manager hears of the loop's life, and people that the process is there.
    beats = publication.open_existing_database
    pulse = Pulse(beats, publication.owner, ServiceManager(), now, doing=SERVING)
    with stop_on_signals(stopping) as stop, pulse:
        async with beating(manager):
            await serve_site(publication, address, stop, hear=hear, listening=listening)
