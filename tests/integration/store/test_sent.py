"""What was sent, looked up by what comes back, over both databases, beside a neighbour."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from newsletter.addresses import AddrSpec
from newsletter.books import DeliveryState, NewRun, Outcome, SentDelivery
from newsletter.store import Database
from newsletter.store.runs.sent import MAX_RUNS
from newsletter.subscribers import AudienceMember
from tests.neighbour import NAMES
from tests.turns import begin, settle

MINUTE = timedelta(minutes=1)
EVERYBODY = range(1, 100)


def sent(database: Database, issue: str, now: datetime, people: int = 4) -> None:
    """One is accepted, one in doubt, one refused; the others are still owed it."""
    audience = [
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", "example.com"))
        for n in range(people)
    ]
    new = NewRun(issue=issue, digest="d", subject="Subject", message_date=now)
    run = database.runs.open(new, audience, now, by="ada", owner="nobody")
    claims = database.journal.claim(run.id, "me", now, 5 * MINUTE, 3)
    begin(database, claims, now)
    became = {0: DeliveryState.ACCEPTED, 2: DeliveryState.REFUSED}
    outcomes = [
        Outcome(delivery=each, state=became[at]) for at, each in enumerate(claims) if at in became
    ]
    settle(database, outcomes, now + MINUTE)


def told(found: Sequence[SentDelivery]) -> list[tuple[str, str, str]]:
    return [(each.issue, each.recipient_key, each.state.value) for each in found]


def test_only_what_was_sent_is_found_by_its_id(database: Database, now: datetime) -> None:
    sent(database, "friday", now)

    found = database.sent_deliveries.by_ids(EVERYBODY)

    assert [
        ("friday", "r0@example.com", "accepted"),
        ("friday", "r1@example.com", "in_doubt"),
    ] == told(found)
    assert [now + MINUTE, now] == [each.accepted_at for each in found]
    assert [found[0]] == database.sent_deliveries.by_ids([found[0].id])


def test_no_row_is_found_by_an_id_that_is_none(database: Database, now: datetime) -> None:
    sent(database, "friday", now)

    assert [] == database.sent_deliveries.by_ids([0, 10_000, 2**48 - 1])
    assert () == database.sent_deliveries.by_ids([])


def test_what_people_were_sent_is_found_newest_first(database: Database, now: datetime) -> None:
    for number in range(3):
        sent(database, f"issue {number}", now + number * MINUTE)

    found = database.sent_deliveries.lately_to(
        ["r0@example.com", "r2@example.com", "r3@example.com", "zoe@example.com", ""]
    )

    assert [(f"issue {number}", "r0@example.com", "accepted") for number in (2, 1, 0)] == told(
        found
    )
    assert () == database.sent_deliveries.lately_to([])


def test_what_was_sent_long_ago_is_not_looked_for(database: Database, now: datetime) -> None:
    for number in range(MAX_RUNS + 2):
        sent(database, f"issue {number:03}", now, people=1)

    found = database.sent_deliveries.lately_to(["r0@example.com"])

    assert MAX_RUNS == len(found)
    assert "issue 002" == found[-1].issue


def test_nothing_is_found_of_whoever_was_erased(database: Database, now: datetime) -> None:
    sent(database, "friday", now)

    database.person_files.forget("r0@example.com", now, by="ada")

    assert [] == database.sent_deliveries.lately_to(["r0@example.com"])
    assert "r0@example.com" not in {
        each.recipient_key for each in database.sent_deliveries.by_ids(EVERYBODY)
    }


def test_nothing_of_a_neighbour_is_found(database: Database) -> None:
    """Who has sent the same issues to the same people."""
    everybody = [f"{name}@example.com" for name in NAMES]

    assert [] == database.sent_deliveries.by_ids(EVERYBODY)
    assert [] == database.sent_deliveries.lately_to(everybody)
