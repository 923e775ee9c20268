"""The figures that monitoring reads: runs that are not over, counted, and letters that are due."""

from datetime import UTC, datetime, timedelta

from newsletter.addresses import AddrSpec
from newsletter.books import Attempt, DeliveryState, LetterKind, NewRun, Outcome, Run
from newsletter.store import Database
from newsletter.store.people import letters
from newsletter.subscribers import AudienceMember
from tests.turns import begin, settle

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = 5 * MINUTE


def begun(database: Database, issue: str = "issue", people: int = 4) -> Run:
    audience = [
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", "example.com"))
        for n in range(people)
    ]
    new = NewRun(issue=issue, digest="d", subject="Five stories", message_date=NOW)
    return database.runs.open(new, audience, NOW, by="ada", owner="nobody")


def test_run_is_counted_by_state_and_by_the_code_of_a_refusal(database: Database) -> None:
    run = begun(database)
    claims = database.journal.claim(run.id, "me", NOW, LEASE, 3)
    begin(database, claims[:2], NOW)
    attempt = Attempt(
        started_at=NOW,
        ended_at=NOW,
        stage="rcpt",
        code=550,
        enhanced_code="5.1.1",
        text="no such mailbox",
        transport="recording:",
    )
    refused = Outcome(delivery=claims[0], state=DeliveryState.REFUSED, attempt=attempt)
    settle(database, [refused], NOW)

    (figures,) = database.figures.open_runs(NOW + MINUTE)

    assert ("issue", 4, NOW) == (figures.issue, figures.frozen, figures.waiting_since)
    assert {"5.1.1": 1} == figures.refused
    in_hand = {DeliveryState.PLANNED: 1, DeliveryState.CLAIMED: 2, DeliveryState.REFUSED: 1}
    assert in_hand == {state: count for state, count in figures.counts.items() if count}

    (figures,) = database.figures.open_runs(NOW + 2 * LEASE)

    assert 1 == figures.counts[DeliveryState.IN_DOUBT]


def test_run_that_is_over_is_not_counted(database: Database) -> None:
    begun(database, "first")
    begun(database, "second")
    database.runs.cancel("first", "ada", NOW)

    assert ["second"] == [each.issue for each in database.figures.open_runs(NOW)]


def test_letters_are_due_from_their_time_on(database: Database) -> None:
    with database._connections.writing() as connection:
        to = AddrSpec("ada", "example.com")
        letters.owe(connection, LetterKind.CONFIRMATION, to, "key", NOW)

    early, late = (database.figures.letters(NOW + after) for after in (-MINUTE, MINUTE))

    assert (0, None) == (early.due, early.oldest_due_at)
    assert (1, NOW) == (late.due, late.oldest_due_at)
