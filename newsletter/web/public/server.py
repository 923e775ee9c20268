"""The server round the site: it listens, hangs up on whoever dawdles, and sends the letters owed.

How it listens, and how it hangs up, is `listening`'s. Nothing is logged of who asks for what: a
path may hold a reader's token.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.errors import MissingExtraError, NewsletterError
from newsletter.publishing.publication import Publication
from newsletter.publishing.readers import forget_unconfirmed, send_letters

if TYPE_CHECKING:
    from starlette.types import ASGIApp

try:
    import uvicorn

    from newsletter.web.listening import HurriedProtocol, Server, authority_of, listen
    from newsletter.web.public.app import create_app
    from newsletter.web.public.site import Site, open_site
except ImportError as error:
    raise MissingExtraError("The public site", extra="web") from error

HEADER_TIME = 10.0
"""Seconds for all headers of a request, from its first octet."""

WRITE_TIME = 60.0
"""Seconds for a client to take in what was written: our largest picture, over a bad telephone."""

MOST_CONNECTIONS = 500
MOST_HEADERS = 32 * 1024
THREADS = 32
"""In which forms wait for the database, so that many share a transaction; Python's own number, six
on two processors, would make a commit of every few."""

KEEP_ALIVE = 15
"""Seconds between two requests of a connection."""

BREATH = 0.05
"""Seconds between two batches of letters: others wait for the database too."""

FORGET = 600.0
"""Seconds between two looks for whom nobody waits for any more."""

LETTERS = 20.0
"""Seconds between two looks for letters that are owed; one of our own is sent at once."""

LAST_LETTERS = 15.0
"""Seconds for those in hand when the site is told to stop; the others are owed still."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Serving:
    """Where the site answers; `port` 0 is a free one. `hear` is told what happens, in lines."""

    host: str = "127.0.0.1"
    port: int = 8080
    hear: Callable[[str], object] = lambda _: None


async def serve(
    publication: Publication,
    asked: Serving,
    stop: asyncio.Event,
    listening: Callable[[str], object] = lambda _: None,
) -> None:
    """Serve until `stop` is set; `listening` is told the address where it answers.

    Requests under way are finished first. Raises OutputError where it cannot listen.
    """
    listener = listen(asked.host, asked.port, what="the site")
    owed = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="forms"))
    site = open_site(publication, lambda: loop.call_soon_threadsafe(owed.set))
    server = Server(_config(create_app(site, hear=asked.hear)))
    host, port = listener.getsockname()[:2]
    listening(f"http://{authority_of(host, port)}")
    post = asyncio.create_task(_keep_posting(site, owed, stop, asked.hear))
    ending = asyncio.create_task(server.stop_with(stop))
    try:
        with _heard(asked.hear):
            await server.serve(sockets=[listener])
    finally:
        ending.cancel()
        owed.set()
        if stop.is_set():
            await asyncio.wait({post}, timeout=LAST_LETTERS)
        post.cancel()
        await asyncio.gather(post, ending, return_exceptions=True)
        site.shelf.close()
        site.books.close()


@contextlib.contextmanager
def _heard(hear: Callable[[str], object]) -> Iterator[None]:
    """What uvicorn has to complain of, told as all else is: a traceback too is one line."""
    logger, heard = logging.getLogger("uvicorn.error"), _Heard(hear)
    logger.addHandler(heard)
    try:
        yield
    finally:
        logger.removeHandler(heard)


class _Heard(logging.Handler):
    def __init__(self, hear: Callable[[str], object]) -> None:
        super().__init__(logging.WARNING)
        self._hear = hear

    def emit(self, record: logging.LogRecord) -> None:
        self._hear(" ".join(self.format(record).split()))


async def _keep_posting(
    site: Site, owed: asyncio.Event, stop: asyncio.Event, hear: Callable[[str], object]
) -> None:
    """Confirmations go out at once, and those that could not, when their time has come.

    Those in hand when the site stops are sent before it ends.
    """
    said, forgotten = "", 0.0
    while not stop.is_set():
        owed.clear()  # before the look: one that comes in the middle of it is not to wait
        pause = LETTERS
        try:
            books = await asyncio.to_thread(site.books)
            if time.monotonic() - forgotten > FORGET:
                await asyncio.to_thread(forget_unconfirmed, books)
                forgotten = time.monotonic()
            pause = BREATH if await send_letters(books) else LETTERS
            said = ""
        except Exception as error:  # noqa: BLE001 - a letter that breaks us is not the last one owed
            fault = _fault(error)
            if fault != said:
                said = fault
                hear(f"letters wait: {said}")
        if pause is BREATH:
            await asyncio.sleep(pause)
            continue
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(owed.wait(), pause)


def _fault(error: Exception) -> str:
    """Of ours the sentence with its particulars, of others the kind alone."""
    if isinstance(error, NewsletterError):
        return "; ".join([str(error), *error.faults])
    return type(error).__name__


def _config(app: "ASGIApp") -> uvicorn.Config:
    class Hurried(HurriedProtocol):
        header_time = HEADER_TIME
        write_time = WRITE_TIME

    return uvicorn.Config(
        app,
        http=Hurried,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=MOST_HEADERS,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=15,
    )
