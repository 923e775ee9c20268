"""Several relays side by side, the same in each of the three ways: shares, and one that dies."""

from collections.abc import Iterator

import pytest

from tests.acceptance.ways.relay import Relay
from tests.acceptance.ways.world import EVERYBODY, World, once

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def other() -> Iterator[Relay]:
    """Another relay beside the world's own."""
    with Relay() as relay:
        yield relay


def carried(world: World) -> dict[str, set[str]]:
    """Who was accepted over which relay, by the last attempt in the journal."""
    found: dict[str, set[str]] = {}
    rows = world.ask(
        "SELECT d.recipient_key, a.transport FROM deliveries AS d JOIN attempts AS a"
        " ON a.delivery_id = d.id AND a.number = d.attempts WHERE d.state = 'accepted'"
    )
    for who, transport in rows:
        found.setdefault(transport.partition("?")[0], set()).add(who)
    return found


def test_each_carries_its_share_and_the_journal_says_who_went_through_which(
    world: World, other: Relay
) -> None:
    world.over(f"roundrobin({world.relay.url('&weight=3')} {other.url()})")

    world.send()
    world.until_over()

    assert sorted(EVERYBODY) == sorted(once(world, world.relay, other))
    assert 24 <= len(world.relay.had()) <= 36
    assert {
        world.relay.name: set(world.relay.had()),
        other.name: set(other.had()),
    } == carried(world)
    told = {each["relay"]: each["accepted"] for each in world.json("report", "today")["relays"]}
    assert {each.name: len(each.had()) for each in (world.relay, other)} == told


def test_one_that_dies_leaves_its_share_to_the_other(world: World, other: Relay) -> None:
    """In doubt is at most one for each connection that it had."""
    world.over(f"roundrobin({world.relay.url('&rate=12/s')} {other.url('&rate=12/s')})")

    world.send()
    world.until(lambda: bool(other.dots) and len(world.relay.dots) > 4, "both are at work")
    open_then = other.open()
    other.die()
    world.until_over()

    doubts, had = world.who("in_doubt"), world.relay.had() + other.had()
    assert set() == {who for who, count in had.items() if count > 1}
    assert EVERYBODY == set(had) | doubts
    assert 40 == world.states()["accepted"] + len(doubts)
    assert len(doubts) <= open_then
    assert len(world.relay.had()) > len(other.had())
