"""Pause, cancel, owners that are dead, and words on doubts, over both databases."""

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from newsletter.addresses import AddrSpec
from newsletter.books import (
    Attempt,
    DeliveryState,
    NewRun,
    Outcome,
    PutOff,
    RateCount,
    Run,
    RunState,
)
from newsletter.errors import RunConflictError, StoreError
from newsletter.process import shown, this_process
from newsletter.store import Database
from newsletter.store.journal.leases import stale
from newsletter.subscribers import AudienceMember
from tests.turns import begin, settle

NOW = datetime(2021, 11, 26, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
ISSUE = "2021-11-26"
PLANNED, CLAIMED, IN_DOUBT = DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.IN_DOUBT
ACCEPTED, CANCELLED = DeliveryState.ACCEPTED, DeliveryState.CANCELLED
DEFERRED = DeliveryState.DEFERRED


def open_run(database: Database, *names: str, text: str = "") -> Run:
    audience = [
        AudienceMember(subscriber_id=None, address=AddrSpec(name, "example.com"), first_name=name)
        for name in names
    ]
    return database.runs.open(
        NewRun(issue=ISSUE, digest="d1", subject="Five stories", message_date=NOW, text=text),
        audience,
        NOW,
        by="ada",
    )


def counts(database: Database, run: Run) -> dict[str, int]:
    return {state.value: n for state, n in database.runs.balance(run.id).counts.items()}


def test_paused_run_gives_nobody_anything_until_it_is_resumed(database: Database) -> None:
    run = open_run(database, "ada", "bob")
    database.journal.claim(run.id, "me", NOW, LEASE, 1)

    paused = database.runs.pause(ISSUE, "ada@host", NOW)

    assert (RunState.PAUSED, "ada@host", NOW) == (
        paused.state,
        paused.controlled_by,
        paused.controlled_at,
    )
    assert [] == database.journal.claim(run.id, "me", NOW, LEASE, 1)
    assert [] == database.journal.claim(run.id, "other", NOW, LEASE, 1)
    resumed = database.runs.resume(ISSUE, "ada@host", NOW)
    assert (RunState.RUNNING, None) == (resumed.state, resumed.controlled_by)
    assert 1 == len(database.journal.claim(run.id, "me", NOW, LEASE, 1))


def test_paused_run_completes_when_the_last_reply_settles_it(database: Database) -> None:
    run = open_run(database, "ada")
    (ada,) = database.journal.claim(run.id, "me", NOW, LEASE, 1)
    database.runs.pause(ISSUE, "ada@host", NOW)
    settle(database, [Outcome(delivery=ada, state=ACCEPTED)], NOW)

    database.runs.finish(run.id, "ada", NOW)

    assert RunState.COMPLETE is database.runs.all()[0].state


def test_cancelled_run_balances_and_leaves_what_is_under_way(database: Database) -> None:
    run = open_run(database, "ada", "bob", "eve", "zoe")
    ada, bob, eve = database.journal.claim(run.id, "me", NOW, LEASE, 3)
    due = NOW + timedelta(hours=1)
    settle(database, [Outcome(delivery=eve, state=DEFERRED, next_attempt_at=due)], NOW)
    begin(database, [ada], NOW)

    database.runs.cancel(ISSUE, "ada@host", NOW)
    under_way = counts(database, run)
    settle(database, [Outcome(delivery=ada, state=ACCEPTED)], NOW)
    settle(database, [Outcome(delivery=bob, state=PLANNED)], NOW)
    database.journal.release(run.id, "me", NOW)
    balance = database.runs.finish(run.id, "ada", NOW)

    assert {"in_doubt": 1, "claimed": 1, "cancelled": 2} == under_way
    assert {"accepted": 1, "cancelled": 3} == counts(database, run)
    assert (True, True) == (balance.balanced, balance.complete)
    assert RunState.CANCELLED is database.runs.all()[0].state
    assert [] == database.journal.claim(run.id, "me", NOW, LEASE, 9)


def test_cancel_takes_the_claims_of_who_is_gone(database: Database) -> None:
    run = open_run(database, "ada", "bob")
    database.journal.claim(run.id, "gone", NOW, LEASE, 1)

    database.runs.cancel(ISSUE, "ada@host", NOW + LEASE)

    assert {"cancelled": 2} == counts(database, run)


def test_cancel_is_final(database: Database) -> None:
    open_run(database, "ada")
    database.runs.cancel(ISSUE, "ada@host", NOW)

    assert RunState.CANCELLED is database.runs.cancel(ISSUE, "bob@host", NOW).state
    with pytest.raises(StoreError, match="is cancelled and cannot be resumed"):
        database.runs.resume(ISSUE, "ada@host", NOW)
    with pytest.raises(StoreError, match="is cancelled and cannot be paused"):
        database.runs.pause(ISSUE, "ada@host", NOW)
    with pytest.raises(RunConflictError, match="was cancelled by ada@host, for good"):
        open_run(database, "ada", "bob")


def test_text_of_a_run_is_kept_whole(database: Database) -> None:
    long = "One line of the text part.\n" * 1_000

    run = open_run(database, "ada", text=long + "\x00")

    assert long + "\ufffd" == database.runs.text_of(run.id)
    with database._connections.writing() as connection:
        connection.execute(text("UPDATE runs SET text = NULL"))
    assert database.runs.text_of(run.id) is None


def ended_process() -> str:
    """The owner's name of a process that has ended."""
    code = (
        "from datetime import UTC, datetime; from newsletter.process import this_process;"
        "print(this_process(datetime.now(UTC)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_shards_of_a_dead_process_of_this_machine_are_free(database: Database) -> None:
    run = open_run(database, "ada", "bob", "eve")
    dead = ended_process()
    claims = database.journal.claim(run.id, dead, NOW, LEASE, 2)
    begin(database, claims[:1], NOW)

    assert [] == database.runs.holders(run.id, NOW)
    taken = database.journal.claim(run.id, "next", NOW, LEASE, 9)

    assert {"bob", "eve"} == {claim.recipient.local_part for claim in taken}
    assert {"in_doubt": 1, "claimed": 2} == counts(database, run)
    with pytest.raises(RunConflictError):
        begin(database, claims[1:], NOW)


def test_living_process_is_left_alone_and_named(database: Database) -> None:
    run = open_run(database, "ada")
    database.journal.claim(run.id, this_process(NOW), NOW, LEASE, 1)

    with pytest.raises(RunConflictError) as caught:
        database.journal.claim(run.id, "next", NOW, LEASE, 1)
    assert f"{shown(this_process(NOW))} is sending this issue" in caught.value.what


def test_claim_sees_what_was_given_back_while_it_waited(database: Database) -> None:
    """On PostgreSQL a statement that waits for a lock sees the other tables as before the wait."""
    run = open_run(database, "ada")
    (ada,) = database.journal.claim(run.id, "one", NOW, LEASE, 1)
    begin(database, [ada], NOW)
    found: list[int] = []
    claimer = threading.Thread(
        target=lambda: found.append(len(database.journal.claim(run.id, "one", NOW, LEASE, 1)))
    )

    with database._connections.writing() as connection:
        stale(connection, [ada])  # locks the shard, as settling does
        claimer.start()
        claimer.join(0.5)
        connection.execute(text("UPDATE deliveries SET state = 'planned'"))
    claimer.join(20)

    assert [1] == found


def test_turn_writes_what_it_may_and_hands_back_the_rest(database: Database) -> None:
    run = open_run(database, *(f"p{number}" for number in range(5_001)))
    claims = database.journal.claim(run.id, "one", NOW, LEASE, 5_001)
    lost, lost_too, first = claims[0], claims[1], claims[-1]
    with database._connections.writing() as connection:
        connection.execute(text(f"UPDATE shards SET epoch = 9 WHERE id = {lost.shard_id}"))

    written = database.journal.turn(
        [Outcome(delivery=lost, state=ACCEPTED)], [lost_too, first], NOW
    )

    assert ([lost], [lost_too]) == (
        [outcome.delivery for outcome in written.late],
        list(written.refused),
    )
    assert {"in_doubt": 1, "claimed": 5_000} == counts(database, run)


def test_turn_begins_all_but_what_is_not_claimed_any_more(database: Database) -> None:
    run = open_run(database, "ada", "bob")
    ada, bob = database.journal.claim(run.id, "me", NOW, LEASE, 2)
    begin(database, [ada], NOW)

    written = database.journal.turn([], [ada, bob], NOW)

    assert [ada] == list(written.refused)
    assert {"in_doubt": 2} == counts(database, run)


def test_settle_writes_many_replies_at_once_each_with_its_own(database: Database) -> None:
    run = open_run(database, *(f"p{number}" for number in range(300)))
    claims = database.journal.claim(run.id, "me", NOW, LEASE, 300)
    outcomes = [
        Outcome(
            delivery=claim,
            state=ACCEPTED,
            attempt=Attempt(
                started_at=NOW,
                ended_at=NOW,
                stage="final-dot",
                code=250,
                enhanced_code="2.0.0",
                text=f"queued {claim.id}",
                transport="smtp://relay",
            ),
        )
        for claim in claims
    ]

    settle(database, outcomes, NOW)

    with database._connections.reading() as connection:
        joined = "SELECT d.id, d.reply_text, a.text, d.attempts FROM deliveries d JOIN attempts a"
        rows = connection.execute(text(f"{joined} ON a.delivery_id = d.id")).all()
    assert 300 == len(rows)
    assert all(row[1] == row[2] == f"queued {row[0]}" and row[3] == 1 for row in rows)
    assert {"accepted": 300} == counts(database, run)


@pytest.mark.parametrize(("accepted", "state"), [(True, ACCEPTED), (False, PLANNED)])
def test_resolve_all_settles_those_nobody_waits_for(
    database: Database, accepted: bool, state: DeliveryState
) -> None:
    run = open_run(database, "ada", "bob")
    begin(database, database.journal.claim(run.id, "me", NOW, LEASE, 2), NOW)

    waiting = database.doubts.resolve_all(ISSUE, accepted=accepted, now=NOW, reason="why", by="eve")
    database.journal.release(run.id, "me", NOW)
    done = database.doubts.resolve_all(ISSUE, accepted=accepted, now=NOW, reason="why", by="eve")

    assert (0, 2) == (waiting, done)
    assert {state.value: 2} == counts(database, run)
    assert [("ada", state, "why", "eve"), ("bob", state, "why", "eve")] == [
        (word.recipient.local_part, word.state, word.reason, word.resolved_by)
        for word in database.doubts.resolutions(run.id)
    ]


def test_resolve_all_takes_only_those_with_a_reason(database: Database) -> None:
    run = open_run(database, "ada", "bob")
    begin(database, database.journal.claim(run.id, "me", NOW, LEASE, 2), NOW)
    database.journal.release(run.id, "me", NOW)

    reasons = {"bob@example.com": "line 7", "zoe@example.com": "line 9"}
    done = database.doubts.resolve_all(ISSUE, accepted=True, now=NOW, reasons=reasons, by="ada")

    assert 1 == done
    assert {"accepted": 1, "in_doubt": 1} == counts(database, run)


def test_doubt_of_a_cancelled_run_is_never_sent_again(database: Database) -> None:
    run = open_run(database, "ada")
    begin(database, database.journal.claim(run.id, "me", NOW, LEASE, 1), NOW)
    database.journal.release(run.id, "me", NOW)
    database.runs.cancel(ISSUE, "ada@host", NOW)

    database.doubts.resolve(ISSUE, "ada@example.com", accepted=False, now=NOW, by="ada")

    assert {"cancelled": 1} == counts(database, run)
    assert RunState.CANCELLED is database.runs.all()[0].state


def test_statistics_count_domains_replies_and_time(database: Database) -> None:
    run = open_run(database, "ada", "bob", "eve", "zoe")
    for at, claim in enumerate(database.journal.claim(run.id, "me", NOW, LEASE, 3)):
        moment = NOW + timedelta(seconds=at * 10)
        attempt = Attempt(
            started_at=moment,
            ended_at=moment,
            stage="final-dot",
            code=250,
            enhanced_code="",
            text=f"queued {at}",
            transport="smtp://relay",
        )
        settle(database, [Outcome(delivery=claim, state=ACCEPTED, attempt=attempt)], moment)

    (domain,) = database.statistics.by_domain(run.id, 5, NOW)
    (reply,) = database.statistics.by_reply(run.id)
    rate = database.statistics.rate(run.id, 2)

    assert ("example.com", {ACCEPTED: 3, PLANNED: 1}) == (domain.domain, domain.counts)
    assert (ACCEPTED, 250, "queued 0", 3) == (reply.state, reply.code, reply.text, reply.count)
    assert rate is not None
    assert (NOW, (2, 1)) == (rate.start, rate.counts)
    assert [] == database.statistics.by_domain(run.id + 1, 5, NOW)
    assert database.statistics.rate(run.id + 1, 2) is None


def test_statistics_say_when_the_relay_asked_to_come_back_later(database: Database) -> None:
    run = open_run(database, "ada", "bob", "eve", "zoe")
    rate = RateCount(start=NOW, span=timedelta(seconds=10), counts=(4, 4))
    later = NOW + timedelta(hours=1)
    for claim, (second, code) in zip(
        database.journal.claim(run.id, "me", NOW, LEASE, 4),
        [(1, 452), (12, 451), (13, 451), (19, 250)],
        strict=True,
    ):
        moment = NOW + timedelta(seconds=second)
        attempt = Attempt(moment, moment, "mail", code, "", "", "smtp://relay")
        state, due = (ACCEPTED, None) if code == 250 else (DEFERRED, later)
        outcome = Outcome(delivery=claim, state=state, attempt=attempt, next_attempt_at=due)
        settle(database, [outcome], moment)

    found = database.statistics.put_off(run.id, rate)

    assert PutOff(at=NOW + timedelta(seconds=12), code=451, count=2) == found
    assert database.statistics.put_off(run.id + 1, rate) is None
