"""A correction goes to those who have the issue it corrects, once, and to nobody else."""

import tracemalloc
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import Attempt, DeliveryState, NewRun, Outcome, Run
from newsletter.errors import RunConflictError, StoreError
from newsletter.store import Database
from newsletter.subscribers import AudienceMember
from tests.people import bring
from tests.turns import begin, settle

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
FIRST, CORRECTION = "2026-11-27", "2026-11-27-correction"
ACCEPTED, PLANNED = DeliveryState.ACCEPTED, DeliveryState.PLANNED


def address(name: str) -> AddrSpec:
    return AddrSpec(name, "example.com")


def member(name: str) -> AudienceMember:
    return AudienceMember(subscriber_id=None, address=address(name), first_name=name.title())


def send(
    database: Database, issue: str, people: Iterable[AudienceMember], **became: DeliveryState
) -> Run:
    """Everyone accepts it but those who are named."""
    run = database.runs.open(
        NewRun(issue=issue, digest="d1", subject="Five", message_date=NOW), people, NOW, by="ada"
    )
    claims = database.journal.claim(run.id, "me", NOW, LEASE, 50_000)
    begin(database, claims, NOW)
    for claim in claims:
        state = became.get(claim.recipient.local_part, ACCEPTED)
        if state is not DeliveryState.IN_DOUBT:
            due = NOW + LEASE if state is DeliveryState.DEFERRED else None
            outcome = Outcome(delivery=claim, state=state, attempt=attempt(), next_attempt_at=due)
            settle(database, [outcome], NOW)
    database.journal.release(run.id, "me", NOW)
    return run


def attempt() -> Attempt:
    return Attempt(
        started_at=NOW,
        ended_at=NOW,
        stage="final-dot",
        code=250,
        enhanced_code="",
        text="ok",
        transport="smtp://relay",
    )


def correct(database: Database, *, extend: bool = False, corrects: str | None = FIRST) -> Run:
    people = database.audiences.accepted(FIRST)
    return database.runs.open(
        NewRun(
            issue=CORRECTION, digest="d2", subject="Correction", message_date=NOW, corrects=corrects
        ),
        people,
        NOW,
        extend=extend,
        by="ada",
    )


def recipients(database: Database, issue: str, state: DeliveryState) -> list[str]:
    return [each.recipient.local_part for each in database.audiences.failures(issue, {state})]


def test_accepted_gives_only_those_who_have_the_issue(database: Database) -> None:
    everyone = [member(name) for name in ("ada", "bob", "cyd", "dan", "eve")]
    send(
        database,
        FIRST,
        everyone,
        bob=DeliveryState.REFUSED,
        cyd=DeliveryState.IN_DOUBT,
        dan=DeliveryState.DEFERRED,
    )
    send(database, "another", [member("zoe")])

    assert [member("ada"), member("eve")] == list(database.audiences.accepted(FIRST))
    assert [] == list(database.audiences.accepted("never sent"))


def test_accepted_says_who_must_not_be_sent_to_any_more(database: Database) -> None:
    names = ("ada", "bob", "cyd")
    bring(database, "email,first_name\n" + "".join(f"{n}@example.com,\n" for n in names), NOW)
    send(database, FIRST, database.subscribers.audience(NOW))
    database.membership.leave(address("bob").key, NOW)
    database.suppressions.add(address("cyd").key, "bounced", NOW)

    found = {
        each.address.local_part: each.suppressed_because
        for each in database.audiences.accepted(FIRST)
    }
    run = correct(database)

    assert {"ada": None, "bob": "unsubscribed", "cyd": "bounced"} == found
    assert (FIRST, 3) == (run.corrects, run.frozen)
    assert ["ada"] == recipients(database, CORRECTION, PLANNED)
    assert ["bob", "cyd"] == recipients(database, CORRECTION, DeliveryState.SUPPRESSED)


def test_accepted_comes_in_pages(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter.store.runs.audiences.CHUNK", 2)
    everyone = [member(f"p{number}") for number in range(5)]
    send(database, FIRST, everyone)

    assert everyone == list(database.audiences.accepted(FIRST))


def test_correction_is_one_run_that_only_grows_by_those_who_got_the_issue_since(
    database: Database,
) -> None:
    first = send(database, FIRST, [member("ada"), member("bob")], bob=DeliveryState.IN_DOUBT)
    run = correct(database)
    assert (1, 0, 0) == (
        run.frozen,
        database.audiences.newcomers(run.id, NOW),
        database.audiences.newcomers(first.id, NOW),
    )
    database.doubts.resolve(FIRST, address("bob").key, accepted=True, now=NOW + 2 * LEASE, by="ada")
    assert 1 == database.audiences.newcomers(run.id, NOW)

    again, grown = correct(database), correct(database, extend=True)

    assert (run, 2, 0) == (again, grown.frozen, database.audiences.newcomers(run.id, NOW))
    assert ["ada", "bob"] == recipients(database, CORRECTION, PLANNED)
    assert [(FIRST, None), (CORRECTION, FIRST)] == [
        (each.issue, each.corrects) for each in database.runs.all()
    ]


def test_correction_is_gone_on_with_by_whoever_does_not_say_that_it_is_one(
    database: Database,
) -> None:
    send(database, FIRST, [member("ada")])
    run = correct(database)

    assert run == correct(database, corrects=None)


def test_correction_is_never_extended_to_everyone(database: Database) -> None:
    send(database, FIRST, [member("ada")])
    correct(database)

    with pytest.raises(RunConflictError, match=f"as a correction of {FIRST}, and its audience"):
        database.runs.open(
            NewRun(issue=CORRECTION, digest="d2", subject="", message_date=NOW),
            [member("zoe")],
            NOW,
            extend=True,
            by="ada",
        )

    assert [] == recipients(database, CORRECTION, DeliveryState.SUPPRESSED)
    assert ["ada"] == recipients(database, CORRECTION, PLANNED)


def test_issue_that_was_sent_to_everyone_becomes_no_correction_later(database: Database) -> None:
    send(database, FIRST, [member("ada")])
    send(database, CORRECTION, [member("zoe")])

    with pytest.raises(RunConflictError):
        correct(database)
    with pytest.raises(RunConflictError, match="opened as an issue, and"):
        database.runs.open(
            NewRun(issue=CORRECTION, digest="d1", subject="", message_date=NOW, corrects=FIRST),
            [],
            NOW,
            by="ada",
        )


@pytest.mark.parametrize(
    ("corrects", "message"),
    [("never", "the issue never was never sent"), (CORRECTION, "cannot be its own correction")],
)
def test_correction_of_what_was_never_sent_is_refused(
    database: Database, corrects: str, message: str
) -> None:
    with pytest.raises(StoreError, match=message):
        correct(database, corrects=corrects)

    assert [] == database.runs.all()


def test_accepted_is_flat_in_memory(database: Database) -> None:
    send(database, FIRST, (member(f"person{number}") for number in range(3)))
    with database._connections.writing() as connection:
        connection.exec_driver_sql(MANY)

    tracemalloc.start()
    try:
        count = sum(1 for _ in database.audiences.accepted(FIRST))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert 30_003 == count
    assert peak < 16_000_000, peak


MANY = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 30000)
INSERT INTO deliveries (run_id, shard_id, issue, recipient_key, recipient, fields, state,
 attempts, enhanced_code, reply_text, reason, updated_at)
SELECT deliveries.run_id, shard_id, issue, 'p' || n || '@example.org', 'p' || n || '@example.org',
 fields, 'accepted', 1, '', '', '', 1 FROM deliveries, numbers
WHERE deliveries.recipient_key = 'person0@example.com'
"""
