"""Whether a publication is well, by real books at any moment."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import Kind, NewRun, Run
from newsletter.metrics.books import BooksCollector
from newsletter.publishing.agenda import Fact
from newsletter.publishing.health import (
    Bounds,
    Check,
    Health,
    Probe,
    Verdict,
    health_of,
    health_within,
)
from newsletter.publishing.measuring import reader_of
from newsletter.settings import Secret
from newsletter.store import Database
from newsletter.subscribers import AudienceMember
from tests.integration.publishing.conftest import BEFORE, SLOT, World
from tests.integration.store.conftest import postgresql_server, postgresql_url
from tests.pace import patience
from tests.turns import begin

__all__ = ["postgresql_server", "postgresql_url"]

MINUTE = timedelta(minutes=1)
OWNER = "friday process 812 since 2026-11-25 06:00:00 UTC [elsewhere/1/2 812 3]"
LEASE = timedelta(minutes=5)


def health(world: World, bounds: Bounds | None = None) -> Health:
    return health_of(world.publication, bounds or Bounds())


def one(world: World, probe: Probe, bounds: Bounds | None = None) -> Check:
    (check,) = [each for each in health(world, bounds).checks if each.probe is probe]
    return check


def found(world: World, probe: Probe, bounds: Bounds | None = None) -> tuple[Verdict, Fact]:
    """The verdict, and the facts that matter most."""
    check = one(world, probe, bounds)
    return check.verdict, next(iter(check.facts.values()))


def unwell(world: World, bounds: Bounds | None = None) -> Mapping[Probe, Verdict]:
    checks = health(world, bounds).checks
    return {each.probe: each.verdict for each in checks if each.verdict is not Verdict.WELL}


def beat(world: World, kind: Kind = Kind.DAEMON, owner: str = OWNER) -> None:
    world.database.heartbeats.beat(owner, world.now, world.now, "waiting", kind)


def begun(database: Database, issue: str = "2026-11-27", people: int = 3) -> Run:
    audience = [
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", "example.com"))
        for n in range(people)
    ]
    new = NewRun(issue=issue, digest="d", subject="Five stories", message_date=BEFORE)
    return database.runs.open(new, audience, BEFORE, by="ada", owner="nobody")


def test_publication_with_nothing_to_do_is_well(world: World) -> None:
    checks = health(world).checks

    assert list(Probe)[1:] == [each.probe for each in checks]
    assert Verdict.WELL is health(world).verdict
    assert all(each.remedy is None for each in checks)


def test_database_that_is_not_there_or_cannot_be_reached_is_unknown(world: World) -> None:
    for url in (f"sqlite:///{world.folder}/none.db", "postgresql://localhost:1/none"):
        settings = world.settings
        environment = replace(settings.environment, database=Secret(url))
        away = replace(world, settings=replace(settings, environment=environment))

        assert {Probe.DATABASE: Verdict.UNKNOWN} == unwell(away)
        assert Verdict.UNKNOWN is health(away).verdict
    assert not (world.folder / "none.db").exists()


def test_slot_without_a_daemon_is_degraded_and_with_one_or_a_timer_well(world: World) -> None:
    world.schedule()

    assert {Probe.DAEMON: Verdict.DEGRADED} == unwell(world)
    assert {} == unwell(world, Bounds(needs_daemon=False))

    beat(world)

    assert {} == unwell(world)


def test_daemon_that_fell_silent_is_missed_and_not_for_ever_where_another_lives(
    world: World,
) -> None:
    beat(world)
    world.now += 2 * MINUTE

    assert ["friday process 812"] == one(world, Probe.DAEMON).facts["silent"]
    assert {Probe.DAEMON: Verdict.DEGRADED} == unwell(world)

    world.now += 120 * MINUTE
    beat(world, owner=OWNER.replace("812", "813"))

    assert {} == unwell(world)


def test_workers_are_counted_and_so_many_may_be_wanted(world: World) -> None:
    beat(world, Kind.WORKER)

    assert (Verdict.WELL, 1) == found(world, Probe.WORKERS, Bounds(workers=1))
    assert (Verdict.DEGRADED, 1) == found(world, Probe.WORKERS, Bounds(workers=2))
    assert (Verdict.WELL, 0) == found(world, Probe.DAEMON)

    world.now += 2 * MINUTE

    assert (Verdict.DEGRADED, 0) == found(world, Probe.WORKERS)


def test_slot_that_nobody_began_is_overdue_and_one_that_was_missed_is_named(world: World) -> None:
    world.schedule()
    world.now = SLOT + 5 * MINUTE
    beat(world)

    assert (Verdict.DEGRADED, ["2026-11-27"]) == found(world, Probe.SLOTS)

    world.database.slots.miss("2026-11-27", world.now, "late")

    assert ["2026-11-27"] == one(world, Probe.SLOTS).facts["missed"]


def test_run_that_waits_too_long_that_is_paused_or_fails_again_and_again_is_degraded(
    world: World,
) -> None:
    world.schedule()
    beat(world)
    begun(world.database)

    assert {} == unwell(world)

    bounds = Bounds(oldest=5 * MINUTE)
    world.now += 6 * MINUTE
    beat(world)

    assert {Probe.QUEUE: Verdict.DEGRADED} == unwell(world, bounds)
    assert (3, 360) == tuple(one(world, Probe.QUEUE).facts.values())[:2]

    for _ in range(3):
        world.database.faults.add("run 2026-11-27", world.now)

    assert (Verdict.DEGRADED, ["2026-11-27"]) == found(world, Probe.FAULTS)

    world.database.runs.pause("2026-11-27", "ada", world.now)

    assert {Probe.RUNS, Probe.FAULTS} == set(unwell(world, bounds))
    assert ["2026-11-27"] == one(world, Probe.RUNS).facts["paused"]


def test_who_is_in_a_living_senders_hands_is_not_in_doubt_and_who_was_left_is(
    world: World,
) -> None:
    run = begun(world.database)
    claims = world.database.journal.claim(run.id, OWNER, world.now, LEASE, 2)
    begin(world.database, claims, world.now)

    assert (Verdict.WELL, 0) == found(world, Probe.DOUBTS)

    world.now += 2 * LEASE

    assert (Verdict.DEGRADED, 2) == found(world, Probe.DOUBTS)
    assert (Verdict.WELL, 2) == found(world, Probe.DOUBTS, Bounds(doubts=2))


def over(world: World, database: str) -> World:
    """The same world, its books in another database."""
    environment = replace(world.settings.environment, database=Secret(database))
    return replace(world, settings=replace(world.settings, environment=environment))


@pytest.mark.postgresql
def test_shared_databases_own_clock_is_the_one_that_counts(
    world: World, postgresql_url: str
) -> None:
    """A machine whose clock is wrong by years misses nobody."""
    there = over(world, postgresql_url)
    with there.publication.open_database() as database:
        now = database.time()
        database.heartbeats.beat(OWNER, now, now, "waiting")

    assert {} == unwell(there)
    assert abs(health(there).at - now) < MINUTE


@pytest.mark.postgresql
def test_a_database_that_is_locked_does_not_answer_and_is_unknown(
    world: World, postgresql_url: str
) -> None:
    """Whoever watches is not kept waiting for the end of somebody's work on it."""
    from psycopg import connect

    there = over(world, postgresql_url)
    with there.publication.open_database():
        pass
    with connect(postgresql_url) as locking:
        locking.execute("LOCK TABLE deliveries, runs IN ACCESS EXCLUSIVE MODE")
        health = health_within(there.publication, Bounds(), 1.0)
        collector = BooksCollector(reader_of(there.publication), 1.0)
        figures = [collector.figures(), collector.figures()]

    (check,) = health.checks
    assert (Probe.DATABASE, Verdict.UNKNOWN) == (check.probe, check.verdict)
    assert "it does not answer within 1 seconds" == check.facts["fault"]
    assert [None, None] == figures
    patient = BooksCollector(reader_of(there.publication), patience(30))
    assert patient.figures() is not None
    assert Verdict.WELL is health_within(there.publication, Bounds(), patience(30)).verdict
