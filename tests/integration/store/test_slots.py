"""The slots of the schedule book, over both databases."""

import multiprocessing
import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from newsletter.addresses import AddrSpec
from newsletter.books import AuditAction, NewRun, NewSlot, Slot, SlotState
from newsletter.errors import StoreError
from newsletter.process import this_process
from newsletter.store import Database, open_database
from newsletter.subscribers import AudienceMember
from tests.neighbour import OURS

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ISSUE = "2026-11-27"


def slot(issue: str = ISSUE, day: str = "2026-11-27", zone: str = "Europe/London") -> NewSlot:
    return NewSlot(
        issue=issue,
        path=f"issues/{issue}.md",
        local_date=date.fromisoformat(day),
        local_time=time(7, 0),
        zone=zone,
        digest="d1",
    )


def actions(database: Database) -> list[AuditAction]:
    return [entry.action for entry in database.audit.entries()]


def test_schedule_keeps_wall_time_and_zone_as_they_were_said(database: Database) -> None:
    row = database.slots.schedule(slot(), "ada", NOW)

    expected = Slot(
        issue=ISSUE,
        path="issues/2026-11-27.md",
        local_date=date(2026, 11, 27),
        local_time=time(7, 0),
        zone="Europe/London",
        state=SlotState.SCHEDULED,
        scheduled_by="ada",
        scheduled_at=NOW,
        digest="d1",
    )
    assert expected == row
    assert expected == database.slots.find(ISSUE)
    assert "2026-11-27 07:00 Europe/London" == str(row) == str(slot())
    (entry,) = database.audit.entries()
    assert ("ada", AuditAction.SCHEDULED, ISSUE) == (entry.by, entry.action, entry.issue)
    assert ("d1", str(row)) == (entry.digest, entry.detail)


def test_slot_has_a_wall_time_without_a_zone_of_its_own() -> None:
    with pytest.raises(ValueError, match="no zone of its own"):
        NewSlot(
            issue=ISSUE,
            path="",
            local_date=date(2026, 11, 27),
            local_time=time(7, tzinfo=UTC),
            zone="UTC",
            digest="",
        )


def test_slots_are_in_the_order_of_their_wall_times(database: Database) -> None:
    for issue, day in (("c", "2026-12-11"), ("a", "2026-11-27"), ("b", "2026-12-04")):
        database.slots.schedule(slot(issue, day), "ada", NOW)
    database.slots.start("a", "me", NOW)
    database.slots.unschedule("c", "ada", NOW)

    assert ["a", "b", "c"] == [row.issue for row in database.slots.in_states()]
    assert ["b"] == [row.issue for row in database.slots.in_states(SlotState.SCHEDULED)]
    wanted = database.slots.in_states(SlotState.CANCELLED, SlotState.STARTED)
    assert ["a", "c"] == [row.issue for row in wanted]
    assert None is database.slots.find("d")


def test_schedule_names_the_issue_that_has_the_slot(database: Database) -> None:
    database.slots.schedule(slot("first"), "ada", NOW)

    with pytest.raises(StoreError) as raised:
        database.slots.schedule(slot("second"), "bob", NOW)
    elsewhere = database.slots.schedule(slot("third", zone="Europe/Berlin"), "bob", NOW)

    assert (
        "the slot 2026-11-27 07:00 Europe/London is taken by the issue first" == raised.value.what
    )
    assert "second" == raised.value.where
    assert SlotState.SCHEDULED is elsewhere.state
    assert None is database.slots.find("second")
    assert [AuditAction.SCHEDULED] * 2 == actions(database)


def test_schedule_refuses_a_second_slot_for_the_issue(database: Database) -> None:
    database.slots.schedule(slot(), "ada", NOW)
    said = []
    for state in (SlotState.SCHEDULED, SlotState.STARTED, SlotState.DONE):
        if state is SlotState.STARTED:
            database.slots.start(ISSUE, "me", NOW)
        if state is SlotState.DONE:
            database.slots.finish(ISSUE, NOW)
        with pytest.raises(StoreError) as raised:
            database.slots.schedule(slot(day="2026-12-04"), "ada", NOW)
        said.append(raised.value.what)

    assert [
        "the issue is scheduled for 2026-11-27 07:00 Europe/London",
        "the issue was started in its slot of 2026-11-27 07:00 Europe/London",
        "the issue was sent in its slot of 2026-11-27 07:00 Europe/London",
    ] == said


def test_schedule_refuses_an_issue_that_has_a_run(database: Database) -> None:
    ada = AudienceMember(subscriber_id=None, address=AddrSpec("ada", "example.com"))
    database.runs.open(
        NewRun(issue=ISSUE, digest="d1", subject="Five", message_date=NOW), [ada], NOW, by="ada"
    )

    with pytest.raises(StoreError, match="already has a run, which is running"):
        database.slots.schedule(slot(), "ada", NOW)

    assert [] == database.slots.in_states()
    assert [AuditAction.STARTED] == actions(database)  # the run's


