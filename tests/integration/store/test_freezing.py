"""An audience frozen page by page: what a crash leaves, who goes on with it, and who can write."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import NewRun, Part, RunState
from newsletter.errors import RunBusyError, RunConflictError, StoreError
from newsletter.store import Database, open_database
from newsletter.store.runs import freezing
from newsletter.store.runs.freezing import LEAST_SIZE, PAGE
from newsletter.store.runs.opening import LEASE
from newsletter.store.sql.values import CHUNK
from newsletter.subscribers import AudienceMember
from tests.pace import passing
from tests.people import bring

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
NEW = NewRun(issue="issue", digest="d1", subject="Five", message_date=NOW)
PEOPLE = 2 * PAGE + 500


class Crash(BaseException):
    """The process ends here."""


def people(count: int = PEOPLE, *, crash_at: int | None = None) -> Iterator[AudienceMember]:
    for number in range(count):
        if number == crash_at:
            raise Crash
        address = AddrSpec(f"p{number}", "example.com")
        yield AudienceMember(subscriber_id=None, address=address)


def import_all(database: Database, addresses: Iterable[str]) -> None:
    bring(database, "\n".join(["email", *addresses]), NOW)


def break_off(database: Database, crash_at: int = 2 * PAGE + 1) -> None:
    with pytest.raises(Crash):
        database.runs.open(NEW, people(crash_at=crash_at), NOW, by="ada", owner="one")


def test_a_freeze_that_was_broken_off_gives_nobody_anything(database: Database) -> None:
    break_off(database)
    (run,) = database.runs.all()

    assert (RunState.FREEZING, PAGE) == (run.state, run.frozen)
    assert database.runs.balance(run.id).balanced
    assert [] == database.journal.claim(run.id, "me", LATER, timedelta(minutes=5), 10)
    assert PAGE == database.runs.finish(run.id, "ada", LATER).unfinished
    assert RunState.FREEZING is database.runs.all()[0].state
    assert [] == list(database.audit.entries())


def test_a_freeze_that_was_broken_off_is_finished_by_the_next_open(database: Database) -> None:
    break_off(database)
    run = database.runs.open(NEW, people(), LATER, by="eve")

    assert (RunState.RUNNING, PEOPLE, NOW) == (run.state, run.frozen, run.message_date)
    balance = database.runs.balance(run.id)
    assert balance.balanced
    assert PEOPLE == balance.unfinished
    assert [] == database.runs.holders(run.id, LATER)
    assert [("eve", f"to {PEOPLE:,} people")] == [
        (entry.by, entry.detail) for entry in database.audit.entries()
    ]
    claimed = database.journal.claim(run.id, "me", LATER, timedelta(minutes=5), PEOPLE + 1)
    assert PEOPLE == len({claim.recipient_key for claim in claimed}) == len(claimed)


def test_a_freeze_that_was_broken_off_may_go_on_with_another_text(database: Database) -> None:
    """Nobody was sent the first one."""
    break_off(database)
    run = database.runs.open(replace(NEW, digest="d2", subject="Six"), people(), LATER, by="eve")

    assert (RunState.RUNNING, "d2", "Six", PEOPLE) == (
        run.state,
        run.digest,
        run.subject,
        run.frozen,
    )
    with pytest.raises(RunConflictError):
        database.runs.open(NEW, people(), LATER, by="ada")


def people_and(act: Callable[[], object], at: int = 2 * PAGE + 1) -> Iterator[AudienceMember]:
    """Everybody, with something that happens in the middle of it."""
    for number, member in enumerate(people()):
        if number == at:
            act()
        yield member


def test_a_freeze_is_left_to_whoever_is_at_it(database: Database) -> None:
    def ask() -> None:
        (run,) = database.runs.all()
        assert ["one"] == [each.owner for each in database.runs.holders(run.id, NOW)]
        with pytest.raises(RunBusyError, match="one is freezing its audience, 2,500 people so far"):
            database.runs.open(NEW, people(), NOW, by="eve", owner="two")

    run = database.runs.open(NEW, people_and(ask), NOW, by="ada", owner="one")

    assert (RunState.RUNNING, PEOPLE) == (run.state, run.frozen)


def test_two_that_freeze_at_once_have_everybody_once(database: Database) -> None:
    """The first one's lease was over, because its machine slept; and then it goes on."""
    late = NOW + LEASE

    def take_over() -> None:
        second = database.runs.open(NEW, people(), late, by="eve", owner="two")
        assert (RunState.RUNNING, PEOPLE) == (second.state, second.frozen)

    run = database.runs.open(NEW, people_and(take_over), NOW, by="ada", owner="one")

    assert (RunState.RUNNING, PEOPLE) == (run.state, run.frozen)
    assert database.runs.balance(run.id).balanced
    assert ["eve"] == [entry.by for entry in database.audit.entries()]


