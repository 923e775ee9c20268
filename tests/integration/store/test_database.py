import multiprocessing
import os
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

import newsletter.store
from newsletter.errors import MissingExtraError, StoreError
from newsletter.store import Database, Suppressions, open_database
from newsletter.store.sql.columns import metadata
from newsletter.store.sql.connections import Connections
from newsletter.store.sql.database_url import parse_database_url
from newsletter.store.sql.schema import HEAD, VERSION_TABLE
from tests.people import bring


@contextmanager
def connections(url: str) -> Iterator[Connections]:
    found = Connections(parse_database_url(url))
    try:
        yield found
    finally:
        found.close()


@contextmanager
def without_root() -> Iterator[Path]:
    """A folder where permissions count: they mean nothing to root, so be nobody for a while."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    is_root = os.geteuid() == 0
    if is_root:
        shutil.chown(folder, "nobody")
        os.seteuid(folder.stat().st_uid)
    try:
        yield folder
    finally:
        if is_root:
            os.seteuid(0)
        shutil.rmtree(folder)


def test_open_database_makes_the_schema_that_the_tables_say(database_url: str) -> None:
    open_database(database_url).close()

    with connections(database_url) as found, found.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})

        assert [] == compare_metadata(context, metadata)
        assert context.get_current_revision() == HEAD


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option(
        "script_location", str(Path(newsletter.store.__file__).parent / "sql/migrations")
    )
    config.set_main_option("path_separator", "newline")

    assert [HEAD] == list(ScriptDirectory.from_config(config).get_heads())


def test_open_database_finds_what_was_written(database_url: str, now: datetime) -> None:
    with open_database(database_url) as database:
        bring(database, "email\nada@example.com\n", now)

    with open_database(database_url) as database:
        assert ["ada@example.com"] == [member.key for member in database.subscribers.audience(now)]


def test_open_database_loads_no_alembic_when_the_schema_is_there(database_url: str) -> None:
    open_database(database_url).close()
    program = (
        f"import sys; from newsletter.store import open_database; open_database({database_url!r});"
        "sys.exit('alembic' in sys.modules)"
    )

    assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", program]) == 0


@pytest.mark.parametrize("processes", [4])
def test_open_database_makes_one_when_many_come_first(database_url: str, processes: int) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes) as pool:
        names = pool.map(_open_and_name, [database_url] * processes)

    assert len(set(names)) == 1


def _open_and_name(url: str) -> str:
    with open_database(url) as database:
        assert database.runs.all() == []
        return database.name


def test_open_database_makes_one_when_many_threads_come_first(database_url: str) -> None:
    """As a daemon's do, with its heartbeat and its site: Alembic itself is for one at a time."""
    together = Barrier(3)

    def opened(_: int) -> int:
        together.wait()
        with closing(open_database(database_url)) as database:
            return len(database.runs.all())

    with ThreadPoolExecutor(3) as threads:
        counts = list(threads.map(opened, range(3)))

    assert [0, 0, 0] == counts


def test_open_database_refuses_what_a_newer_version_made(database_url: str) -> None:
    open_database(database_url).close()
    with connections(database_url) as found, found.writing() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))

    with pytest.raises(StoreError, match="a newer newsletter made it: its schema is 9999"):
        open_database(database_url)


def test_open_database_refuses_tables_of_another_program(database_url: str) -> None:
    url = parse_database_url(database_url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE subscribers (id integer)"))
    engine.dispose()

    with pytest.raises(StoreError, match="belongs to another program"):
        open_database(database_url)


def test_sqlite_connections_are_durable_and_hold_foreign_keys(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/newsletter.db"
    open_database(url).close()

    with connections(url) as found, found.reading() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    full = 2
    assert values == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 60_000,
    }


def test_sqlite_file_is_its_owners_alone(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path}/newsletter.db").close()

    assert [(tmp_path / "newsletter.db")] == list(tmp_path.iterdir())
    assert stat.S_IMODE((tmp_path / "newsletter.db").stat().st_mode) == 0o600


@pytest.mark.postgresql
def test_postgresql_connections_are_durable_whatever_the_server_says(postgresql_url: str) -> None:
    off = f"{postgresql_url}&options=-csynchronous_commit%3Doff"

    with connections(off) as found, found.reading() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"


@pytest.mark.postgresql
def test_open_database_refuses_a_read_only_server(postgresql_url: str) -> None:
    with pytest.raises(StoreError, match="read-only"):
        open_database(f"{postgresql_url}&options=-cdefault_transaction_read_only%3Don")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "the file is empty"),
        (b"\x00" * 8192, "file is not a database"),
        (b"email,first_name\n" * 500, "file is not a database"),
    ],
)
def test_open_database_refuses_a_file_that_is_none(
    tmp_path: Path, content: bytes, what: str
) -> None:
    path = tmp_path / "newsletter.db"
    path.write_bytes(content)

    with pytest.raises(StoreError, match=what):
        open_database(f"sqlite:///{path}")

    assert content == path.read_bytes()


def test_open_database_refuses_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "newsletter.db"
    open_database(f"sqlite:///{path}").close()
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 20_000)

    with pytest.raises(StoreError, match=r"malformed|not a database"):
        open_database(f"sqlite:///{path}")