def test_missed_and_cancelled_slots_are_free_again(database: Database) -> None:
    """Their date and time are, for any issue; and the issue is, for any slot."""
    database.slots.schedule(slot("a"), "ada", NOW)
    assert database.slots.miss("a", NOW, "its window closed 3 hours ago")
    database.slots.schedule(slot("b"), "ada", NOW)
    cancelled = database.slots.unschedule("b", "bob", NOW, "not ready")

    again = database.slots.schedule(slot("b"), "ada", NOW + timedelta(hours=1))
    database.slots.schedule(slot("a", "2026-12-04"), "ada", NOW)

    assert (SlotState.CANCELLED, "not ready") == (cancelled.state, cancelled.reason)
    assert (SlotState.SCHEDULED, "") == (again.state, again.reason)
    assert NOW + timedelta(hours=1) == again.scheduled_at
    assert ["b", "a"] == [row.issue for row in database.slots.in_states(SlotState.SCHEDULED)]


def test_database_itself_lets_no_two_issues_have_one_slot(database: Database) -> None:
    """What the book looks at first, the index holds whoever writes."""
    database.slots.schedule(slot("a"), "ada", NOW)
    database.slots.schedule(slot("b", "2026-12-04"), "ada", NOW)

    with pytest.raises(StoreError) as raised, database._connections.writing() as connection:
        connection.execute(text("UPDATE slots SET local_date = '2026-11-27' WHERE issue = 'b'"))

    assert isinstance(raised.value.__cause__, IntegrityError)


@pytest.mark.parametrize("word", ["started", "done", "missed", "cancelled", None])
def test_unschedule_refuses_what_is_not_scheduled(database: Database, word: str | None) -> None:
    if word is not None:
        database.slots.schedule(slot(), "ada", NOW)
    match word:
        case "started":
            database.slots.start(ISSUE, "me", NOW)
        case "done":
            database.slots.start(ISSUE, "me", NOW)
            database.slots.finish(ISSUE, NOW)
        case "missed":
            database.slots.miss(ISSUE, NOW, "late")
        case "cancelled":
            database.slots.unschedule(ISSUE, "ada", NOW)
    before = actions(database)

    with pytest.raises(StoreError, match="has no slot" if word is None else f"is {word}"):
        database.slots.unschedule(ISSUE, "ada", NOW)

    assert before == actions(database)


def test_start_finish_and_miss_are_done_once_and_in_their_order(database: Database) -> None:
    database.slots.schedule(slot(), "ada", NOW)
    owner = this_process(NOW)

    assert [False, True, False, False] == [
        database.slots.finish(ISSUE, NOW),
        database.slots.start(ISSUE, owner, NOW),
        database.slots.start(ISSUE, owner, NOW),
        database.slots.miss(ISSUE, NOW, "late"),
    ]
    started = database.slots.find(ISSUE)
    assert started is not None
    assert (SlotState.STARTED, owner, NOW) == (
        started.state,
        started.started_by,
        started.started_at,
    )
    assert [True, False, False, False] == [
        database.slots.finish(ISSUE, NOW),
        database.slots.finish(ISSUE, NOW),
        database.slots.start(ISSUE, owner, NOW),
        database.slots.start("never scheduled", owner, NOW),
    ]
    wanted = [AuditAction.SCHEDULED, AuditAction.STARTED, AuditAction.FINISHED]
    assert wanted == actions(database)
    entries = list(database.audit.entries())
    assert entries[1].by == owner.partition(" [")[0]
    assert "the schedule" == entries[2].by


def test_miss_is_told_to_one_caller_and_ends_the_slot(database: Database) -> None:
    database.slots.schedule(slot(), "ada", NOW)

    assert [True, False] == [database.slots.miss(ISSUE, NOW, "3 hours late") for _ in range(2)]
    assert not database.slots.start(ISSUE, "me", NOW)
    row = database.slots.find(ISSUE)
    assert row is not None
    assert (SlotState.MISSED, "3 hours late") == (row.state, row.reason)
    last = database.audit.last()
    assert last is not None
    assert (AuditAction.MISSED, "3 hours late") == (last.action, last.detail)


def test_start_is_given_to_one_of_many_threads_and_processes(database: Database) -> None:
    issues = [f"2026-12-{day:02}" for day in range(1, 11)]
    for issue in issues:
        database.slots.schedule(slot(issue, issue), "ada", NOW)
    told: list[str] = []

    def claim_all() -> None:
        told.extend(issue for issue in issues if database.slots.start(issue, "a thread", NOW))

    with multiprocessing.get_context("spawn").Pool(2) as pool:
        elsewhere = pool.starmap_async(_claim_all, [(database.name, issues)] * 2)
        threads = [threading.Thread(target=claim_all) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for others in elsewhere.get(60):
            told.extend(others)

    assert issues == sorted(told)
    assert 10 == actions(database).count(AuditAction.STARTED)
    assert None is database.audit.verify()


def _claim_all(url: str, issues: list[str]) -> list[str]:
    with open_database(url, OURS) as database:
        return [issue for issue in issues if database.slots.start(issue, "a process", NOW)]


def test_schedule_gives_one_slot_to_one_of_many_at_once(database: Database) -> None:
    refused: list[StoreError] = []

    def schedule(issue: str) -> None:
        try:
            database.slots.schedule(slot(issue), "ada", NOW)
        except StoreError as error:
            refused.append(error)

    threads = [threading.Thread(target=schedule, args=(f"issue {n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (row,) = database.slots.in_states()
    assert {f"the slot {row} is taken by the issue {row.issue}"} == {each.what for each in refused}
    assert 7 == len(refused)