def test_a_freeze_that_fails_is_let_go_of(database: Database) -> None:
    break_off(database)
    (run,) = database.runs.all()

    assert [] == database.runs.holders(run.id, NOW)


def test_a_run_that_is_paused_while_it_freezes_is_paused_when_it_is_whole(
    database: Database,
) -> None:
    def pause() -> None:
        paused = database.runs.pause("issue", "eve", NOW)
        assert (RunState.FREEZING, "eve") == (paused.state, paused.controlled_by)

    run = database.runs.open(NEW, people_and(pause), NOW, by="ada")

    assert (RunState.PAUSED, "eve", PEOPLE) == (run.state, run.controlled_by, run.frozen)
    assert [] == database.journal.claim(run.id, "me", LATER, timedelta(minutes=5), 10)
    assert RunState.RUNNING is database.runs.resume("issue", "eve", LATER).state
    assert ["paused", "started", "resumed"] == [str(e.action) for e in database.audit.entries()]


def test_a_run_that_is_resumed_while_it_freezes_is_running_when_it_is_whole(
    database: Database,
) -> None:
    def pause_and_resume() -> None:
        with pytest.raises(StoreError, match="the run is freezing and cannot be resumed"):
            database.runs.resume("issue", "eve", NOW)
        database.runs.pause("issue", "eve", NOW)
        again = database.runs.pause("issue", "max", NOW)
        resumed = database.runs.resume("issue", "eve", NOW)
        assert ("eve", RunState.FREEZING, None) == (
            again.controlled_by,
            resumed.state,
            resumed.controlled_by,
        )

    run = database.runs.open(NEW, people_and(pause_and_resume), NOW, by="ada")

    assert (RunState.RUNNING, None) == (run.state, run.controlled_by)


@pytest.mark.parametrize("first", [None, "the restored backup"])
def test_a_run_that_is_to_be_held_is_paused_when_it_is_whole(
    database: Database, first: str | None
) -> None:
    """Also one whose freeze is in the backup, and was held by nobody then."""
    broken_off = people(crash_at=2 * PAGE + 1)
    with pytest.raises(Crash):
        database.runs.open(replace(NEW, held_by=first), broken_off, NOW, by="ada", owner="one")
    held = replace(NEW, held_by="the restored backup")
    run = database.runs.open(held, people(), LATER, by="eve")

    assert (RunState.PAUSED, "the restored backup", PEOPLE) == (
        run.state,
        run.controlled_by,
        run.frozen,
    )
    assert [] == database.journal.claim(run.id, "me", LATER, timedelta(minutes=5), 10)


def test_a_run_is_extended_page_by_page_while_it_is_sent(database: Database) -> None:
    run = database.runs.open(NEW, people(PAGE), NOW, by="ada")
    lease = timedelta(minutes=5)
    first = database.journal.claim(run.id, "me", NOW, lease, 1)
    run = database.runs.open(NEW, people(), NOW, by="ada", extend=True)
    rest = database.journal.claim(run.id, "another", NOW, lease, PEOPLE)

    assert (RunState.RUNNING, PEOPLE) == (run.state, run.frozen)
    others = {claim.recipient_key for claim in rest} - {first[0].recipient_key}
    assert PEOPLE - LEAST_SIZE == len(others)


