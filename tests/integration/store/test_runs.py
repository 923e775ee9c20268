import multiprocessing
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import Attempt, Balance, DeliveryState, NewRun, Outcome, Run, RunState
from newsletter.errors import RunConflictError, StoreError
from newsletter.store import Database, open_database
from newsletter.subscribers import AudienceMember
from tests.turns import begin, settle

NOW = datetime(2021, 11, 26, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
PLANNED, SUPPRESSED = DeliveryState.PLANNED, DeliveryState.SUPPRESSED
ACCEPTED = DeliveryState.ACCEPTED


def people(*names: str) -> list[AudienceMember]:
    return [
        AudienceMember(subscriber_id=None, address=AddrSpec(name, "example.com"), first_name=name)
        for name in names
    ]


def open_run(database: Database, *names: str, digest: str = "d1", extend: bool = False) -> Run:
    return database.runs.open(
        NewRun(issue="2021-11-26", digest=digest, subject="Five stories", message_date=NOW),
        people(*names),
        NOW,
        extend=extend,
        by="ada",
    )


def accept_everyone(database: Database, run: Run) -> None:
    claims = database.journal.claim(run.id, "me", NOW, LEASE, 100)
    begin(database, claims, NOW)
    settle(database, [Outcome(delivery=claim, state=ACCEPTED) for claim in claims], NOW)
    database.journal.release(run.id, "me", NOW)


def test_open_run_freezes_everyone_with_the_reason_for_the_suppressed(database: Database) -> None:
    audience = [
        *people("ada", "bob"),
        AudienceMember(
            subscriber_id=3, address=AddrSpec("eve", "example.com"), suppressed_because="bounced"
        ),
    ]
    date = datetime(2021, 11, 26, 8, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))

    run = database.runs.open(
        NewRun(issue="2021-11-26", digest="d1", subject="Five — stories", message_date=date),
        audience,
        NOW,
        by="ada",
    )

    assert database.runs.find("2021-11-26") == run
    assert database.runs.all() == [run]
    assert (run.frozen, run.state, run.subject) == (3, RunState.RUNNING, "Five — stories")
    assert run.message_date == datetime(2021, 11, 26, 7, 0, 0, 123000, tzinfo=UTC)
    assert database.runs.balance(run.id) == Balance(frozen=3, counts={PLANNED: 2, SUPPRESSED: 1})
    (failure,) = database.audiences.failures("2021-11-26", {SUPPRESSED})
    assert (str(failure.recipient), failure.reason) == ("eve@example.com", "bounced")


def test_open_run_writes_one_row_for_one_address(database: Database) -> None:
    run = open_run(database, "Ada", "ada", "bob")

    assert run.frozen == 2


def test_open_run_returns_the_first_one_when_it_is_opened_again(database: Database) -> None:
    first = open_run(database, "ada")

    later = NOW + timedelta(hours=1)
    again = database.runs.open(
        NewRun(issue="2021-11-26", digest="d1", subject="Other subject", message_date=later),
        people("ada", "bob"),
        later,
        by="ada",
    )

    assert first == again
    assert database.runs.find("2021-12-03") is None


def test_open_run_adds_the_new_ones_when_it_may_extend(database: Database) -> None:
    run = open_run(database, "ada")
    accept_everyone(database, run)
    assert database.runs.finish(run.id, "ada", NOW).complete

    extended = open_run(database, "ada", "bob", extend=True)

    assert (extended.frozen, extended.state, extended.finished_at) == (2, RunState.RUNNING, None)
    claims = database.journal.claim(run.id, "me", NOW, LEASE, 100)
    assert ["bob@example.com"] == [claim.recipient_key for claim in claims]


def test_open_run_stays_complete_when_an_extension_finds_nobody(database: Database) -> None:
    run = open_run(database, "ada")
    accept_everyone(database, run)
    database.runs.finish(run.id, "ada", NOW)

    assert open_run(database, "ada", extend=True).state is RunState.COMPLETE


@pytest.mark.parametrize("extend", [False, True])
def test_open_run_refuses_changed_content_under_a_running_send(
    database: Database, extend: bool
) -> None:
    open_run(database, "ada", digest="1111111111111111")

    with pytest.raises(RunConflictError) as caught:
        open_run(database, "ada", "bob", digest="2222222222222222", extend=extend)

    assert "111111111111, 1 deliveries unfinished, and is now 222222222222" in caught.value.what
    assert "put its text back" in caught.value.next_step


@pytest.mark.parametrize("extend", [False, True])
def test_open_run_never_sends_a_finished_issue_again_when_its_text_changed(
    database: Database, extend: bool
) -> None:
    accept_everyone(database, open_run(database, "ada"))

    with pytest.raises(RunConflictError, match="a changed issue is never sent again"):
        open_run(database, "ada", "bob", digest="d2", extend=extend)

    assert sum(run.frozen for run in database.runs.all()) == 1


