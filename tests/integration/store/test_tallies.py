"""What shards keep of their counts is what a count of all deliveries finds, whatever happens."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Update, update

from newsletter.addresses import AddrSpec
from newsletter.books import (
    Attempt,
    Decision,
    Delivery,
    DeliveryState,
    NewRun,
    Outcome,
    Part,
    Refused,
    Run,
)
from newsletter.errors import NewsletterError
from newsletter.store import Database
from newsletter.store.runs import freezing
from newsletter.store.sql.schema import deliveries, shards
from newsletter.subscribers import AudienceMember

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
PEOPLE = 9
OWNERS = "ada", "bob"


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freezing, "SHARD_SIZE", 3)
    monkeypatch.setattr(freezing, "PAGE", 2)


def audience(size: int) -> list[AudienceMember]:
    return [
        AudienceMember(
            subscriber_id=None,
            address=AddrSpec(f"r{number}", "example.com"),
            suppressed_because="has left" if number == 1 else None,
        )
        for number in range(size)
    ]


def outcome(delivery: Delivery, state: DeliveryState, now: datetime) -> Outcome:
    is_deferred = state is DeliveryState.DEFERRED
    return Outcome(
        delivery=delivery,
        state=state,
        attempt=Attempt(now, now, "final-dot", 250, "", "said", "smtp://relay"),
        next_attempt_at=now + timedelta(minutes=1) if is_deferred else None,
    )


class World:
    """One run, and two who send it; every step may be refused, as it would be in life."""

    def __init__(self, database: Database, issue: str) -> None:
        self.database, self.issue, self.now = database, issue, NOW
        self.run = self.open(PEOPLE)
        self.in_hand: list[Delivery] = []
        self.deferred: list[Outcome] = []

    def open(self, size: int, *, extend: bool = False) -> Run:
        new = NewRun(issue=self.issue, digest="d1", subject="Nine", message_date=NOW)
        runs = self.database.runs
        return runs.open(new, audience(size), self.now, by="ada", extend=extend)

    def claim(self, number: int) -> None:
        shards = self.database.runs.unfinished_shards(self.now)
        of_run = [each.id for each in shards if each.run_id == self.run.id]
        part = Part(shard_id=of_run[number % len(of_run)]) if of_run and number % 3 else Part()
        owner = OWNERS[number % 2]
        journal = self.database.journal
        self.in_hand += journal.claim(self.run.id, owner, self.now, LEASE, number + 1, part=part)

    def begin(self, number: int) -> None:
        self.database.journal.turn([], self.in_hand[: number + 1], self.now)

    def settle(self, number: int) -> None:
        some, self.in_hand = self.in_hand[: number + 1], self.in_hand[number + 1 :]
        ends = (DeliveryState.ACCEPTED, DeliveryState.REFUSED, DeliveryState.DEFERRED)
        found = [outcome(each, ends[(number + at) % 3], self.now) for at, each in enumerate(some)]
        self.deferred += [each for each in found if each.state is DeliveryState.DEFERRED]
        self.database.journal.turn(found, [], self.now)

    def decide(self, number: int) -> None:
        state = (DeliveryState.REFUSED, DeliveryState.PLANNED)[number % 2]
        decisions = [Decision(held=held, state=state) for held in self.deferred]
        self.database.journal.decide(decisions, self.now)

    def release(self, number: int) -> None:
        self.database.journal.release(self.run.id, OWNERS[number % 2], self.now)

    def resolve(self, number: int) -> None:
        is_taken = bool(number % 2)
        self.database.doubts.resolve_all(self.issue, accepted=is_taken, by="eve", now=self.now)

    def plan_again(self, _number: int) -> None:
        doubts = self.database.doubts
        doubts.plan_again(self.issue, Refused(), by="eve", now=self.now, reason="not theirs")

    def wait(self, number: int) -> None:
        self.now += timedelta(minutes=2 * number)

    def extend(self, number: int) -> None:
        self.open(PEOPLE + number, extend=True)

    def erase(self, number: int) -> None:
        self.database.person_files.forget(f"r{number}@example.com", self.now, by="eve")

    def finish(self, _number: int) -> None:
        self.database.runs.finish(self.run.id, "ada", self.now)

    def cancel(self, number: int) -> None:
        if number == 4:
            self.database.runs.cancel(self.issue, "eve", self.now)


STEPS: Mapping[str, Callable[[World, int], None]] = {
    name: step for name, step in vars(World).items() if not name.startswith("_") and name != "open"
}
TURNS = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 4)), max_size=15)


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=TURNS)
def test_what_shards_keep_is_what_a_count_finds(
    database: Database, turns: Sequence[tuple[str, int]]
) -> None:
    world = World(database, f"issue{len(database.runs.all())}")

    for name, number in turns:
        with suppress(NewsletterError):
            STEPS[name](world, number)

        counted = database.runs.counted(world.run.id)
        assert counted == database.runs.balance(world.run.id), name
        assert counted.balanced
        reasons = database.statistics.suppressed(world.run.id)
        assert counted.counts.get(DeliveryState.SUPPRESSED, 0) == sum(reasons.values()), name


def test_shards_that_rest_are_not_counted_again(database: Database) -> None:
    """So a journal of any length tells its books at once; complete is a run by a count."""
    world = World(database, "issue")
    while claimed := database.journal.claim(world.run.id, "ada", NOW, LEASE, 3):
        found = [outcome(each, DeliveryState.ACCEPTED, NOW) for each in claimed]
        database.journal.turn(found, [], NOW)
    database.journal.release(world.run.id, "ada", NOW)

    behind_its_back = update(deliveries).values(state=DeliveryState.PLANNED)
    change(database, behind_its_back.where(deliveries.c.run_id == world.run.id))

    assert {DeliveryState.ACCEPTED: 8, DeliveryState.SUPPRESSED: 1} == dict(
        database.runs.balance(world.run.id).counts
    )
    assert 9 == database.runs.finish(world.run.id, "ada", NOW).unfinished


def test_why_somebody_is_suppressed_is_kept_too(database: Database) -> None:
    """Also by a version that kept no reasons: those are looked up."""
    world = World(database, "issue")

    change(database, update(deliveries).values(reason="changed behind its back"))

    assert {"has left": 1} == database.statistics.suppressed(world.run.id)

    change(database, update(shards).values(counts='{"planned": 2, "suppressed": 1}'))

    assert {"changed behind its back": 1} == database.statistics.suppressed(world.run.id)


def change(database: Database, statement: Update) -> None:
    with database.journal._connections.writing() as connection:
        connection.execute(statement)
