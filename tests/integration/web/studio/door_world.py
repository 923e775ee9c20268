"""A studio that really listens, and clients that ask it as browsers and others would."""

import asyncio
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import httpx

from newsletter import wiring
from newsletter.cli.wording import command_for
from newsletter.publishing.publication import Publication
from newsletter.settings import load_settings
from newsletter.web.studio import Asked, Started, serve
from tests.pace import patience

ROOT = Path(__file__).parents[4]
NAME = "2021-11-26"
EVIL = "http://evil.example"


def lay_out(folder: Path) -> Path:
    """The example publication and its issue."""
    for name in ("newsletter.toml", f"issues/{NAME}.md"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, path)
    (folder / "images").mkdir(exist_ok=True)
    return folder


def opened(folder: Path) -> Publication:
    environment = {
        "NEWSLETTER_SECRET_KEY": "0123456789abcdef" * 4,
        "NEWSLETTER_TRANSPORT": f"directory:{folder}/sent/",
        "NEWSLETTER_DATABASE": f"sqlite:///{folder}/newsletter.db",
    }
    settings = load_settings(folder, environment)
    return wiring.publication_of(settings, word=command_for, warn=lambda _: None)


@dataclass
class Door:
    """A studio while it runs. `heard` is what it told of its own faults."""

    folder: Path
    state: Path
    started: Started
    heard: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.started.url

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    def stranger(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=patience(30))

    def inside(self) -> "Inside":
        """A browser that has come in by the link."""
        client = self.stranger()
        entered = client.post(self.started.link, headers={"Origin": self.url})
        assert 200 == entered.status_code, entered.text
        found = re.search(r'name="studio-token" content="(\w+)"', client.get("/").text)
        assert found
        return Inside(client, self.url, found[1])

    def talk(self, octets: bytes) -> bytes:
        """What is answered to these octets, whatever they are, until the studio hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=patience(30)) as client:
            client.sendall(octets)
            pieces = []
            while piece := client.recv(65_536):
                pieces.append(piece)
        return b"".join(pieces)


@dataclass
class Inside:
    """A client with a session, and the token of its pages."""

    client: httpx.Client
    url: str
    token: str

    @property
    def cookie(self) -> str:
        [(name, value)] = self.client.cookies.items()
        return f"{name}={value}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Origin": self.url, "x-studio-token": self.token}

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=headers)

    def post(self, path: str, json: object, **headers: str) -> httpx.Response:
        return self.client.post(path, json=json, headers={**self.headers, **headers})


@contextmanager
def door(folder: Path, state: Path, **asked: object) -> Iterator[Door]:
    """The studio of a folder, in a thread and a loop of its own, until the block ends."""
    begun: list[Started] = []
    heard: list[str] = []
    faults: list[BaseException] = []
    ready, ended = Event(), Event()
    stop = asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    def started(found: Started) -> None:
        begun.append(found)
        ready.set()

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        wished = Asked(state=state, **asked)  # type: ignore[arg-type]
        await serve(lambda: opened(folder), wished, stop, started, hear=heard.append)

    def work() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:  # noqa: BLE001 - the test is told
            faults.append(error)
        finally:
            ended.set()
            ready.set()

    thread = Thread(target=work, daemon=True)
    thread.start()
    assert ready.wait(patience(60))
    if faults:
        raise faults[0]
    try:
        yield Door(folder, state, begun[0], heard)
    finally:
        if not ended.is_set():
            loops[0].call_soon_threadsafe(stop.set)
        thread.join(patience(60))
        assert not thread.is_alive()
    if faults:
        raise faults[0]
