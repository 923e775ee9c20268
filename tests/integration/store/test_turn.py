"""A turn of the journal: outcomes and beginnings in one transaction, on the quick way or not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from newsletter.addresses import AddrSpec
from newsletter.books import Attempt, Delivery, DeliveryState, NewRun, Outcome, Turn
from newsletter.errors import StoreError
from newsletter.store import Database
from newsletter.store.journal import sqlite_turn
from newsletter.subscribers import AudienceMember
from tests.new_database import open_new

NOW = datetime(2021, 11, 26, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
ISSUE = "2021-11-26"
CLAIMED, IN_DOUBT = DeliveryState.CLAIMED, DeliveryState.IN_DOUBT
ACCEPTED, DEFERRED = DeliveryState.ACCEPTED, DeliveryState.DEFERRED


def claimed(database: Database, *names: str) -> list[Delivery]:
    audience = [
        AudienceMember(subscriber_id=None, address=AddrSpec(name, "example.com"), first_name=name)
        for name in names
    ]
    run = database.runs.open(
        NewRun(issue=ISSUE, digest="d1", subject="Five stories", message_date=NOW),
        audience,
        NOW,
        by="ada",
    )
    return database.journal.claim(run.id, "one", NOW, LEASE, len(names))


def heard(delivery: Delivery, state: DeliveryState = ACCEPTED, words: str = "queued") -> Outcome:
    attempt = Attempt(
        started_at=NOW,
        ended_at=NOW,
        stage="final-dot",
        code=None if state is IN_DOUBT else 250,
        enhanced_code="2.0.0",
        text=words,
        transport="smtp://relay",
    )
    due = NOW + LEASE if state is DEFERRED else None
    return Outcome(delivery=delivery, state=state, attempt=attempt, next_attempt_at=due)


def states(database: Database) -> dict[str, DeliveryState]:
    found = database.audiences.failures(ISSUE, set(DeliveryState))
    return {failure.recipient.local_part: failure.state for failure in found}


def attempts(database: Database) -> list[tuple[object, ...]]:
    with database._connections.reading() as connection:
        found = connection.execute(text("SELECT number, code, text FROM attempts ORDER BY id"))
        return [tuple(row) for row in found]


def test_turn_writes_outcomes_and_beginnings_at_once(database: Database) -> None:
    ada, bob, eve, zoe = claimed(database, "ada", "bob", "eve", "zoe")
    assert Turn() == database.journal.turn([], [ada, bob], NOW)

    words = "a reply, \x00 and é"
    turn = database.journal.turn([heard(ada, words=words), heard(bob, DEFERRED)], [eve], NOW)

    assert Turn() == turn
    assert states(database) == {"ada": ACCEPTED, "bob": DEFERRED, "eve": IN_DOUBT, "zoe": CLAIMED}
    assert [(1, 250, "a reply, \ufffd and é"), (1, 250, "queued")] == attempts(database)
    assert NOW + LEASE == database.journal.next_due(ada.run_id)
    assert zoe.epoch == 1


def test_turn_writes_nothing_of_an_owner_whose_shard_was_taken(database: Database) -> None:
    """It slept through its lease; the doubt it left is another's to settle now."""
    ada, bob = claimed(database, "ada", "bob")
    database.journal.turn([], [ada], NOW)
    database.journal.claim(ada.run_id, "two", NOW + LEASE, LEASE, 2)

    outcome = heard(ada)
    turn = database.journal.turn([outcome], [bob], NOW + LEASE)

    assert Turn(late=[outcome], refused=[bob]) == turn
    assert states(database) == {"ada": IN_DOUBT, "bob": CLAIMED}
    assert [] == attempts(database)


def test_turn_writes_all_but_what_is_not_as_it_was_claimed(database: Database) -> None:
    ada, bob, eve, zoe = claimed(database, "ada", "bob", "eve", "zoe")
    database.journal.turn([], [ada, bob], NOW)
    database.journal.turn([heard(ada)], [zoe], NOW)

    refused = heard(ada, DeliveryState.REFUSED)
    turn = database.journal.turn([refused, heard(bob)], [eve, zoe], NOW)

    assert Turn(late=[refused], refused=[zoe]) == turn
    assert states(database) == {"ada": ACCEPTED, "bob": ACCEPTED, "eve": IN_DOUBT, "zoe": IN_DOUBT}
    assert 2 == len(attempts(database))


def test_turn_begins_nothing_when_a_message_is_begun_twice(database: Database) -> None:
    (ada,) = claimed(database, "ada")

    turn = database.journal.turn([], [ada, ada], NOW)

    assert [ada] == list(turn.refused)
    assert {"ada": IN_DOUBT} == states(database)


