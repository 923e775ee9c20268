"""A publication in a folder, its database, and its public site asked over ASGI as a proxy would."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from starlette.types import ASGIApp

from newsletter import wiring
from newsletter.addresses import parse_addr_spec
from newsletter.books import ArchivedIssue, OwedLetter
from newsletter.cli.wording import command_for
from newsletter.clock import now
from newsletter.issue import parse_issue, source_from_text
from newsletter.publishing.archive import publish_file
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.readers import Links, Purpose, Stamps, links_of, stamps_of
from newsletter.settings import Settings, load_settings
from newsletter.starter import starter_folder
from newsletter.store import Database, open_database
from newsletter.subscribers import Consent
from newsletter.web.public.app import create_app
from newsletter.web.public.site import Site, open_site
from tests.integration.store.conftest import postgresql_server as postgresql_server
from tests.integration.store.conftest import postgresql_url as postgresql_url

T = TypeVar("T")
KEY = "0123456789abcdef" * 4
READER = "reader@example.com"
HOME = "https://news.example.com"
ISSUE = """# The five biggest retail technology news stories of the week

It’s Friday, with the news of the week, including Walmart and Carrefour.

## 1. Walmart opens a shop on Twitter

Walmart sells on Twitter now. [Read the full story](https://example.org/walmart)

## 2. Carrefour opens a shop in Paris

Carrefour does without tills now.

---
Sign up for our free retail technology newsletter [here](https://news.example.com/subscribe).
"""


class Client:
    """Asks the site, in an event loop of its own, and follows nothing."""

    def __init__(self, app: ASGIApp, peer: tuple[str, int]) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=peer)
        self._client = httpx.AsyncClient(transport=transport, base_url=HOME)
        self._runner = asyncio.Runner()

    def request(self, method: str, path: str, **asked: Any) -> httpx.Response:
        return self._runner.run(self._client.request(method, path, **asked))

    def get(self, path: str, **asked: Any) -> httpx.Response:
        return self.request("GET", path, **asked)

    def post(self, path: str, **asked: Any) -> httpx.Response:
        return self.request("POST", path, **asked)

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Anything else, in the site's loop."""
        return self._runner.run(coroutine)

    def close(self) -> None:
        self._runner.close()


@dataclass
class World:
    """A publication, its books as a test looks at them, and its site as readers ask it."""

    folder: Path
    settings: Settings
    database: Database
    url: str
    site: Site
    app: ASGIApp
    client: Client
    heard: list[str]

    @property
    def publication(self) -> Publication:
        return self.site.publication

    @property
    def books(self) -> Books:
        return Books(publication=self.publication, database=self.database, by="ada@host")

    @property
    def links(self) -> Links:
        return links_of(self.books)

    @property
    def stamps(self) -> Stamps:
        return stamps_of(self.books)

    def add(self, address: str = READER, first_name: str = "Zoë") -> str:
        """A confirmed reader; their key."""
        spec = parse_addr_spec(address)
        consent = Consent(source="a test", at=now())
        self.database.membership.add(spec, first_name, consent, now(), by="ada")
        return spec.key

    def path(self, purpose: Purpose, key: str = READER) -> str:
        return self.links.path(purpose, key)

    def confirmation(self, key: str = READER, made_at: datetime | None = None) -> str:
        """The path of a confirmation's link."""
        link = self.links.confirmation(key, made_at or now())
        return link.removeprefix(HOME)

    def stamp(self, act: str, subject: str = "", made_at: datetime | None = None) -> str:
        return self.stamps.make(act, subject, made_at or now())

    def sign_up(self, address: str, first_name: str = "", **headers: str) -> httpx.Response:
        form = {"email": address, "first_name": first_name, "stamp": self.stamp("subscribe")}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post("/subscribe", data=form, headers=named)

    def state(self, key: str = READER) -> str:
        found = self.database.subscribers.find([key]).get(key)
        return found.state.value if found else ""

    def owed(self) -> Sequence[OwedLetter]:
        """The letters that are owed now, which are then in the hands of the test."""
        return self.database.letters.claim(1_000, now())

    def publish(self, text: str = ISSUE, name: str = "2021-11-26") -> None:
        issue = parse_issue(source_from_text(text, path=f"issues/{name}.md"))
        publish_file(replace(issue, date=issue.date or date(2021, 11, 26)), self.books)

    def keep(self, name: str, content: str) -> None:
        """Whatever a row of the archive may hold."""
        row = ArchivedIssue(
            name=name,
            local_date=date(2021, 11, 26),
            published_at=datetime(2021, 11, 26, 7, tzinfo=UTC),
            digest="",
            content=content,
        )
        self.database.archive.publish(row)

    def dump(self) -> Mapping[str, list[Any]]:
        """All that the database holds, by table."""
        with closing(sqlite3.connect(self.folder / "newsletter.db")) as connection:
            names = [
                name
                for (name,) in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
                )
            ]
            return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}


MakeWorld = Callable[..., World]


async def call(
    world: World,
    method: str,
    path: str,
    headers: list[tuple[bytes, bytes]],
    *incoming: dict[str, Any],
) -> list[dict[str, Any]]:
    """One request as a server hands it over, which may hold what no client library sends."""
    waiting, sent = [*incoming], list[dict[str, Any]]()

    async def receive() -> dict[str, Any]:
        if waiting:
            return waiting.pop(0)
        await asyncio.sleep(3_600)
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode("utf-8", "surrogateescape"),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "client": ("192.0.2.1", 1),
        "headers": headers,
    }
    await world.app(scope, receive, send)
    return sent


def stamp_in(page: str) -> str:
    """The stamp of the last form on a page: the page's own, for the frame has none."""
    stamps: list[str] = re.findall(r'name="stamp"\s+value="([^"]+)"', page)
    return stamps[-1]


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them: making one takes a second."""
    path = tmp_path_factory.mktemp("new") / "newsletter.db"
    open_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def make_world(tmp_path: Path, new_database: Path) -> Iterator[MakeWorld]:
    """Makes a world; `edit` puts texts into newsletter.toml, each in place of another."""
    opened: list[World] = []

    def make(
        edit: Mapping[str, str] | None = None,
        url: str = "",
        *,
        peer: tuple[str, int] = ("192.0.2.1", 50_000),
        **environ: str,
    ) -> World:
        text = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")
        for before, after in (edit or {}).items():
            assert before in text, before
            text = text.replace(before, after, 1)
        (tmp_path / "newsletter.toml").write_text(text, encoding="utf-8")
        if not url:
            shutil.copy(new_database, tmp_path / "newsletter.db")
            url = f"sqlite:///{tmp_path}/newsletter.db"
        values = {
            "NEWSLETTER_SECRET_KEY": KEY,
            "NEWSLETTER_TRANSPORT": f"directory:{tmp_path}/sent/",
            "NEWSLETTER_DATABASE": url,
        }
        settings = load_settings(tmp_path, values | environ)
        publication = wiring.publication_of(settings, word=command_for, warn=lambda _: None)
        heard: list[str] = []
        database = open_database(url, settings.key)
        site = open_site(publication)
        app = create_app(site, hear=heard.append)
        world = World(tmp_path, settings, database, url, site, app, Client(app, peer), heard)
        opened.append(world)
        return world

    yield make
    for world in opened:
        world.site.shelf.close()
        world.client.close()
        world.site.books.close()
        world.database.close()


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """One confirmed reader, one issue, one topic."""
    topic = 'topics = [{ tag = "uk", name = "Britain" }]'
    made = make_world({"[site]": f"[site]\n{topic}"})
    made.add()
    made.publish()
    return made
