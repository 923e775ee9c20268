"""The public site in the hands of a command: by itself, or beside the daemon.

Beside the daemon it has a thread and an event loop of its own, so that a look at the schedule,
which reads, renders and waits for the database, keeps no reader waiting. The web front is loaded
where it is asked for, for it is an extra.
"""

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any

import typer

from newsletter.cli.daemon_log import DaemonLog, Level
from newsletter.cli.opening import publication_here
from newsletter.cli.wording import line_of
from newsletter.errors import NewsletterError
from newsletter.publishing.publication import Publication
from newsletter.stopping import stopped_within

HOST, PORT = "127.0.0.1", 8080

Host = Annotated[str, typer.Option("--host", help="The address to listen on.")]
Port = Annotated[
    int, typer.Option("--port", min=0, max=65_535, help="Its port; 0 takes a free one.")
]

AGAIN = 30.0
"""Seconds after which what broke off is begun again."""

_SAID = 60.0
"""Seconds in which the site says the same line once, however many requests it is true of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where the site answers; port 0 is a free one."""

    host: str
    port: int


@dataclass
class SiteLog:
    """What the site says, in the log of the process that serves it. For one thread."""

    log: DaemonLog
    clock: Callable[[], float] = time.monotonic
    _said: dict[str, float] = field(default_factory=dict)

    def hear(self, text: str) -> None:
        """Said as a warning, for nothing is heard of what goes well."""
        moment = self.clock()
        self._said = {said: at for said, at in self._said.items() if moment - at < _SAID}
        if text not in self._said:
            self._said[text] = moment
            self.log.say("site", text, level=Level.WARNING)


async def serve_site(
    publication: Publication,
    address: Address,
    stop: asyncio.Event,
    *,
    hear: Callable[[str], object],
    listening: Callable[[str], object],
) -> None:
    """Serve until `stop` is set. Raises MissingExtraError, OutputError."""
    from newsletter.web.public import Serving, serve

    asked = Serving(host=address.host, port=address.port, hear=hear)
    await serve(publication, asked, stop, listening)


async def serve_apart(
    publication: Publication,
    address: Address,
    stop: asyncio.Event,
    *,
    hear: Callable[[str], object],
    listening: Callable[[str], object],
) -> None:
    """The same in a thread of its own, where `hear` and `listening` are called."""
    loop = asyncio.get_running_loop()
    began: asyncio.Future[Callable[[], object]] = loop.create_future()

    async def site() -> None:
        own, here = asyncio.Event(), asyncio.get_running_loop()
        loop.call_soon_threadsafe(began.set_result, partial(here.call_soon_threadsafe, own.set))
        await serve_site(publication, address, own, hear=hear, listening=listening)

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="site") as thread:
        serving = loop.run_in_executor(thread, lambda: asyncio.run(site()))
        end = await began
        await first_of(serving, stop)
        with suppress(RuntimeError):  # it has ended by itself, and its loop with it
            end()
        await serving


async def first_of(work: asyncio.Future[Any], event: asyncio.Event) -> None:
    """Return when the work is done, or the event has come."""
    wished = asyncio.create_task(event.wait())
    both: set[asyncio.Future[Any]] = {work, wished}
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    wished.cancel()


@dataclass
class SiteBeside:
    """The site beside a daemon's work, in the daemon's log, until the one `stop` of both."""

    address: Address
    stop: asyncio.Event
    log: DaemonLog
    _serving: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Return when it listens. Raises what keeps it from that."""
        loop, listens = asyncio.get_running_loop(), asyncio.Event()
        self._serving = self._begin(lambda: loop.call_soon_threadsafe(listens.set))
        await first_of(self._serving, listens)
        if self._serving.done():
            self._serving.result()

    async def go_on(self) -> None:
        """What was opened, to its end; or once more from the beginning."""
        serving, self._serving = self._serving or self._begin(lambda: None), None
        await serving

    def _begin(self, listens: Callable[[], object]) -> asyncio.Task[None]:
        publication = publication_here(quietly=True)

        def listening(url: str) -> None:
            base_url = publication.settings.publication.base_url
            self.log.say("serving", f"{url} answers for {base_url}")
            listens()

        hear = SiteLog(self.log).hear
        serving = serve_apart(publication, self.address, self.stop, hear=hear, listening=listening)
        return asyncio.create_task(serving)


async def kept_going(
    name: str, work: Callable[[], Awaitable[None]], stop: asyncio.Event, log: DaemonLog
) -> None:
    """Work that goes on until `stop` is set, whatever breaks it off; others go on meanwhile.

    A bug of ours is told with its traceback, on one line, as it would be if it ended the process.
    """
    while True:
        try:
            await work()
            return
        except NewsletterError as error:
            said = "; ".join([line_of(error), *error.faults])
        except Exception as error:  # noqa: BLE001 - whatever it is, the other work must not end by it
            said = "".join(traceback.format_exception(error))
        text = f"{name} broke off, and is begun again in {AGAIN:g} s: {said}"
        log.say("error", text, level=Level.ERROR)
        if await stopped_within(stop, AGAIN):
            return
