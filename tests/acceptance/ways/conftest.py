"""Three ways to send, one PostgreSQL for all, and a publication laid out once for each kind of
database.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.acceptance.publication import Publication, clean_environment
from tests.acceptance.schedule_world import issue_text
from tests.acceptance.ways.relay import Relay
from tests.acceptance.ways.world import ISSUE, TODAY, Way, World, people
from tests.integration.store.conftest import Server, postgresql_binaries

MEMORY = Path("/dev/shm")
"""A killed process loses nothing that the kernel has, so no disk need be waited for here."""


@dataclass
class Grounds:
    """`folder` has a laid out publication for each kind of database; PostgreSQL keeps the rest."""

    folder: Path
    _server: Server | None = None
    _laid_out: set[str] = field(default_factory=set)
    _stack: ExitStack = field(default_factory=ExitStack)

    def server(self) -> Server:
        if self._server is None:
            binaries = postgresql_binaries()
            if binaries is None:
                pytest.skip(
                    "no PostgreSQL server binaries found (PGBIN, PATH, /usr/lib/postgresql)"
                )
            pytest.importorskip("psycopg", reason="the extra “postgresql” is not installed")
            # A unix socket's path has 107 bytes, and root's tmp_path is root's.
            folder = Path(tempfile.mkdtemp(prefix="nl-", dir="/tmp"))
            self._stack.callback(shutil.rmtree, folder)
            self._server = Server(binaries, folder)
            self._stack.callback(self._server.stop)
        return self._server

    def close(self) -> None:
        self._stack.close()

    def lay_out(self, folder: Path, kind: str) -> None:
        if kind in self._laid_out:
            return
        folder.mkdir()
        if kind == "postgresql":
            self.server().execute("CREATE DATABASE laid_out")
        publication = Publication(folder, self.environment(folder, kind, "laid_out"))
        publication.lay_out()
        settings = folder / "newsletter.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("[house]\n", "[house]\nmemory = 0\n", 1), "utf-8")
        issue = folder / f"issues/{ISSUE}.md"
        issue.write_text(issue_text(date=TODAY), encoding="utf-8")
        for command in (
            ("subscribers", "import", people(folder), "--yes"),
            ("approve", issue, "--by", "Ada Lovelace"),
        ):
            done = publication.run(*command)
            assert done.status == 0, done.out + done.err
        self._laid_out.add(kind)

    def environment(self, folder: Path, kind: str, database: str) -> dict[str, str]:
        url = f"sqlite:///{folder}/newsletter.db"
        if kind == "postgresql":
            url = self.server().url(database)
        return {**clean_environment(), "NEWSLETTER_DATABASE": url}

    @contextmanager
    def world(self, way: Way) -> Iterator[World]:
        """A copy of its own; whatever it started has ended well at the end, or is killed."""
        kind = "sqlite" if way is Way.SQLITE else "postgresql"
        if way is Way.WORKERS:
            pytest.importorskip("procrastinate", reason="the extra “workers” is not installed")
        self.lay_out(self.folder / kind, kind)
        name = f"way_{uuid.uuid4().hex[:12]}"
        folder = self.folder / name
        shutil.copytree(self.folder / kind, folder)
        if kind == "postgresql":
            self.server().execute(f"CREATE DATABASE {name} TEMPLATE laid_out")
        with Relay() as relay:
            environment = self.environment(folder, kind, name)
            publication = Publication(folder, environment)
            world = World(way, publication, environment["NEWSLETTER_DATABASE"], relay)
            world.over(relay.url())
            try:
                yield world
                world.close()
            finally:
                world.abandon()
        if kind == "postgresql":
            self.server().execute(f"DROP DATABASE {name} WITH (FORCE)")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def grounds() -> Iterator[Grounds]:
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place, prefix="newsletter-ways-") as name:
        grounds = Grounds(Path(name))
        try:
            yield grounds
        finally:
            grounds.close()


@pytest.fixture(
    params=[
        Way.SQLITE,
        pytest.param(Way.POSTGRESQL, marks=pytest.mark.postgresql),
        pytest.param(Way.WORKERS, marks=pytest.mark.postgresql),
    ],
    ids=lambda way: way.value,
)
def world(request: pytest.FixtureRequest, grounds: Grounds) -> Iterator[World]:
    """A world for each of the three ways."""
    with grounds.world(request.param) as world:
        yield world


OpenWorld = Callable[[Way], World]
