"""Each test that asks for `database_url` runs over SQLite and over a real PostgreSQL."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from newsletter.store import Database, open_database
from newsletter.store.sql.columns import metadata
from tests.neighbour import OURS, move_in
from tests.pace import patience

# The server dies with the test run, even when that is killed: prctl(PR_SET_PDEATHSIG, SIGQUIT).
LAUNCHER = """
import ctypes, os, sys
if os.getuid() == 0:
    os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[1]))
ctypes.CDLL(None).prctl(1, 3)
os.execv(sys.argv[3], sys.argv[3:])
"""


def postgresql_binaries() -> Path | None:
    """PGBIN, PATH (/usr/local/bin is on it, or is looked at), then Debian's newest version."""
    places = [Path(os.environ["PGBIN"])] if "PGBIN" in os.environ else []
    if found := shutil.which("postgres"):
        places.append(Path(found).resolve().parent)
    places.append(Path("/usr/local/bin"))
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    places += sorted(debian, key=lambda place: float(place.parent.name), reverse=True)
    return next(
        (
            place
            for place in places
            if (place / "postgres").exists() and (place / "initdb").exists()
        ),
        None,
    )


class Server:
    """A PostgreSQL of our own: a folder, a unix socket in it, a process in the foreground.

    Only one that `is_durable` waits for the disk: whoever measures needs it, and no test does.
    """

    def __init__(self, binaries: Path, folder: Path, *, is_durable: bool = False) -> None:
        self.folder = folder
        user, group = os.getuid(), os.getgid()
        if user == 0:  # PostgreSQL refuses to run as root
            import pwd

            nobody = pwd.getpwnam("nobody")
            user, group = nobody.pw_uid, nobody.pw_gid
            os.chown(folder, user, group)
        as_user = [sys.executable, "-c", LAUNCHER, str(user), str(group)]
        data = str(folder / "data")
        initdb = [str(binaries / "initdb"), "-D", data, "-U", "newsletter", "--no-sync"]
        subprocess.run(
            [*as_user, *initdb, "-A", "trust", "--locale=C", "--encoding=UTF8"],
            check=True,
            capture_output=True,
            cwd=folder,
        )
        options = ["-k", str(folder), "-c", "listen_addresses="]
        options += [] if is_durable else ["-c", "fsync=off"]
        self._log = (folder / "log").open("wb")
        self._command = [*as_user, str(binaries / "postgres"), "-D", data, *options]
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdout=self._log, stderr=self._log, cwd=self.folder
        )
        self._wait()

    def crash_and_restart(self) -> None:
        """As after a crash: all connections are cut, and the log is replayed before it answers."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(timeout=patience())
        self._start()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Down as after a crash, and up again at the end of the block."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(timeout=patience())
        try:
            yield
        finally:
            self._start()

    def url(self, database: str) -> str:
        return f"postgresql://newsletter@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        url = self.url("postgres").replace("postgresql:", "postgresql+psycopg:")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=patience())
        self._log.close()

    def _wait(self) -> None:
        deadline = time.monotonic() + patience()
        while True:
            try:
                return self.execute("SELECT 1")
            except OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.05)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    binaries = postgresql_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server binaries found (PGBIN, PATH, /usr/lib/postgresql)")
    pytest.importorskip("psycopg", reason="psycopg, the extra “postgresql”, is not installed")
    # Not pytest's tmp_path: a unix socket's path has 107 bytes, and root's tmp_path is root's.
    folder = Path(tempfile.mkdtemp(prefix="nl-", dir="/tmp"))
    server = Server(binaries, folder)
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    postgresql_server.execute(f"CREATE DATABASE {name}")
    yield postgresql_server.url(name)
    postgresql_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that is not there yet (SQLite) or has no tables (PostgreSQL)."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/newsletter.db"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "newsletter.db"
    move_in(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_kept(postgresql_server: Server) -> str:
    """The URL of a database that each test finds as it was: a new one takes fifty times as long."""
    postgresql_server.execute("CREATE DATABASE kept")
    url = postgresql_server.url("kept")
    move_in(url)
    from psycopg import connect  # an extra, which may not be here

    with connect(url) as connection:
        connection.execute("CREATE SCHEMA kept")
        for name in metadata.tables:
            connection.execute(f"CREATE TABLE kept.{name} AS TABLE {name}")
        connection.execute(
            "CREATE TABLE kept.counters AS SELECT sequencename::text AS name, last_value"
            " FROM pg_sequences WHERE schemaname = 'public'"
        )
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with all tables, and nothing of ours in them, but all that is a neighbour's."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "newsletter.db")
        url = f"sqlite:///{tmp_path}/newsletter.db"
    else:
        url = request.getfixturevalue("postgresql_kept")
        _bring_back(url)
    with open_database(url, OURS) as database:
        yield database


def _bring_back(url: str) -> None:
    """Whatever a test did: rows, counters, and the triggers of the log that is only added to."""
    from psycopg import connect

    with connect(url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        for name in metadata.tables:
            connection.execute(
                f"DELETE FROM {name};"
                f"INSERT INTO {name} OVERRIDING SYSTEM VALUE SELECT * FROM kept.{name}"
            )
        connection.execute("ALTER TABLE audit ENABLE TRIGGER ALL")
        connection.execute(
            "SELECT setval(name::regclass, coalesce(last_value, 1), last_value IS NOT NULL)"
            " FROM kept.counters"
        )


@pytest.fixture
def now() -> datetime:
    return datetime(2021, 11, 26, 7, 0, tzinfo=UTC)
