"""What a worker's turn that broke off leaves behind, and who may give it back."""

from datetime import timedelta

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import NewRun, Part, Run
from newsletter.publishing.taking_part import LEASE, give_back
from newsletter.subscribers import AudienceMember
from tests.integration.publishing.conftest import World


@pytest.fixture
def run(world: World) -> Run:
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


def test_what_another_has_by_now_stays_theirs(world: World, run: Run) -> None:
    shard_id = taken(world, run, "another")

    give_back(world.books(), run.issue, shard_id)
    give_back(world.books(), "2026-12-04", shard_id)

    assert "another" == owner_now(world)
