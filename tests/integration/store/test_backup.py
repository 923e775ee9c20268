"""A copy of a database in use, and back: over SQLite and over PostgreSQL."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, select, text

from newsletter.addresses import AddrSpec
from newsletter.books import DeliveryState, NewRun, PublicationKey
from newsletter.errors import StoreError
from newsletter.store import Database, open_database, put_in_place
from newsletter.store.sql.schema import COPIED
from newsletter.subscribers import AudienceMember
from tests.people import bring

NOW = datetime(2021, 11, 26, 7, 0, tzinfo=UTC)
ISSUE = NewRun(issue="issue", digest="d", subject="S", message_date=NOW, text="naïve\nlines")


@pytest.fixture
def fresh_url(database_url: str, tmp_path: Path) -> Iterator[str]:
    """Another database of the same kind, with nothing in it."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/other.db"
        return
    name = f"other_{uuid.uuid4().hex}"
    engine = create_engine(
        database_url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(database_url).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def fill(database: Database) -> None:
    """Something in most tables."""
    bring(database, "email\n" + "".join(f"r{n}@example.com\n" for n in range(3)), NOW)
    database.suppressions.add("r1@example.com", "by hand", NOW)
    run = database.runs.open(ISSUE, database.subscribers.audience(NOW), NOW, by="ada")
    database.journal.claim(run.id, "me", NOW, timedelta(minutes=9), 1)


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.connect() as connection:
            return {
                table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
                for table in COPIED
            }
    finally:
        engine.dispose()


def test_a_copy_has_every_row_and_is_whole(database: Database, tmp_path: Path) -> None:
    fill(database)

    database.copy_to(tmp_path / "copy")
    with open_database(f"sqlite:///{tmp_path / 'copy'}") as copy:
        (run,) = copy.runs.all()

        assert copy.audit.verify() is None
        assert {
            DeliveryState.CLAIMED: 1,
            DeliveryState.PLANNED: 1,
            DeliveryState.SUPPRESSED: 1,
        } == (copy.runs.balance(run.id).counts)
        assert ISSUE.text == copy.runs.text_of(run.id)


def test_a_copy_is_not_written_over_anything(database: Database, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("mine")

    with pytest.raises(StoreError):
        database.copy_to(tmp_path / "copy")

    assert "mine" == (tmp_path / "copy").read_text()


def test_a_copy_comes_back_with_every_row_and_counts_on(
    database_url: str, fresh_url: str, tmp_path: Path
) -> None:
    with open_database(database_url) as database:
        fill(database)
        database.copy_to(tmp_path / "copy")
    before = rows_of(tmp_path / "copy")

    put_in_place(fresh_url, tmp_path / "copy", ".before")
    with open_database(fresh_url) as back:
        back.copy_to(tmp_path / "again")
        run = back.runs.open(
            NewRun(issue="next", digest="d", subject="S", message_date=NOW),
            [AudienceMember(subscriber_id=None, address=AddrSpec("x", "example.com"))],
            NOW,
            by="ada",
        )

        assert before == rows_of(tmp_path / "again")
        assert 1 == back.runs.balance(run.id)[DeliveryState.PLANNED]
        assert back.audit.verify() is None


def test_a_database_with_something_in_it_is_kept(
    database_url: str, fresh_url: str, tmp_path: Path
) -> None:
    with open_database(database_url) as database:
        fill(database)
        database.copy_to(tmp_path / "copy")
    with open_database(fresh_url) as other:
        fill(other)

    if fresh_url.startswith("sqlite"):
        kept = put_in_place(fresh_url, tmp_path / "copy", ".before")
        assert kept is not None
        with open_database(f"sqlite:///{kept}") as before:
            assert 1 == len(before.runs.all())
    else:
        with pytest.raises(StoreError, match="is not empty"):
            put_in_place(fresh_url, tmp_path / "copy", ".before")


def test_a_copy_comes_back_where_the_publication_was_only_looked_for(
    database_url: str, fresh_url: str, tmp_path: Path
) -> None:
    five = PublicationKey(key="five", name="Five", is_given=True)
    with open_database(database_url, five) as database:
        fill(database)
        database.copy_to(tmp_path / "copy")
    open_database(fresh_url, five).close()

    put_in_place(fresh_url, tmp_path / "copy", ".before")

    with open_database(fresh_url, five) as back:
        assert 1 == len(back.runs.all())
