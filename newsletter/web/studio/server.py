"""The server round the studio: it listens on this machine, and ends when it is told to.

There is one for a publication: whoever asks for a second is given a link into the first.
"""

import asyncio
import http.client
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from newsletter.errors import MissingExtraError, NewsletterError, OutputError
from newsletter.publishing.publication import Publication

if TYPE_CHECKING:
    import socket

    from starlette.types import ASGIApp

try:
    import uvicorn

    from newsletter.web.listening import HurriedProtocol, Server, authority_of, listen
    from newsletter.web.studio.accounts import account_of
    from newsletter.web.studio.app import create_app
    from newsletter.web.studio.faults import FaultLog
    from newsletter.web.studio.guard import Names
    from newsletter.web.studio.session import Session
    from newsletter.web.studio.state import State, StateFile, mark_of
    from newsletter.web.studio.studio import Studio
except ImportError as error:
    raise MissingExtraError("The studio", extra="studio") from error

STARTING = 10.0
"""Seconds in which a studio that has just been started says where it answers."""

ANSWERING = 5.0
"""Seconds in which one that runs has to answer."""

ENDING = 2.0
"""Seconds for answers under way when it is told to stop; a tab asks again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Where the studio is to answer; `port` 0 is the last one, or a free one. `path` is the page to
    begin at, `state` the folder that keeps what outlives the process.
    """

    state: Path
    host: str = "127.0.0.1"
    port: int = 0
    path: str = "/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """Where it answers. `link` may be opened once, by anybody who sees it; `own_link` by programs
    of whoever started it alone, for other accounts see what a browser is started with. `process` is
    that of the studio that ran already, 0 where it is this one.
    """

    url: str
    link: str
    own_link: str
    process: int = 0


async def serve(
    open_publication: Callable[[], Publication],
    asked: Asked,
    stop: asyncio.Event,
    started: Callable[[Started], object],
    *,
    hear: Callable[[str], object] = lambda _: None,
) -> None:
    """Serve until `stop` is set; `hear` is told, in a line, of every fault of ours.

    Where a studio of this publication runs already, `started` gets a link into it, and this
    returns. Raises OutputError where it cannot listen or keep its state, SettingsError.
    """
    publication = open_publication()
    mark = mark_of(publication.settings.folder)
    with StateFile(asked.state / f"studio-{mark}.json") as file:
        if not file.is_held:
            running = await _running(file)
            started(_entered(_session(running, mark), asked.path, running))
            return
        state = file.begin()
        with _listening(asked, state.port) as listener:
            host, port = listener.getsockname()[:2]
            state = replace(
                state,
                port=port,
                url=f"http://{authority_of(host, port)}",
                run=token_hex(16),
                process=os.getpid(),
            )
            file.write(state)
            session = _session(state, mark)
            with _studio(open_publication, session) as studio:
                log = FaultLog(asked.state / f"studio-{mark}.log", hear)
                app = create_app(studio, Names(host=host, port=port), log=log.path)
                started(replace(_entered(session, asked.path, state), process=0))
                await _serve(app, listener, stop, log)


def _session(state: State, mark: str) -> Session:
    return Session(key=state.key, name=f"studio_{mark}", run=state.run)


def _entered(session: Session, path: str, state: State) -> Started:
    def link(account: int | None) -> str:
        return f"{state.url}/enter/{session.new_link(account)}?to={quote(path)}"

    return Started(
        url=state.url, link=link(None), own_link=link(os.geteuid()), process=state.process
    )


async def _running(file: StateFile) -> State:
    """The studio that has the file, as soon as it answers. Raises NewsletterError for none."""
    for _ in range(int(STARTING / 0.1)):
        state = file.read()
        if state and state.url:
            if await asyncio.to_thread(_answers, state.url):
                return state
            raise NewsletterError(
                "the studio of this publication runs already, and does not answer",
                where=f"process {state.process}",
                next_step="end it, and start it again",
            )
        await asyncio.sleep(0.1)
    raise OutputError(
        "another studio of this publication is starting, and is not done with it",
        where=str(file.path),
        next_step="end it, and start it again",
    )


def _answers(url: str) -> bool:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=ANSWERING)
    try:
        connection.request("HEAD", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


@contextmanager
def _listening(asked: Asked, last: int) -> Iterator["socket.socket"]:
    """At the port asked for; else where its tabs are, or at a free one where that is taken."""
    if asked.port or not last:
        listener = listen(asked.host, asked.port, what="the studio")
    else:
        try:
            listener = listen(asked.host, last, what="the studio")
        except OutputError:
            listener = listen(asked.host, 0, what="the studio")
    with listener:
        yield listener


@contextmanager
def _studio(open_publication: Callable[[], Publication], session: Session) -> Iterator[Studio]:
    studio = Studio(open_publication=open_publication, session=session)
    try:
        yield studio
    finally:
        studio.workbench.shutdown(cancel_futures=True)


async def _serve(
    app: "ASGIApp", listener: "socket.socket", stop: asyncio.Event, log: FaultLog
) -> None:
    server = Server(_config(app))
    ending = asyncio.create_task(server.stop_with(stop))
    try:
        with log.heard():
            await server.serve(sockets=[listener])
    finally:
        ending.cancel()


def _config(app: "ASGIApp") -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Neighbourly,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=200,
        h11_max_incomplete_event_size=32 * 1024,
        timeout_graceful_shutdown=int(ENDING),
    )


class _Neighbourly(HurriedProtocol):
    """Knows which account of this machine is at the other end; the guard is told with each request.

    Asked once for a connection, which stays with whoever opened it.
    """

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        client, own = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
        account = account_of(client[:2], own[:2]) if client and own else None
        self.app_state = {**self.app_state, "account": account}
