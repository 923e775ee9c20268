"""What a living sender has in hand is in doubt for the journal, and for no reader."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import Attempt, DeliveryState, NewRun, Outcome, Run
from newsletter.store import Database
from newsletter.subscribers import AudienceMember
from tests.turns import begin, settle

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
LIVING = "relay.example.com process 7 since 2026-11-27 07:00:00 UTC"
DEAD = "relay.example.com process 6 since 2026-11-27 06:00:00 UTC"
IN_DOUBT = DeliveryState.IN_DOUBT

LOST = Attempt(
    started_at=NOW,
    ended_at=NOW,
    stage="final-dot",
    code=None,
    enhanced_code="",
    text="the connection was lost",
    transport="smtp://relay",
)


@pytest.fixture
def run(database: Database) -> Run:
    audience = [
        AudienceMember(subscriber_id=None, address=AddrSpec(name, "example.com"))
        for name in ("ada", "bob", "cyd")
    ]
    new = NewRun(issue="issue", digest="d", subject="Five", message_date=NOW)
    return database.runs.open(new, audience, NOW, by="ada")


def counts(database: Database, run: Run, now: datetime = NOW) -> dict[str, int]:
    return {state.value: n for state, n in database.runs.balance_seen(run.id, now).counts.items()}


def doubts(database: Database, now: datetime = NOW) -> list[str]:
    found = database.audiences.failures("issue", {IN_DOUBT}, now=now)
    return [failure.recipient.local_part for failure in found]


def test_what_is_on_the_wire_is_claimed_for_a_reader(database: Database, run: Run) -> None:
    claims = database.journal.claim(run.id, LIVING, NOW, LEASE, limit=2)
    begin(database, claims, NOW)

    assert 2 == database.runs.balance(run.id)[IN_DOUBT]
    assert {"planned": 1, "claimed": 2} == counts(database, run)
    assert [] == doubts(database)
    assert database.runs.balance_seen(run.id, NOW).balanced
    (domain,) = database.statistics.by_domain(run.id, 5, NOW)
    assert {"planned": 1, "claimed": 2} == {state.value: n for state, n in domain.counts.items()}


def test_what_a_lease_left_behind_is_in_doubt_for_everybody(database: Database, run: Run) -> None:
    begin(database, database.journal.claim(run.id, LIVING, NOW, LEASE, limit=2), NOW)
    later = NOW + LEASE + timedelta(seconds=1)

    assert {"planned": 1, "in_doubt": 2} == counts(database, run, later)
    assert ["ada", "bob"] == doubts(database, later)


def test_what_an_earlier_sender_left_is_no_later_ones_doing(database: Database, run: Run) -> None:
    before = NOW - timedelta(minutes=30)
    begin(database, database.journal.claim(run.id, DEAD, before, LEASE, limit=1), before)
    begin(database, database.journal.claim(run.id, LIVING, NOW, LEASE, limit=1), NOW)

    assert {"planned": 1, "claimed": 1, "in_doubt": 1} == counts(database, run)
    assert ["ada"] == doubts(database)
    (domain,) = database.statistics.by_domain(run.id, 5, NOW)
    assert counts(database, run) == {state.value: n for state, n in domain.counts.items()}


def test_reply_that_was_lost_is_a_doubt_while_its_sender_lives(
    database: Database, run: Run
) -> None:
    claims = database.journal.claim(run.id, LIVING, NOW, LEASE, limit=2)
    begin(database, claims, NOW)
    settle(database, [Outcome(delivery=claims[0], state=IN_DOUBT, attempt=LOST)], NOW)

    assert {"planned": 1, "claimed": 1, "in_doubt": 1} == counts(database, run)
    assert ["ada"] == doubts(database)
    (domain,) = database.statistics.by_domain(run.id, 5, NOW)
    assert counts(database, run) == {state.value: n for state, n in domain.counts.items()}


def test_second_attempt_on_the_wire_is_claimed_for_a_reader(database: Database, run: Run) -> None:
    [claim] = database.journal.claim(run.id, LIVING, NOW, LEASE, limit=1)
    begin(database, [claim], NOW)
    busy = LOST._replace(code=451, text="come again")
    deferred = DeliveryState.DEFERRED
    settle(
        database,
        [Outcome(delivery=claim, state=deferred, attempt=busy, next_attempt_at=NOW)],
        NOW,
    )
    [again] = database.journal.claim(run.id, LIVING, NOW, LEASE, limit=1)
    begin(database, [again], NOW)

    assert "ada" == again.recipient.local_part
    assert {"planned": 2, "claimed": 1} == counts(database, run)
