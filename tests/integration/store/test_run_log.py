"""What is done to a run stands in the audit log, in the same transaction, or was not done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import text

from newsletter.addresses import parse_addr_spec
from newsletter.books import (
    AuditAction,
    DeliveryState,
    NewRun,
    NewSlot,
    Outcome,
    Run,
    RunState,
    SlotState,
)
from newsletter.errors import StoreError
from newsletter.process import this_process
from newsletter.store import Database
from newsletter.subscribers import AudienceMember

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=10)
ISSUE = "2026-11-27"
NAMES = ("ada", "bob", "eve")


def new_run(issue: str = ISSUE, corrects: str | None = None) -> NewRun:
    return NewRun(issue=issue, digest="d1", subject="Five", message_date=NOW, corrects=corrects)


def people(*names: str) -> Iterator[AudienceMember]:
    for name in names:
        address = parse_addr_spec(f"{name}@example.com")
        yield AudienceMember(subscriber_id=None, address=address, first_name=name)


def open_run(database: Database, *, owner: str = "") -> Run:
    return database.runs.open(new_run(), people(*NAMES), NOW, by="ada", owner=owner)


def schedule(database: Database) -> NewSlot:
    slot = NewSlot(
        issue=ISSUE,
        path="issues/2026-11-27.md",
        local_date=date(2026, 11, 27),
        local_time=time(7),
        zone="UTC",
        digest="d0",
    )
    database.slots.schedule(slot, "eve", NOW)
    return slot


def log(database: Database) -> list[tuple[str, AuditAction, str, str, str]]:
    return [
        (entry.by, entry.action, entry.issue, entry.digest, entry.detail)
        for entry in database.audit.entries()
    ]


def actions(database: Database) -> list[AuditAction]:
    return [entry.action for entry in database.audit.entries()]


def settle_all(database: Database, run: Run, state: DeliveryState) -> None:
    claims = database.journal.claim(run.id, "me", NOW, LEASE, 9)
    database.journal.turn([], claims, NOW)
    if state is not DeliveryState.IN_DOUBT:
        database.journal.turn([Outcome(delivery=each, state=state) for each in claims], [], NOW)
    database.journal.release(run.id, "me", NOW)


def slot_state(database: Database) -> SlotState:
    slot = database.slots.find(ISSUE)
    assert slot is not None
    return slot.state


def test_opening_a_run_is_logged_once(database: Database) -> None:
    run = open_run(database)
    open_run(database)
    database.runs.open(new_run(), people(*NAMES, "zoe"), NOW, by="eve", extend=True)

    assert [("ada", AuditAction.STARTED, ISSUE, "d1", "to 3 people")] == log(database)
    assert 4 == database.runs.balance(run.id).frozen


def test_opening_a_correction_says_what_it_corrects(database: Database) -> None:
    settle_all(database, open_run(database), DeliveryState.ACCEPTED)
    wanted, audience = new_run("fix", ISSUE), database.audiences.accepted(ISSUE)

    database.runs.open(wanted, audience, NOW, by="eve")

    detail = f"to 3 people, correcting {ISSUE}"
    assert ("eve", AuditAction.CORRECTED, "fix", "d1", detail) == log(database)[-1]


def test_opening_a_run_takes_the_slot_of_its_issue(database: Database) -> None:
    slot, owner = schedule(database), this_process(NOW)

    open_run(database, owner=owner)

    started = database.slots.find(ISSUE)
    assert started is not None
    assert (SlotState.STARTED, owner, NOW) == (
        started.state,
        started.started_by,
        started.started_at,
    )
    who = owner.partition(" [")[0]
    assert (who, AuditAction.STARTED, ISSUE, "d0", f"its slot: {slot}") == log(database)[-1]


def test_opening_a_run_in_a_slot_that_is_claimed_already_logs_nothing_more(
    database: Database,
) -> None:
    schedule(database)
    database.slots.start(ISSUE, "the same process, say", NOW)

    open_run(database)

    assert [AuditAction.SCHEDULED, AuditAction.STARTED] == actions(database)


def test_opening_a_run_that_cannot_be_leaves_its_slot_alone(database: Database) -> None:
    schedule(database)

    with pytest.raises(StoreError, match="empty"):
        database.runs.open(new_run(), people(), NOW, by="ada")

    assert SlotState.SCHEDULED is slot_state(database)
    assert [AuditAction.SCHEDULED] == actions(database)


def test_end_of_a_run_is_logged_once_with_its_counts(database: Database) -> None:
    run = open_run(database)
    database.runs.finish(run.id, "too early", NOW)
    settle_all(database, run, DeliveryState.ACCEPTED)

    for by in ("ada", "eve"):
        assert database.runs.finish(run.id, by, NOW).complete

    assert ("ada", AuditAction.FINISHED, ISSUE, "d1", "3 accepted") == log(database)[-1]
    assert [AuditAction.STARTED, AuditAction.FINISHED] == actions(database)


def test_end_of_a_run_ends_its_slot(database: Database) -> None:
    slot = schedule(database)
    run = open_run(database)
    settle_all(database, run, DeliveryState.ACCEPTED)

    database.runs.finish(run.id, "ada", NOW)
    database.runs.finish(run.id, "eve", NOW)

    assert SlotState.DONE is slot_state(database)
    assert ("ada", AuditAction.FINISHED, ISSUE, "d0", f"its slot: {slot}") == log(database)[-1]
    assert 1 == actions(database).count(AuditAction.FINISHED)


def test_slot_of_a_cancelled_run_ends_too(database: Database) -> None:
    schedule(database)
    run = open_run(database)
    database.runs.cancel(ISSUE, "ada", NOW)

    assert SlotState.STARTED is slot_state(database)
    database.runs.finish(run.id, "the schedule", NOW)

    assert SlotState.DONE is slot_state(database)
    assert [AuditAction.CANCELLED, AuditAction.FINISHED] == actions(database)[-2:]


def test_slot_of_a_run_that_is_over_ends_by_the_next_who_asks(database: Database) -> None:
    """As an older version leaves it, whose process died between the two."""
    run = open_run(database)
    settle_all(database, run, DeliveryState.ACCEPTED)
    database.runs.finish(run.id, "ada", NOW)
    with database._connections.writing() as connection:
        connection.execute(text(f"UPDATE runs SET issue = 'elsewhere' WHERE id = {run.id}"))
    schedule(database)
    database.slots.start(ISSUE, "a dead process", NOW)
    with database._connections.writing() as connection:
        connection.execute(text(f"UPDATE runs SET issue = '{ISSUE}' WHERE id = {run.id}"))

    database.runs.finish(run.id, "the schedule", NOW)

    assert SlotState.DONE is slot_state(database)


def test_every_control_is_logged_when_it_changes_something(database: Database) -> None:
    run = open_run(database)
    for by in ("ada", "bob"):
        database.runs.pause(ISSUE, by, NOW)
    database.runs.resume(ISSUE, "eve", NOW)
    for by in ("zoe", "max"):
        database.runs.cancel(ISSUE, by, NOW)
    database.runs.finish(run.id, "max", NOW)

    assert [
        ("ada", AuditAction.PAUSED, ISSUE, "d1", "3 left"),
        ("eve", AuditAction.RESUMED, ISSUE, "d1", "3 left"),
        ("zoe", AuditAction.CANCELLED, ISSUE, "d1", "3 left"),
    ] == log(database)[1:]


def test_every_word_on_a_doubt_is_logged_without_the_address(database: Database) -> None:
    run = open_run(database)
    settle_all(database, run, DeliveryState.IN_DOUBT)

    database.doubts.resolve(ISSUE, "ada@example.com", accepted=True, by="eve", now=NOW)
    for by in ("policy", "policy again"):
        database.doubts.resolve_all(ISSUE, accepted=False, by=by, now=NOW, reason="sent again")

    assert [
        ("eve", AuditAction.RESOLVED, ISSUE, "d1", "1 accepted: resolved by hand"),
        ("policy", AuditAction.RESOLVED, ISSUE, "d1", "2 planned: sent again"),
    ] == log(database)[1:]


def test_words_of_the_relays_log_are_one_entry(database: Database) -> None:
    run = open_run(database)
    settle_all(database, run, DeliveryState.IN_DOUBT)
    reasons = {"ada@example.com": "line 1", "bob@example.com": "line 2"}

    database.doubts.resolve_all(ISSUE, accepted=True, by="eve", now=NOW, reasons=reasons)

    assert [("eve", AuditAction.RESOLVED, ISSUE, "d1", "2 accepted")] == log(database)[1:]


ACTS: dict[str, Callable[[Database, Run], object]] = {
    "open": lambda books, _: books.runs.open(new_run("next"), people("ada"), NOW, by="ada"),
    "pause": lambda books, _: books.runs.pause(ISSUE, "ada", NOW),
    "cancel": lambda books, _: books.runs.cancel(ISSUE, "ada", NOW),
    "resolve": lambda books, _: books.doubts.resolve(
        ISSUE, "ada@example.com", accepted=False, by="ada", now=NOW
    ),
    "resolve all": lambda books, _: books.doubts.resolve_all(
        ISSUE, accepted=False, by="ada", now=NOW
    ),
    "finish": lambda books, run: books.runs.finish(run.id, "ada", NOW),
}


@contextmanager
def log_that_fails(database: Database) -> Iterator[None]:
    with database._connections.writing() as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO hidden"))
    try:
        yield
    finally:
        with database._connections.writing() as connection:
            connection.execute(text("ALTER TABLE hidden RENAME TO audit"))


def books_of(database: Database) -> object:
    runs = database.runs.all()
    doubts = [database.runs.balance(run.id) for run in runs]
    return runs, doubts, list(database.doubts.resolutions(runs[0].id))


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_that_cannot_be_logged(act: str, database: Database) -> None:
    """So that no crash between the two can lose the entry."""
    run = open_run(database)
    settle_all(database, run, DeliveryState.IN_DOUBT)
    before = books_of(database)

    with log_that_fails(database), pytest.raises(StoreError):
        ACTS[act](database, run)

    assert before == books_of(database)
    ACTS[act](database, run)
    assert before != books_of(database)


def test_resuming_is_not_done_when_it_cannot_be_logged(database: Database) -> None:
    open_run(database)
    paused = database.runs.pause(ISSUE, "ada", NOW)

    with log_that_fails(database), pytest.raises(StoreError):
        database.runs.resume(ISSUE, "ada", NOW)

    assert paused == database.runs.find(ISSUE)
    assert RunState.RUNNING is database.runs.resume(ISSUE, "ada", NOW).state
