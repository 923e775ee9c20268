import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from newsletter.addresses import AddrSpec
from newsletter.books import Attempt, Delivery, DeliveryState, NewRun, Outcome, Run, RunState
from newsletter.errors import RunConflictError, StoreError
from newsletter.store import Database, open_database
from newsletter.store.runs.freezing import LEAST_SIZE
from newsletter.subscribers import AudienceMember
from tests.neighbour import OURS
from tests.people import bring
from tests.turns import begin, settle

NOW = datetime(2021, 11, 26, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
LATER = NOW + LEASE
ISSUE = "2021-11-26"
PLANNED, CLAIMED, IN_DOUBT = DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.IN_DOUBT
ACCEPTED, REFUSED = DeliveryState.ACCEPTED, DeliveryState.REFUSED
DEFERRED, SUPPRESSED = DeliveryState.DEFERRED, DeliveryState.SUPPRESSED


def open_run(database: Database, *names: str) -> Run:
    audience = [
        AudienceMember(subscriber_id=None, address=AddrSpec(name, "example.com"), first_name=name)
        for name in names
    ]
    return database.runs.open(
        NewRun(issue=ISSUE, digest="d1", subject="Five stories", message_date=NOW),
        audience,
        NOW,
        by="ada",
    )


def attempt(code: int | None = 250, words: str = "queued") -> Attempt:
    return Attempt(
        started_at=NOW,
        ended_at=NOW,
        stage="final-dot",
        code=code,
        enhanced_code="2.0.0",
        text=words,
        transport="smtp://relay",
    )


def states(database: Database) -> dict[str, DeliveryState]:
    """Seen by a second connection, in the order of the audience."""
    with open_database(database_url_of(database), OURS) as other:
        found = other.audiences.failures(ISSUE, set(DeliveryState))
        return {failure.recipient.local_part: failure.state for failure in found}


def database_url_of(database: Database) -> str:
    return database.name


def names(claims: list[Delivery]) -> list[str]:
    return [claim.recipient.local_part for claim in claims]


def test_claim_hands_out_everyone_once(database: Database) -> None:
    run = open_run(database, "ada", "bob", "eve")

    first = database.journal.claim(run.id, "me", NOW, LEASE, 2)
    second = database.journal.claim(run.id, "me", NOW, LEASE, 2)
    third = database.journal.claim(run.id, "me", NOW, LEASE, 2)

    assert [["ada", "bob"], ["eve"], []] == [names(first), names(second), names(third)]
    assert (first[0].fields, first[0].epoch, first[0].attempts) == ({"first_name": "ada"}, 1, 0)
    assert {CLAIMED} == set(states(database).values())


def test_claim_reads_the_suppressions_of_this_moment(database: Database) -> None:
    """An unsubscribe wins up to the claim, whatever was frozen (G8)."""
    list_ = database.subscribers
    lines = [f"{name}@example.com" for name in ("ada", "bob", "eve", "gone", "zoe")]
    bring(database, "\n".join(["email", *lines]), NOW)
    run = database.runs.open(
        NewRun(issue=ISSUE, digest="d1", subject="Five stories", message_date=NOW),
        list_.audience(NOW),
        NOW,
        by="ada",
    )
    database.membership.leave("ada@example.com", NOW)
    database.suppressions.add("bob@example.com", "complained", NOW)
    with database._connections.writing() as connection:
        connection.execute(text("DELETE FROM subscribers WHERE address = 'gone@example.com'"))

    # Two are asked for: those who are passed over do not count.
    claims = database.journal.claim(run.id, "me", NOW, LEASE, 2)

    assert ["eve", "zoe"] == names(claims)
    assert [
        ("ada", "unsubscribed"),
        ("bob", "complained"),
        ("gone", "no longer on the list"),
    ] == [
        (failure.recipient.local_part, failure.reason)
        for failure in database.audiences.failures(ISSUE, {SUPPRESSED})
    ]
    assert database.runs.balance(run.id).balanced


def test_claim_takes_the_deferred_when_they_are_due(database: Database) -> None:
    run = open_run(database, "ada", "bob")
    ada, bob = database.journal.claim(run.id, "me", NOW, LEASE, 2)
    due = NOW + timedelta(minutes=1)
    settle(
        database,
        [
            Outcome(delivery=ada, state=DEFERRED, attempt=attempt(451), next_attempt_at=due),
            Outcome(delivery=bob, state=ACCEPTED, attempt=attempt()),
        ],
        NOW,
    )

    assert [] == database.journal.claim(run.id, "me", NOW, LEASE, 2)
    assert database.journal.next_due(run.id) == due

    (again,) = database.journal.claim(run.id, "me", due, LEASE, 2)
    assert (again.recipient, again.attempts) == (ada.recipient, 1)


def test_claim_takes_the_deferred_early_when_they_are_hastened(database: Database) -> None:
    run = open_run(database, "ada")
    (ada,) = database.journal.claim(run.id, "me", NOW, LEASE, 2)
    due = NOW + timedelta(days=1)
    settle(database, [Outcome(delivery=ada, state=DEFERRED, next_attempt_at=due)], NOW)

    database.journal.hasten(run.id, NOW)
    claims = database.journal.claim(run.id, "me", NOW, LEASE, 2)

    assert ["ada"] == names(claims)


def test_claim_names_the_owner_that_holds_everything(database: Database) -> None:
    run = open_run(database, "ada", "bob")
    database.journal.claim(run.id, "one", NOW, LEASE, 1)

    with pytest.raises(RunConflictError, match=r"one is sending .* until 2021-11-26 07:05:00 UTC"):
        database.journal.claim(run.id, "two", NOW, LEASE, 1)


def test_claim_gives_nothing_when_everyone_is_settled(database: Database) -> None:
    run = open_run(database, "ada")
    (ada,) = database.journal.claim(run.id, "one", NOW, LEASE, 1)
    settle(database, [Outcome(delivery=ada, state=ACCEPTED)], NOW)

    assert [] == database.journal.claim(run.id, "two", NOW, LEASE, 1)


def test_claim_shares_shards_between_owners(database: Database) -> None:
    run = open_run(database, *(f"p{number}" for number in range(LEAST_SIZE + 1)))

    one = database.journal.claim(run.id, "one", NOW, LEASE, 10)
    two = database.journal.claim(run.id, "two", NOW, LEASE, 10)

    assert (10, 1) == (len(one), len(two))
    assert one[0].shard_id != two[0].shard_id
    assert [] == database.journal.claim(run.id, "two", NOW, LEASE, 10)


def test_takeover_plans_the_claimed_again_and_leaves_the_doubts(database: Database) -> None:
    run = open_run(database, "ada", "bob", "eve")
    claims = database.journal.claim(run.id, "one", NOW, LEASE, 3)
    begin(database, claims[:1], NOW)
    settle(database, [Outcome(delivery=claims[2], state=ACCEPTED)], NOW)

    taken = database.journal.claim(run.id, "two", LATER, LEASE, 3)

    assert ["bob"] == names(taken)
    assert taken[0].epoch == 2
    assert states(database) == {"ada": IN_DOUBT, "bob": CLAIMED, "eve": ACCEPTED}


def test_fenced_owner_can_write_nothing_any_more(database: Database) -> None:
    """It slept through its lease, and wakes up in the middle of a message."""
    run = open_run(database, "ada", "bob")
    ada, bob = database.journal.claim(run.id, "one", NOW, LEASE, 2)
    begin(database, [ada], NOW)
    database.journal.claim(run.id, "two", LATER, LEASE, 2)

    with pytest.raises(RunConflictError):
        begin(database, [bob], LATER)
    with pytest.raises(RunConflictError):
        settle(database, [Outcome(delivery=bob, state=ACCEPTED)], LATER)
    with pytest.raises(RunConflictError):
        settle(database, [Outcome(delivery=ada, state=PLANNED)], LATER)

    assert states(database) == {"ada": IN_DOUBT, "bob": CLAIMED}
    assert database.journal.renew(run.id, "one", LATER, LEASE) == 0


def test_renew_keeps_others_out(database: Database) -> None:
    run = open_run(database, "ada", "bob")
    database.journal.claim(run.id, "one", NOW, LEASE, 1)

    assert database.journal.renew(run.id, "one", NOW + LEASE / 2, LEASE) == 1

    with pytest.raises(RunConflictError):
        database.journal.claim(run.id, "two", LATER, LEASE, 1)


def test_turn_begins_the_rest_where_one_is_begun_already(database: Database) -> None:
    run = open_run(database, "ada", "bob")
    ada, bob = database.journal.claim(run.id, "me", NOW, LEASE, 2)
    begin(database, [ada], NOW)

    with pytest.raises(RunConflictError, match=r"1 deliveries .* ada@example.com first"):
        begin(database, [ada, bob], NOW)

    assert states(database) == {"ada": IN_DOUBT, "bob": IN_DOUBT}


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("state", [ACCEPTED, REFUSED, PLANNED, DeliveryState.FAILED])
def test_settle_writes_the_outcome_and_its_attempt(
    database: Database, state: DeliveryState, begun: bool
) -> None:
    run = open_run(database, "ada")
    (ada,) = database.journal.claim(run.id, "me", NOW, LEASE, 1)
    if begun:
        begin(database, [ada], NOW)

    settle(
        database,
        [Outcome(delivery=ada, state=state, attempt=attempt(250, "ok"), reason="why")],
        NOW,
    )

    (row,) = database.audiences.failures(ISSUE, {state})
    assert (row.attempts, row.reply_code, row.reply_text, row.reason) == (1, 250, "ok", "why")
    assert attempts(database) == [(1, "final-dot", 250, "ok", "smtp://relay")]


def attempts(database: Database) -> list[tuple[object, ...]]:
    with database._connections.reading() as connection:
        columns = "number, stage, code, text, transport"
        rows = connection.execute(text(f"SELECT {columns} FROM attempts ORDER BY id"))
        return [tuple(row) for row in rows]


def test_settle_takes_what_servers_say(database: Database) -> None:
    """A reply that no column takes would leave its recipient in doubt."""
    run = open_run(database, "ada")
    (ada,) = database.journal.claim(run.id, "me", NOW, LEASE, 1)
    words = "nul \x00, surrogate \udcff, é and " + "more " * 1_000

    settle(database, [Outcome(delivery=ada, state=ACCEPTED, attempt=attempt(250, words))], NOW)

    (row,) = database.audiences.failures(ISSUE, {ACCEPTED})
    assert row.reply_text.startswith("nul \ufffd, surrogate ?, é and more")
    assert len(row.reply_text) == 2_000


def test_settle_leaves_a_doubt_that_a_late_reply_may_still_end(database: Database) -> None:
    run = open_run(database, "ada")
    (ada,) = database.journal.claim(run.id, "me", NOW, LEASE, 1)
    doubt = Outcome(delivery=ada, state=IN_DOUBT, attempt=attempt(None, "timed out"))
    with pytest.raises(RunConflictError):
        settle(database, [doubt], NOW)  # no content went out, so there is none

    begin(database, [ada], NOW)
    settle(database, [doubt], NOW)
    settle(database, [Outcome(delivery=ada, state=ACCEPTED, attempt=attempt())], NOW)

    assert states(database) == {"ada": ACCEPTED}
    assert [1, 2] == [row[0] for row in attempts(database)]


@pytest.mark.parametrize("state", [PLANNED, REFUSED, DeliveryState.FAILED])
def test_settle_never_changes_what_is_accepted(database: Database, state: DeliveryState) -> None:
    run = open_run(database, "ada", "bob")
    ada, bob = database.journal.claim(run.id, "me", NOW, LEASE, 2)
    settle(database, [Outcome(delivery=ada, state=ACCEPTED, attempt=attempt())], NOW)

    with pytest.raises(RunConflictError, match=r"1 deliveries .* ada@example.com first"):
        settle(
            database,
            [
                Outcome(delivery=ada, state=state, attempt=attempt(550)),
                Outcome(delivery=bob, state=REFUSED, attempt=attempt(550)),
            ],
            NOW,
        )

    # What could be written down of the batch was.
    assert states(database) == {"ada": ACCEPTED, "bob": REFUSED}
    assert [250, 550] == [row[2] for row in attempts(database)]


def test_settle_may_write_an_acceptance_down_twice(database: Database) -> None:
    """The connection to the database was lost while it committed, say."""
    run = open_run(database, "ada")
    (ada,) = database.journal.claim(run.id, "me", NOW, LEASE, 1)
    outcome = Outcome(delivery=ada, state=ACCEPTED, attempt=attempt())

    settle(database, [outcome], NOW)
    settle(database, [outcome], NOW)

    assert len(attempts(database)) == 1


def test_settle_writes_the_outcomes_of_shards_that_are_still_ours(database: Database) -> None:
    run = open_run(database, *(f"p{number}" for number in range(LEAST_SIZE + 1)))
    claims = database.journal.claim(run.id, "one", NOW, LEASE, 5_001)
    lost, kept = claims[0], claims[-1]
    with database._connections.writing() as connection:
        connection.execute(text(f"UPDATE shards SET epoch = 9 WHERE id = {lost.shard_id}"))

    with pytest.raises(RunConflictError, match=r"1 deliveries .* p0@example.com first"):
        settle(database, [Outcome(delivery=claim, state=ACCEPTED) for claim in (lost, kept)], NOW)

    assert database.runs.balance(run.id)[ACCEPTED] == 1


def test_release_gives_back_what_is_not_in_doubt(database: Database) -> None:
    run = open_run(database, "ada", "bob")
    ada, _ = database.journal.claim(run.id, "one", NOW, LEASE, 2)
    begin(database, [ada], NOW)

    database.journal.release(run.id, "one", NOW)

    assert states(database) == {"ada": IN_DOUBT, "bob": PLANNED}
    # The reply that was on its way arrives after all.
    settle(database, [Outcome(delivery=ada, state=ACCEPTED)], NOW)
    assert ["bob"] == names(database.journal.claim(run.id, "two", NOW, LEASE, 2))


@pytest.mark.parametrize(("accepted", "state"), [(True, ACCEPTED), (False, PLANNED)])
def test_resolve_takes_a_persons_word_for_it(
    database: Database, accepted: bool, state: DeliveryState
) -> None:
    run = open_run(database, "ada")
    claims = database.journal.claim(run.id, "me", NOW, LEASE, 1)
    begin(database, claims, NOW)
    database.journal.release(run.id, "me", NOW)
    assert database.runs.finish(run.id, "ada", NOW).complete

    database.doubts.resolve(ISSUE, "ada@example.com", accepted=accepted, now=NOW, by="ada")

    assert states(database) == {"ada": state}
    expected = RunState.COMPLETE if accepted else RunState.RUNNING
    assert database.runs.all()[0].state is expected


def test_resolve_waits_for_a_sender_that_may_still_hear(database: Database) -> None:
    run = open_run(database, "ada")
    begin(database, database.journal.claim(run.id, "me", NOW, LEASE, 1), NOW)

    with pytest.raises(RunConflictError, match="me may still be waiting for the reply"):
        database.doubts.resolve(ISSUE, "ada@example.com", accepted=False, now=NOW, by="ada")

    database.doubts.resolve(ISSUE, "ada@example.com", accepted=False, now=LATER, by="ada")
    assert states(database) == {"ada": PLANNED}


def test_resolve_resolves_only_doubts(database: Database) -> None:
    open_run(database, "ada")

    with pytest.raises(StoreError, match="is planned, not in doubt"):
        database.doubts.resolve(ISSUE, "ada@example.com", accepted=True, now=NOW, by="ada")
    with pytest.raises(StoreError, match="is not in the audience"):
        database.doubts.resolve(ISSUE, "bob@example.com", accepted=True, now=NOW, by="ada")


@pytest.mark.parametrize("state", [CLAIMED, SUPPRESSED])
def test_outcome_is_none_that_an_attempt_cannot_have(
    database: Database, state: DeliveryState
) -> None:
    run = open_run(database, "ada")
    (ada,) = database.journal.claim(run.id, "me", NOW, LEASE, 1)

    with pytest.raises(ValueError, match="is not the outcome"):
        Outcome(delivery=ada, state=state)
    with pytest.raises(ValueError, match="next attempt"):
        Outcome(delivery=ada, state=DEFERRED)


KILLED = """
import sys, time
from datetime import UTC, datetime, timedelta
from newsletter.store import open_database
from tests.neighbour import OURS
from tests.people import bring
from tests.people import bring
NOW = datetime(2021, 11, 26, 7, 0, tzinfo=UTC)
database = open_database(sys.argv[1], OURS)
(run,) = database.runs.all()
claims = database.journal.claim(run.id, "killed", NOW, timedelta(minutes=5), 3)
database.journal.turn([], claims[:1], NOW)
print("begun", flush=True)
time.sleep(60)
"""


def test_killed_sender_leaves_only_what_it_began_in_doubt(database: Database) -> None:
    run = open_run(database, "ada", "bob", "eve", "zoe")
    url = database_url_of(database)
    with subprocess.Popen([sys.executable, "-c", KILLED, url], stdout=subprocess.PIPE) as sender:
        assert sender.stdout is not None
        assert sender.stdout.readline() == b"begun\n"
        os.kill(sender.pid, signal.SIGKILL)

    assert states(database) == {"ada": IN_DOUBT, "bob": CLAIMED, "eve": CLAIMED, "zoe": PLANNED}
    claims = database.journal.claim(run.id, "next", LATER, LEASE, 9)
    assert ["bob", "eve", "zoe"] == names(claims)


def test_many_owners_at_once_deliver_to_everyone_once(database: Database) -> None:
    """Six threads, short leases that run out under them, one book."""
    run = open_run(database, *(f"p{number}" for number in range(15_000)))
    accepted: list[int] = []

    def send(owner: str) -> None:
        now = NOW
        while True:
            now += timedelta(seconds=1)
            try:
                claims = database.journal.claim(run.id, owner, now, timedelta(seconds=20), 400)
                if not claims:
                    return
                begin(database, claims, now)
                accepted.extend(claim.id for claim in claims)  # the dot is written here
                outcomes = [Outcome(delivery=claim, state=ACCEPTED) for claim in claims]
                settle(database, outcomes, now)
            except RunConflictError:
                now += timedelta(seconds=5)

    threads = [threading.Thread(target=send, args=(f"owner {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    balance = database.runs.balance(run.id)
    assert len(accepted) == len(set(accepted))
    assert balance.balanced
    assert balance[ACCEPTED] + balance[IN_DOUBT] + balance.unfinished == 15_000
    assert len(accepted) >= balance[ACCEPTED]