def test_who_joins_or_leaves_during_a_freeze_is_as_their_page_finds_them(
    database: Database,
) -> None:
    """Read ahead by a page; whoever is past it is asked again when they are claimed."""
    import_all(database, (f"p{number:05}@example.com" for number in range(4 * CHUNK)))

    def audience() -> Iterator[AudienceMember]:
        for number, member in enumerate(database.subscribers.audience(NOW)):
            if number == CHUNK:
                database.suppressions.add("p00000@example.com", "left", NOW)
                database.suppressions.add(f"p{4 * CHUNK - 1:05}@example.com", "left", NOW)
                import_all(database, ["a@example.com", "z@example.com"])
            yield member

    run = database.runs.open(NEW, audience(), NOW, by="ada")
    claimed = database.journal.claim(run.id, "me", NOW, timedelta(minutes=5), 5 * CHUNK)

    assert 4 * CHUNK == run.frozen
    assert 4 * CHUNK - 2 == len({claim.recipient_key for claim in claimed})
    assert {"left": 2} == database.statistics.suppressed(run.id)
    assert 2 == database.audiences.newcomers(run.id, NOW)


def test_a_freeze_ends_where_its_run_is_cancelled(database: Database) -> None:
    cancelled = people_and(lambda: database.runs.cancel("issue", "eve", NOW))

    with pytest.raises(RunConflictError, match="cancelled by eve"):
        database.runs.open(NEW, cancelled, NOW, by="ada")

    (run,) = database.runs.all()
    assert RunState.CANCELLED is run.state
    assert database.runs.balance(run.id).complete


def test_an_audience_that_is_empty_leaves_no_run(database: Database) -> None:
    with pytest.raises(StoreError, match="the audience is empty"):
        database.runs.open(NEW, people(0), NOW, by="ada")

    assert [] == database.runs.all()


FREEZER = """
import sys
from tests.integration.store.test_freezing import NEW, NOW, people
from newsletter.process import this_process
from newsletter.store import open_database
from tests.people import bring
with open_database(sys.argv[1]) as database:
    database.runs.open(NEW, people(500_000), NOW, by="ada", owner=this_process(NOW))
"""


def test_a_freeze_that_was_killed_is_finished_with_everybody_in_it_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/newsletter.db"
    with open_database(url) as database:
        process = subprocess.Popen([sys.executable, "-c", FREEZER, url])
        while not (database.runs.all() and database.runs.all()[0].frozen >= 2 * PAGE):
            assert process.poll() is None
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        (left,) = database.runs.all()

        run = database.runs.open(NEW, people(left.frozen + 100), NOW, by="ada", owner="another")

        assert RunState.FREEZING is left.state
        assert (RunState.RUNNING, left.frozen + 100) == (run.state, run.frozen)
        assert database.runs.balance(run.id).balanced


def test_somebody_can_be_suppressed_while_an_audience_is_frozen(tmp_path: Path) -> None:
    """Every page is a short wait; a freeze in one transaction would let nobody write before it."""
    url, waits, done = f"sqlite:///{tmp_path}/newsletter.db", list[float](), threading.Event()

    def suppress() -> None:
        with open_database(url) as other:
            while not done.is_set():
                start = time.monotonic()
                other.suppressions.add(f"x{len(waits)}@example.com", "left", NOW)
                waits.append(time.monotonic() - start)
                time.sleep(0.01)

    with open_database(url) as database:
        thread = threading.Thread(target=suppress)
        thread.start()
        start = time.monotonic()
        database.runs.open(NEW, people(50_000), NOW, by="ada")
        whole = time.monotonic() - start
        done.set()
        thread.join()

    assert len(waits) >= 5
    assert max(waits) < max(passing(2.0), whole / 3)


def shard_sizes(database: Database) -> list[int]:
    (run,) = database.runs.all()
    return [
        database.journal.count_due(run.id, LATER, Part(shard_id=shard.id))
        for shard in database.runs.unfinished_shards(LATER)
    ]


def test_a_small_run_has_shards_for_many_workers(database: Database) -> None:
    database.runs.open(NEW, people(), NOW, by="ada")

    assert [LEAST_SIZE] * (PEOPLE // LEAST_SIZE) == shard_sizes(database)


def test_the_shards_of_a_large_run_grow_up_to_a_bound(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, number in (("LEAST_SIZE", 2), ("SHARES", 4), ("SHARD_SIZE", 5), ("PAGE", 8)):
        monkeypatch.setattr(freezing, name, number)
    database.runs.open(NEW, people(40), NOW, by="ada")
    sizes = shard_sizes(database)

    assert 40 == sum(sizes)
    assert sorted(sizes[:-1]) == sizes[:-1]
    assert (2, 5) == (sizes[0], max(sizes))