def test_turn_keeps_a_doubt_that_no_reply_has_ended(database: Database) -> None:
    ada, bob = claimed(database, "ada", "bob")
    database.journal.turn([], [ada], NOW)

    turn = database.journal.turn([heard(ada, IN_DOUBT, "timed out")], [bob], NOW)

    assert not turn.late
    assert not turn.refused
    assert {"ada": IN_DOUBT, "bob": IN_DOUBT} == states(database)
    assert [(1, None, "timed out")] == attempts(database)


def test_turn_writes_nothing_when_a_part_of_it_fails(database: Database) -> None:
    """All of a turn or nothing of it, and the connection is fit for the next one."""
    ada, bob = claimed(database, "ada", "bob")
    database.journal.turn([], [ada], NOW)
    with database._connections.writing() as connection:
        connection.execute(text("ALTER TABLE attempts RENAME TO elsewhere"))

    with pytest.raises(StoreError, match="attempts"):
        database.journal.turn([heard(ada)], [bob], NOW)

    with database._connections.writing() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO attempts"))
    assert {"ada": IN_DOUBT, "bob": CLAIMED} == states(database)
    assert Turn() == database.journal.turn([heard(ada)], [bob], NOW)


def test_driver_undoes_what_was_not_committed(database: Database) -> None:
    claimed(database, "ada")
    connections = database._connections

    with connections.driver() as driver:
        driver.exec_driver_sql("UPDATE deliveries SET state = 'in_doubt'")
    assert {"ada": CLAIMED} == states(database)

    with connections.driver() as driver:
        driver.exec_driver_sql("UPDATE deliveries SET state = 'in_doubt'")
        driver.commit()
    assert {"ada": IN_DOUBT} == states(database)


def test_turn_takes_no_doubt_for_content_that_never_went_out(database: Database) -> None:
    (ada,) = claimed(database, "ada")

    doubt = heard(ada, IN_DOUBT, "timed out")
    turn = database.journal.turn([doubt], [], NOW)

    assert [doubt] == list(turn.late)
    assert {"ada": CLAIMED} == states(database)


def test_turn_with_many_kinds_of_outcomes_is_one_transaction(database: Database) -> None:
    ada, bob, eve, zoe = claimed(database, "ada", "bob", "eve", "zoe")
    database.journal.turn([], [ada, bob, eve], NOW)

    outcomes = [
        heard(ada, words="queued as 1"),
        heard(bob, DEFERRED),
        heard(eve, DeliveryState.REFUSED),
    ]
    refused = database.journal.turn(outcomes, [eve], NOW)  # eve is not claimed any more
    assert [eve] == list(refused.refused)
    assert {"ada": ACCEPTED, "bob": DEFERRED, "eve": DeliveryState.REFUSED, "zoe": CLAIMED} == (
        states(database)
    )
    assert Turn() == database.journal.turn([], [zoe], NOW)
    assert ["queued as 1", "queued", "queued"] == [words for _, _, words in attempts(database)]


def test_turn_on_sqlite_is_one_statement(tmp_path: Path) -> None:
    """Each statement has to get Python's lock back from a busy event loop."""
    with open_new(tmp_path / "newsletter.db") as database:
        ada, bob = claimed(database, "ada", "bob")
        database.journal.turn([], [ada], NOW)
        said: list[str] = []
        with database._connections.keeping() as connection:
            connection.set_trace_callback(said.append)

        assert Turn() == database.journal.turn([heard(ada)], [bob], NOW)

        assert 1 == len(set(said)), "what the trigger does is told under the same words"
        assert states(database) == {"ada": ACCEPTED, "bob": IN_DOUBT}


def test_turn_is_the_same_on_an_old_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_turn, "IS_KNOWN", False)
    with open_new(tmp_path / "newsletter.db") as database:
        ada, bob = claimed(database, "ada", "bob")
        assert Turn() == database.journal.turn([], [ada], NOW)
        assert Turn() == database.journal.turn([heard(ada)], [bob], NOW)
        assert states(database) == {"ada": ACCEPTED, "bob": IN_DOUBT}
        assert [(1, 250, "queued")] == attempts(database)


def test_turn_suppresses_whoever_has_left_since_the_claim(database: Database) -> None:
    ada, bob, eve = claimed(database, "ada", "bob", "eve")
    database.journal.turn([], [ada], NOW)
    database.suppressions.add("bob@example.com", "complained", NOW)
    database.membership.leave("ada@example.com", NOW)

    turn = database.journal.turn([heard(ada)], [bob, eve], NOW)

    assert Turn(suppressed=(bob,), late=[], refused=[]) == turn
    suppressed = DeliveryState.SUPPRESSED
    assert {"ada": ACCEPTED, "bob": suppressed, "eve": IN_DOUBT} == states(database)
    (found,) = database.audiences.failures(ISSUE, {suppressed})
    assert "complained" == found.reason
    assert [bob] == list(database.journal.turn([], [bob], NOW).refused)