def test_open_run_freezes_nothing_when_there_is_nobody(database: Database) -> None:
    with pytest.raises(StoreError, match="the audience is empty"):
        open_run(database)

    assert database.runs.all() == []


def test_open_run_leaves_nothing_behind_a_list_that_cannot_be_read(database: Database) -> None:
    """Nothing before the first page; what is left of a freeze is in test_freezing.py."""

    def audience() -> Iterator[AudienceMember]:
        yield from people("p1", "p2")
        raise StoreError("the list cannot be read")

    with pytest.raises(StoreError, match="cannot be read"):
        database.runs.open(
            NewRun(issue="2021-11-26", digest="d1", subject="Five stories", message_date=NOW),
            audience(),
            NOW,
            by="ada",
        )

    assert database.runs.all() == []


def test_open_run_is_one_when_many_processes_open_it_at_once(database_url: str) -> None:
    open_database(database_url).close()
    context = multiprocessing.get_context("spawn")
    with context.Pool(4) as pool:
        runs = pool.map(_open_in_process, [database_url] * 4)

    assert len(set(runs)) == 1
    with open_database(database_url) as database:
        assert len(database.runs.all()) == 1
        assert database.runs.balance(runs[0].id) == Balance(frozen=7_000, counts={PLANNED: 7_000})


def _open_in_process(url: str) -> Run:
    with open_database(url) as database:
        return open_run(database, *(f"p{number}" for number in range(7_000)), extend=True)


@pytest.mark.slow
def test_open_run_is_flat_in_memory(database: Database) -> None:
    def audience() -> Iterator[AudienceMember]:
        for number in range(30_000):
            yield from people(f"person{number}")

    tracemalloc.start()
    try:
        run = database.runs.open(
            NewRun(issue="2021-11-26", digest="d1", subject="Five stories", message_date=NOW),
            audience(),
            NOW,
            by="ada",
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert run.frozen == 30_000
    assert peak < 12_000_000, peak
    claims = database.journal.claim(run.id, "me", NOW, LEASE, 7_000)
    assert 2 <= len({claim.shard_id for claim in claims}) < 100
    assert len(claims) == 7_000


def test_finish_completes_a_run_only_when_nothing_is_left(database: Database) -> None:
    run = open_run(database, "ada", "bob")
    (claim,) = database.journal.claim(run.id, "me", NOW, LEASE, 1)
    begin(database, [claim], NOW)
    settle(database, [Outcome(delivery=claim, state=ACCEPTED)], NOW)

    balance = database.runs.finish(run.id, "ada", NOW)

    assert balance == Balance(frozen=2, counts={PLANNED: 1, ACCEPTED: 1})
    assert (balance.balanced, balance.complete, balance.unfinished) == (True, False, 1)
    assert database.runs.all()[0].state is RunState.RUNNING

    accept_everyone(database, run)
    assert database.runs.finish(run.id, "ada", NOW).complete
    assert database.runs.all()[0].finished_at == NOW


def test_finish_completes_nothing_when_a_row_is_missing(database: Database) -> None:
    """The books are held against what was frozen, not against themselves."""
    run = open_run(database, "ada", "bob")
    accept_everyone(database, run)
    with database._connections.writing() as connection:
        connection.exec_driver_sql("DELETE FROM deliveries WHERE recipient_key = 'bob@example.com'")

    balance = database.runs.finish(run.id, "ada", NOW)

    assert balance == Balance(frozen=2, counts={ACCEPTED: 1})
    assert not balance.complete
    assert database.runs.all()[0].state is RunState.RUNNING


def test_failures_tell_who_and_why(database: Database) -> None:
    run = open_run(database, "ada", "bob", "eve")
    ada, bob, eve = database.journal.claim(run.id, "me", NOW, LEASE, 3)
    attempt = Attempt(
        started_at=NOW,
        ended_at=NOW,
        stage="rcpt",
        code=550,
        enhanced_code="5.1.1",
        text="no such user",
        transport="smtp://relay",
    )
    due = NOW + timedelta(minutes=5)
    outcomes = [
        Outcome(delivery=ada, state=DeliveryState.REFUSED, attempt=attempt),
        Outcome(delivery=bob, state=DeliveryState.FAILED, reason="no value for first_name"),
        Outcome(delivery=eve, state=DeliveryState.DEFERRED, attempt=attempt, next_attempt_at=due),
    ]
    settle(database, outcomes, NOW)

    refused, failed, deferred = database.audiences.failures("2021-11-26")

    assert (refused.reply_code, refused.enhanced_code) == (550, "5.1.1")
    assert (refused.reply_text, refused.attempts) == ("no such user", 1)
    assert (failed.reason, failed.attempts) == ("no value for first_name", 0)
    assert (deferred.state, deferred.next_attempt_at) == (DeliveryState.DEFERRED, due)
    assert database.journal.next_due(run.id) == due


def test_balance_says_so_when_there_is_no_run(database: Database) -> None:
    with pytest.raises(StoreError, match="there is no run 7"):
        database.runs.balance(7)
