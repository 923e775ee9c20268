"""Rates, caps, hours and a relay that turns on us, the same in each of the three ways."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.acceptance.ways.relay import BLOCKED, at_dot, sound
from tests.acceptance.ways.world import EVERYBODY, World, once, reader

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

HARBOUR = frozenset(reader(number) for number in range(0, 40, 5))


def span(world: World, people: frozenset[str]) -> float:
    """Seconds from the first of them to the last."""
    moments = [moment for who, moment in world.relay.dots if who in people]
    return max(moments) - min(moments)


def test_rate_of_the_relay_is_that_of_all_together(world: World) -> None:
    """Half of what it must take at the least: a stall of the machine takes from either end."""
    world.over(world.relay.url("&rate=8/s"))

    world.send()
    world.until_over()

    assert sorted(EVERYBODY) == sorted(once(world))
    assert span(world, EVERYBODY) >= 40 / 8 / 2


def test_group_of_domains_has_a_rate_of_its_own(world: World) -> None:
    world.settings("limits.domains", '"harbour.example" = "2/s"')

    world.send()
    world.until_over()

    assert sorted(EVERYBODY) == sorted(once(world))
    assert span(world, HARBOUR) >= len(HARBOUR) / 2 / 2


def test_group_that_is_paused_waits_and_the_others_do_not(world: World) -> None:
    line = '"harbour.example" = { pause = true }'
    world.settings("limits.domains", line)

    world.send()
    world.until(lambda: world.states() == {"accepted": 32, "planned": 8}, "the others have it")
    waiting = world.who("planned")
    status = world.run("status", "today")
    world.without(line)
    world.until_over()

    assert waiting == HARBOUR
    assert 75 == status.status
    assert sorted(EVERYBODY) == sorted(once(world))


def test_cap_of_a_day_is_kept_to_and_the_run_rests(world: World) -> None:
    line = "per_day = 15"
    world.settings("limits", line)

    world.send()
    world.until(lambda: world.states() == {"accepted": 15, "planned": 25}, "the cap is reached")
    status = world.json("status")
    said = world.run("status", "today")
    world.without(line)
    world.until_over()

    assert [(15, 0)] == [(each["limit"], each["left"]) for each in status["limits"]]
    assert 75 == said.status
    assert "the limit of 15 a day is reached" in said.out
    assert sorted(EVERYBODY) == sorted(once(world))


def test_outside_of_its_hours_nothing_goes_out(world: World) -> None:
    hour = datetime.now(ZoneInfo("Europe/London")).hour
    line = f'window = "{(hour + 3) % 24:02}:00-{(hour + 4) % 24:02}:00"'
    world.settings("limits", line)

    world.send()
    world.until(lambda: world.states() == {"planned": 40}, "it is begun")
    said = world.run("status", "today")
    dots = len(world.relay.dots)
    world.without(line)
    world.until_over()

    assert 0 == dots
    assert "messages go out" in said.out
    assert sorted(EVERYBODY) == sorted(once(world))


def test_relay_that_turns_on_everybody_marks_nobody(world: World) -> None:
    """It takes five and refuses whoever comes then; it is asked again, and takes the rest.

    Workers with shards of ten hear too little each to be sure, and put people off instead.
    """
    world.relay.rule = lambda stage, recipient: (
        None if len(world.relay.dots) <= 5 else at_dot(BLOCKED)(stage, recipient)
    )

    world.send()
    world.until(
        lambda: world.hears("stopped: today") or world.states().get("deferred") == 35,
        "the run is stopped, or everybody is put off",
    )
    states = world.states()
    world.relay.rule = sound
    world.pass_time()
    world.until_over(seconds=60)

    assert not {"refused", "suppressed", "failed"} & set(states)
    assert sorted(EVERYBODY) == sorted(once(world))
    assert {"accepted": 40} == world.states()
