"""Runs that are paused, ended, broken off or tampered with, the same in each of the three ways."""

import time
from collections import Counter

import pytest

from tests.acceptance.ways.world import EVERYBODY, World, once
from tests.pace import passing, patience

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CONNECTIONS = 2
SLOW = "&rate=5/s"


def in_mid_run(world: World, least: int = 4) -> None:
    """Under way, and the relay keeps everybody waiting; slow for some seconds more after that."""
    world.over(world.relay.url(SLOW, connections=CONNECTIONS))
    world.send()
    world.until(lambda: len(world.relay.dots) >= least, "it is in mid-run")
    world.relay.hold()


def let_go(world: World) -> None:
    """Whoever was told to stop has heard it; the relay answers again, and all is given back."""
    time.sleep(passing(1))
    world.relay.go_on()
    world.until(lambda: is_in_nobodys_hands(world), "everybody has let go")


def is_in_nobodys_hands(world: World) -> bool:
    return not world.ask("SELECT 1 FROM shards WHERE owner IS NOT NULL")


def test_paused_it_rests_and_resumed_it_goes_on(world: World) -> None:
    in_mid_run(world)

    world.done("pause", "today")
    let_go(world)
    had = len(world.relay.dots)
    time.sleep(passing(1))
    still = len(world.relay.dots)
    paused = world.run("status", "today")
    world.done("resume", "today")
    world.until_over()

    assert had == still < 40
    assert 75 == paused.status
    assert sorted(EVERYBODY) == sorted(once(world))
    assert {"accepted": 40} == world.states()


def test_cancelled_it_ends_and_the_books_balance(world: World) -> None:
    in_mid_run(world)

    world.done("cancel", "today", "--yes")
    let_go(world)
    world.until(lambda: "planned" not in world.states(), "what was given back is cancelled too")
    states = world.states()
    status = world.run("status", "today")

    assert "cancelled" == world.run_state()
    assert {"accepted", "cancelled"} == set(states)
    assert sorted(world.who("accepted")) == sorted(once(world))
    assert "The books balance: 40 = 40." in status.out


def test_killed_nobody_is_lost_or_doubled_and_it_ends_by_itself(world: World) -> None:
    """At most one is in doubt for each connection of the process that died."""
    in_mid_run(world, 10)

    world.replace(world.senders[0])
    world.relay.go_on()
    world.until_over(seconds=60)

    states, had = world.states(), world.relay.had()
    doubts = world.who("in_doubt")
    assert set() == {who for who, count in had.items() if count > 1}
    assert EVERYBODY == set(had) | doubts
    assert 40 == states["accepted"] + len(doubts)
    assert len(doubts) <= CONNECTIONS
    assert (1 if doubts else 0) == world.run("status", "today").status


def test_stopped_it_drains_and_goes_on_when_started_again(world: World) -> None:
    in_mid_run(world)

    for each in world.processes:
        each.popen.terminate()
    world.relay.go_on()
    ends = [each.popen.wait(patience()) for each in world.processes]
    had, states = Counter(once(world)), world.states()
    free = is_in_nobodys_hands(world)
    world.processes.clear()
    world.work()
    world.until_over()

    assert {0} == set(ends)
    assert free
    assert {"accepted": len(had), "planned": 40 - len(had)} == states
    assert sorted(EVERYBODY) == sorted(once(world))


def test_changed_after_its_approval_nothing_goes_out_until_it_is_as_it_was(world: World) -> None:
    text = world.path.read_text(encoding="utf-8")
    world.path.write_text(text.replace("Getir", "Gorillas"), encoding="utf-8")

    world.send()
    world.until(lambda: world.hears("approved other bytes than these"), "it is refused")
    states, dots = world.states(), len(world.relay.dots)
    world.path.write_text(text, encoding="utf-8")
    world.until_over()

    assert ({}, 0) == (states, dots)
    assert sorted(EVERYBODY) == sorted(once(world))


def test_changed_in_mid_run_the_approved_bytes_go_out_or_none(world: World) -> None:
    in_mid_run(world)
    world.done("pause", "today")
    let_go(world)
    text = world.path.read_text(encoding="utf-8")

    world.path.write_text(text.replace("Getir", "Gorillas"), encoding="utf-8")
    world.done("resume", "today")
    time.sleep(passing(1))
    world.path.write_text(text, encoding="utf-8")
    world.until_over()

    assert sorted(EVERYBODY) == sorted(once(world))
    assert not any(b"Gorillas" in each for each in world.relay.contents())
