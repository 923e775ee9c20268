"""From every older schema, with people in it, to the newest."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import newsletter.store
from newsletter.books import AuditAction, DeliveryState, NewSlot, RunState, SlotState
from newsletter.errors import StoreError
from newsletter.store import open_database
from newsletter.store.sql.connections import Connections
from newsletter.store.sql.database_url import parse_database_url

ROWS = """
INSERT INTO runs (id, issue, digest, subject, message_date, started_at, state, frozen)
VALUES (1, '2021-11-26', 'd1', 'Five', 1000, 1000, 'running', 2);
INSERT INTO shards (id, run_id, number, epoch) VALUES (1, 1, 1, 3);
INSERT INTO deliveries (id, run_id, shard_id, issue, recipient_key, recipient, fields, state,
 attempts, enhanced_code, reply_text, reason, updated_at)
VALUES (1, 1, 1, '2021-11-26', 'a@x.org', 'a@x.org', '{}', 'accepted', 1, '', 'ok', '', 1000),
 (2, 1, 1, '2021-11-26', 'b@x.org', 'b@x.org', '{}', 'in_doubt', 0, '', '', '', 1000);
INSERT INTO attempts (id, delivery_id, number, started_at, ended_at, stage, enhanced_code, text,
 transport) VALUES (1, 1, 1, 1000, 1000, 'final-dot', '', 'ok', 'smtp://relay')
"""


def at_0001(url: str) -> None:
    at(url, "0001")


def at(url: str, version: str) -> None:
    """A database as that version left it, with a run in it."""
    connections = Connections(parse_database_url(url))
    config = Config()
    folder = Path(newsletter.store.__file__).parent / "sql/migrations"
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "newline")
    with connections.migrating() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        for row in ROWS.split(";"):
            connection.execute(text(row))
    connections.close()


def test_migration_keeps_everything_and_allows_the_new_states(database_url: str) -> None:
    at_0001(database_url)

    with open_database(database_url) as database:
        (run,) = database.runs.all()
        states = {
            f.recipient.local_part: f.state
            for f in database.audiences.failures(run.issue, set(DeliveryState))
        }
        paused = database.runs.pause(run.issue, "ada@host", run.started_at)
        cancelled = database.runs.cancel(run.issue, "ada@host", run.started_at)
        with database._connections.reading() as connection:
            attempts = connection.execute(text("SELECT count(*) FROM attempts")).scalar()

    assert (1, None, "Five") == (attempts, run.controlled_by, run.subject)
    assert {"a": DeliveryState.ACCEPTED, "b": DeliveryState.IN_DOUBT} == states
    assert (RunState.PAUSED, RunState.CANCELLED) == (paused.state, cancelled.state)


def test_migrated_tables_still_hold_their_foreign_keys_and_states(database_url: str) -> None:
    at_0001(database_url)

    with open_database(database_url) as database:
        connections = database._connections
        for statement in (
            "DELETE FROM runs",
            "UPDATE deliveries SET state = 'sent'",
            "UPDATE runs SET state = 'sent'",
            "INSERT INTO shards (run_id, number, epoch) VALUES (9, 1, 0)",
        ):
            with pytest.raises(StoreError) as raised, connections.writing() as connection:
                connection.execute(text(statement))
            assert isinstance(raised.value.__cause__, IntegrityError), statement


@pytest.mark.parametrize("version", ["0001", "0002", "0003"])
def test_a_run_of_every_older_database_may_be_any_of_todays_states(
    database_url: str, version: str
) -> None:
    at(database_url, version)

    with open_database(database_url) as database:
        for state in RunState:
            with database._connections.writing() as connection:
                connection.execute(text("UPDATE runs SET state = :state"), {"state": state.value})
            (run,) = database.runs.all()

            assert state is run.state


@pytest.mark.parametrize("version", ["0001", "0002"])
def test_migration_adds_the_schedule_book_to_every_older_database(
    database_url: str, version: str
) -> None:
    at(database_url, version)
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    wanted = NewSlot(
        issue="2026-11-27",
        path="issues/2026-11-27.md",
        local_date=date(2026, 11, 27),
        local_time=time(7, 0),
        zone="Europe/London",
        digest="d1",
    )

    with open_database(database_url) as database:
        (run,) = database.runs.all()
        slot = database.slots.schedule(wanted, "ada", now)
        with pytest.raises(StoreError, match="already has a run"):
            database.slots.schedule(replace(wanted, issue=run.issue), "ada", now)
        has_it = [str(member.address) for member in database.audiences.accepted(run.issue)]
        entries = [(entry.id, entry.action) for entry in database.audit.entries()]
        refused = pytest.raises(StoreError, match="append-only")
        with refused, database._connections.writing() as connection:
            connection.execute(text("DELETE FROM audit"))

    assert (None, ["a@x.org"]) == (run.corrects, has_it)
    assert (SlotState.SCHEDULED, [(1, AuditAction.SCHEDULED)]) == (slot.state, entries)


def test_migration_refuses_what_foreign_keys_would_not_let_through(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/newsletter.db"
    at_0001(url)
    connections = Connections(parse_database_url(url))
    refused = pytest.raises(StoreError, match="refers to rows that are not there")
    with refused, connections.migrating() as connection:
        connection.execute(text("DELETE FROM shards"))
    connections.close()
