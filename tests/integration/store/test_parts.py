"""Parts of a run: shards of one group of domains each, taken one by one; and a pace for all."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import DeliveryState, NewRun, Outcome, Part, Run
from newsletter.errors import RunBusyError
from newsletter.store import Database, open_database
from newsletter.subscribers import AudienceMember

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
GROUPS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
NEW = NewRun(issue="issue", digest="d1", subject="Five", message_date=NOW, groups=GROUPS)
PEOPLE = ("a@gmail.com", "b@example.com", "c@googlemail.com", "d@example.org")


def begun(database: Database) -> Run:
    addresses = [AddrSpec(*text.split("@")) for text in PEOPLE]
    audience = [AudienceMember(subscriber_id=None, address=each) for each in addresses]
    return database.runs.open(NEW, audience, NOW, by="ada")


def taken(database: Database, run: Run, part: Part, owner: str = "me") -> list[str]:
    claimed = database.journal.claim(run.id, owner, NOW, LEASE, 10, part=part)
    return [str(delivery.recipient) for delivery in claimed]


def test_a_group_of_domains_has_shards_of_its_own(database: Database) -> None:
    run = begun(database)

    assert ["a@gmail.com", "c@googlemail.com"] == taken(database, run, Part(group="gmail.com"))
    assert ["b@example.com", "d@example.org"] == taken(database, run, Part(group=""))
    assert [] == taken(database, run, Part(group="nobody.example"))


def test_shards_with_something_left_say_who_has_them(database: Database) -> None:
    run = begun(database)
    first, second = database.runs.unfinished_shards(NOW)

    assert [("gmail.com", 1), ("", 2)] == [(each.group, each.number) for each in (first, second)]
    assert all(each.has_work and each.owner is None for each in (first, second))

    taken(database, run, Part(shard_id=second.id), "other")

    assert [None, "other"] == [each.owner for each in database.runs.unfinished_shards(NOW)]
    assert 2 == len(taken(database, run, Part(shard_id=first.id)))
    with pytest.raises(RunBusyError):
        taken(database, run, Part(shard_id=second.id), "third")

    database.journal.release(run.id, "other", NOW, Part(shard_id=second.id))

    assert 2 == len(taken(database, run, Part(shard_id=second.id), "third"))

    database.runs.pause("issue", "ada", NOW)

    assert [] == database.runs.unfinished_shards(NOW)


def test_a_run_is_finished_by_one_of_all_who_see_that_nothing_is_left(database: Database) -> None:
    run = begun(database)

    assert not database.runs.finish_if_done(run.id, "ada", NOW)

    claimed = database.journal.claim(run.id, "me", NOW, LEASE, 10)
    database.journal.turn(
        [Outcome(delivery=each, state=DeliveryState.FAILED) for each in claimed], [], NOW
    )

    assert database.runs.finish_if_done(run.id, "ada", NOW)
    assert not database.runs.finish_if_done(run.id, "ada", NOW)


def test_a_pace_is_kept_by_all_together(database_url: str) -> None:
    with open_database(database_url) as database:
        if not database.is_shared:
            pytest.skip("a pace is shared on PostgreSQL alone")
        begun_at, waits = time.monotonic(), []

        def ask() -> None:
            for _ in range(10):
                wait = database.paces.take("relay", 5, 1_000.0)
                waits.append(time.monotonic() - begun_at + wait)

        askers = [threading.Thread(target=ask) for _ in range(4)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        last = max(waits)

        assert 40 == len(waits)
        assert last >= 39 * 5 / 1_000 - 0.6  # half a second may be caught up
        assert abs((database.time() - datetime.now(UTC)).total_seconds()) < 5


def test_a_turn_renews_its_own_shard_and_waits_for_no_other(database: Database) -> None:
    """Two turns of one process, each with a shard, would lock each other's in a ring."""
    run = begun(database)
    first, second = (Part(shard_id=each.id) for each in database.runs.unfinished_shards(NOW))
    later = NOW + LEASE / 2
    taken(database, run, first)
    taken(database, run, second)

    assert 1 == database.journal.renew(run.id, "me", later, LEASE, first)

    kept, left = database.runs.unfinished_shards(NOW + LEASE)
    assert ["me", None] == [kept.owner, left.owner]
    assert 2 == database.journal.renew(run.id, "me", later, LEASE)
