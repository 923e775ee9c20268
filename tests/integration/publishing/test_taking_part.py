"""What a worker's turn that broke off leaves behind, and who may give it back."""

import subprocess
import sys
from datetime import timedelta

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import NewRun, Part, Run
from newsletter.publishing.handing_out import shards_to_give
from newsletter.publishing.taking_part import LEASE, give_back
from newsletter.subscribers import AudienceMember
from tests.integration.publishing.conftest import World


@pytest.fixture
def run(world: World) -> Run:
    world.schedule()
    world.database.slots.start("2026-11-27", "ada", world.now)
    new = NewRun(issue="2026-11-27", digest="d1", subject="Five", message_date=world.now)
    member = AudienceMember(subscriber_id=None, address=AddrSpec("ada", "example.com"))
    return world.database.runs.open(new, [member], world.now, by="ada")


def taken(world: World, run: Run, owner: str) -> int:
    """The shard that this owner has taken, with its only delivery."""
    (shard,) = world.database.runs.unfinished_shards(world.now)
    part = Part(shard_id=shard.id)
    assert 1 == len(world.database.journal.claim(run.id, owner, world.now, LEASE, 10, part=part))
    return shard.id


def owner_now(world: World) -> str | None:
    (shard,) = world.database.runs.unfinished_shards(world.now)
    return shard.owner


def test_what_a_turn_that_broke_off_has_is_free_long_before_its_lease_ends(
    world: World, run: Run
) -> None:
    ours = world.publication.owner
    shard_id = taken(world, run, ours)
    world.now += timedelta(seconds=1)
    assert ours == owner_now(world)

    give_back(world.books(), run.issue, shard_id)

    assert owner_now(world) is None
    assert shard_id == taken(world, run, "another")


def dead_process() -> str:
    """A process of this machine that runs no more, by its name."""
    words = "from datetime import UTC, datetime; from newsletter.process import this_process;"
    words += "print(this_process(datetime.now(UTC)))"
    done = subprocess.run([sys.executable, "-c", words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_a_shard_of_a_process_that_died_here_is_given_out_though_its_job_is_at_work(
    world: World, run: Run
) -> None:
    """Elsewhere that is known when its lease is over, and its job when no sign of life comes."""
    shard_id = taken(world, run, "a process of another machine")
    theirs = shards_to_give(world.books(), (), {shard_id})
    give_back(world.books(), run.issue, shard_id)
    world.database.journal.release(run.id, "a process of another machine", world.now)
    is_free = shards_to_give(world.books(), ()), shards_to_give(world.books(), (), {shard_id})
    assert shard_id == taken(world, run, dead_process())

    ours = shards_to_give(world.books(), (), {shard_id})

    assert ([], (1, 0)) == (theirs, (len(is_free[0]), len(is_free[1])))
    assert [(shard_id, True)] == [(each.id, each.is_orphaned) for each in ours]
    assert [] == shards_to_give(world.books(), {shard_id}, {shard_id})


def test_what_another_has_by_now_stays_theirs(world: World, run: Run) -> None:
    shard_id = taken(world, run, "another")

    give_back(world.books(), run.issue, shard_id)
    give_back(world.books(), "2026-12-04", shard_id)

    assert "another" == owner_now(world)
