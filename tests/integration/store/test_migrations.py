"""From every older schema, with people in it, to the newest."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import newsletter.store
from newsletter.books import (
    AuditAction,
    Deed,
    DeliveryState,
    NewSlot,
    PublicationKey,
    RunState,
    SlotState,
)
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


FILLED = """
INSERT INTO subscribers (id, address, address_key, first_name, state, created_at, updated_at)
VALUES (1, 'a@x.org', 'a@x.org', 'A', 'confirmed', 1, 1), (2, 'b@x.org', 'b@x.org', 'B',
 'confirmed', 1, 1);
INSERT INTO suppressions (address_key, reason, created_at) VALUES ('b@x.org', 'asked', 1);
INSERT INTO slots (id, issue, path, local_date, local_time, zone, state, scheduled_by, scheduled_at,
 digest, reason) VALUES (901, 'next', 'n.md', '2026-11-27', '07:00:00.000000', 'UTC', 'scheduled',
 'ada', 1, 'd', '');
INSERT INTO approvals (id, issue, digest, approved_by, approved_at, subject, text, inputs)
VALUES (901, 'next', 'd', 'ada', 1, 'S', '', '{}');
INSERT INTO notices (key, begun_at, ended_at) VALUES ('told', 1, 1);
INSERT INTO heartbeats (owner, started_at, beat_at, doing) VALUES ('daemon', 1, 1, 'waiting')
"""
AGAIN = NewSlot(
    issue="other",
    path="o.md",
    local_date=date(2026, 11, 27),
    local_time=time(7, 0),
    zone="UTC",
    digest="d",
)


def test_everything_there_was_is_the_first_publications(database_url: str) -> None:
    """A database of 0003, with something in every table, and a second publication beside it."""
    at(database_url, "0003")
    connections = Connections(parse_database_url(database_url))
    with connections.migrating() as connection:
        for row in FILLED.split(";"):
            connection.execute(text(row))
    connections.close()
    now = datetime(2026, 11, 1, tzinfo=UTC)
    five = PublicationKey(key="five", name="Five", is_given=False)
    other = PublicationKey(key="other", name="Other", is_given=True)

    with open_database(database_url, five) as first, open_database(database_url, other) as second:
        for one in (first, second):
            one.heartbeats.stop("nobody")
        keys = [member.key for member in first.subscribers.audience(now)]
        claimed = first.journal.claim(1, "me", now, timedelta(minutes=5), 9)

        assert ["a@x.org", "b@x.org"] == keys
        assert {"asked": 1} == first.subscribers.audience_counts(now).suppressed
        assert (["2021-11-26"], []) == ([run.issue for run in first.runs.all()], claimed)
        assert ["next"] == [slot.issue for slot in first.slots.in_states()]
        assert ["ada"] == [each.approved_by for each in first.approvals.of("next")]
        assert ["daemon"] == [each.owner for each in first.heartbeats.known()]
        assert not first.notices.begin("told", now)
        assert ("five", "") == (first.publication.key, first.publication.salt)
        assert [[], [], [], [], []] == [
            list(second.subscribers.audience(now)),
            second.runs.all(),
            second.slots.in_states(),
            second.approvals.of("next"),
            second.heartbeats.known(),
        ]
        assert second.notices.begin("told", now)
        with pytest.raises(StoreError, match="is taken by the issue next"):
            first.slots.schedule(AGAIN, "ada", now)
        second.slots.schedule(AGAIN, "ada", now)
        second.slots.schedule(replace(AGAIN, issue="next", local_time=time(8, 0)), "ada", now)
        assert [[], [1, 2]] == [[e.id for e in one.audit.entries()] for one in (first, second)]


def test_log_goes_on_behind_what_was_there_before_the_migration(database_url: str) -> None:
    at(database_url, "0003")
    connections = Connections(parse_database_url(database_url))
    with connections.migrating() as connection:
        connection.execute(text(OLD_ENTRY))
    connections.close()
    five = PublicationKey(key="five", name="Five", is_given=True)
    deed = Deed(
        by="ada", action=AuditAction.ALERTED, issue="", at=datetime(2026, 11, 1, tzinfo=UTC)
    )

    with open_database(database_url, five) as database:
        database.audit.append(deed)

        assert [1, 2] == [entry.id for entry in database.audit.entries()]
        assert database.audit.verify() is None


def test_approval_from_before_withdrawals_can_be_withdrawn_and_given_anew(
    database_url: str,
) -> None:
    at(database_url, "0003")
    connections = Connections(parse_database_url(database_url))
    with connections.migrating() as connection:
        for row in FILLED.split(";"):
            connection.execute(text(row))
    connections.close()
    now = datetime(2026, 11, 1, tzinfo=UTC)

    with open_database(database_url) as database:
        (old,) = database.approvals.of("next")
        (gone,) = database.approvals.withdraw("next", ["ada"], now).approvals
        database.approvals.add(old)

        assert (None, "", now) == (old.withdrawn_at, old.withdrawn_because, gone.withdrawn_at)
        assert {None, now} == {each.withdrawn_at for each in database.approvals.of("next")}


OLD_ENTRY = """
INSERT INTO audit (id, at, done_by, action, issue, digest, detail, chain)
VALUES (1, 1000, 'ada', 'alerted', 'i', 'd', 'x',
'c5ab4409e903d3892967a7ee8e9097159d1c8de959625df0acca5bce60c81b17')
"""