def test_open_database_names_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the folder for the database does not exist"):
        open_database(f"sqlite:///{tmp_path}/no/such/newsletter.db")
    with pytest.raises(StoreError, match="this is a folder"):
        open_database(f"sqlite:///{tmp_path}")

    assert [] == list(tmp_path.iterdir())


def test_open_database_refuses_a_read_only_file() -> None:
    with without_root() as folder:
        path = folder / "newsletter.db"
        open_database(f"sqlite:///{path}").close()
        path.chmod(0o400)

        with pytest.raises(StoreError, match="cannot be written to"):
            open_database(f"sqlite:///{path}")


def test_open_database_refuses_a_folder_it_cannot_write_to() -> None:
    with without_root() as folder:
        folder.chmod(0o500)

        with pytest.raises(StoreError, match="cannot be created: Permission denied"):
            open_database(f"sqlite:///{folder}/newsletter.db")

        folder.chmod(0o700)


def test_writing_says_so_when_the_file_has_become_read_only(now: datetime) -> None:
    with without_root() as folder:
        path = folder / "newsletter.db"
        open_database(f"sqlite:///{path}").close()
        path.chmod(0o400)
        with connections(f"sqlite:///{path}") as found:
            found.enter(1)
            list_ = Suppressions(found)
            with pytest.raises(StoreError, match=r"readonly|unable to open"):
                list_.add("ada@example.com", "test", now)


def test_writing_is_taken_back_whole_when_it_fails(database: Database) -> None:
    columns = "address_key, reason, created_at, publication_id"
    rows = "('ada@example.com', 'test', 0, 1)", "('ada@example.com', 'again', 0, 1)"

    def write() -> None:
        with database._connections.writing() as connection:
            for row in rows:
                connection.exec_driver_sql(f"INSERT INTO suppressions ({columns}) VALUES {row}")

    with pytest.raises(StoreError, match=r"(?i)unique"):
        write()

    assert not database.suppressions.find("ada@example.com")


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("", "cannot be understood"),
        ("newsletter.db", "cannot be understood"),
        ("sqlite://", "in memory"),
        ("sqlite://ada:secret@/:memory:", "three slashes"),
        ("sqlite://ada:secret@host/news.db", "three slashes"),
        ("postgresql://ada:secret/news", "cannot be understood"),
        ("postgresql://ada:7777777/news", "cannot be understood"),
        ("postgresql://ada:secret@one:1,two:2/news", "cannot be understood"),
        ("postgresql://ada:p@sssecret/word@127.0.0.1:1/news", "%2F %3F %23 %40 %25"),
        ("postgresql://ada:p@s?secret#@127.0.0.1:1/news", "%2F %3F %23 %40 %25"),
        ("postgresql://a/da:secret@127.0.0.1:1/news", "%2F %3F %23 %40 %25"),
        ("postgresql://ada@corp:secret@127.0.0.1:1/news", "%2F %3F %23 %40 %25"),
        ("postgresql://ada:secret@127.0.0.1:1/news@secret", "%2F %3F %23 %40 %25"),
        ("sqlite:///:memory:", "in memory"),
        ("mysql://root:secret@host/db", "“mysql” is not a kind of database we know"),
    ],
)
def test_open_database_says_how_a_url_is_written(url: str, what: str) -> None:
    with pytest.raises(StoreError, match=what) as caught:
        open_database(url)

    assert "sqlite:///newsletter.db" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "777" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:secret@127.0.0.1:1/news",
        "postgresql://ada:pass/secret@127.0.0.1:1/news",
        "postgresql://ada:pass?secret@127.0.0.1:1/news",
        "postgresql://ada:pass#secret%zz@127.0.0.1:1/news",
        "postgresql://ada:pass%40sec%72et@127.0.0.1:1/news",
        "postgresql://ada%3Asecret@127.0.0.1:1/news",
        "postgresql://ada@127.0.0.1:1/news?password=secret",
        "postgresql://ada@127.0.0.1:1/news?sslmode=disable&password=secret",
        "postgresql://ada@127.0.0.1:1/news?password=a&secret=b&c",
    ],
)
def test_open_database_masks_the_password_of_a_server_that_is_not_there(url: str) -> None:
    pytest.importorskip("psycopg")

    with pytest.raises(StoreError) as caught:
        open_database(url)

    assert "secret" not in str(caught.value)
    assert "127.0.0.1:1/news" in str(caught.value)


def test_open_database_names_the_extra_when_psycopg_is_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(MissingExtraError, match="extra “postgresql”"):
        open_database("postgresql://host/db")


def test_instant_refuses_a_naive_datetime(database: Database) -> None:
    naive = datetime(2021, 11, 26)  # noqa: DTZ001

    with pytest.raises(ValueError, match="naive"):
        database.suppressions.add("ada@example.com", "test", naive)
    with pytest.raises(ValueError, match="naive"):
        database.membership.leave("ada@example.com", naive)


def test_writing_names_the_other_writer_when_it_waited_too_long(tmp_path: Path) -> None:
    path = tmp_path / "newsletter.db"
    open_database(f"sqlite:///{path}").close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with connections(f"sqlite:///{path}") as found:
            with found.reading() as connection:
                connection.exec_driver_sql("PRAGMA busy_timeout = 50")
            with pytest.raises(StoreError, match="another process is writing"), found.writing():
                pass
    finally:
        other.close()
