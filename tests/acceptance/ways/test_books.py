"""Who gets what, and what the books say, the same in each of the three ways."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from tests.acceptance.ways.conftest import Grounds
from tests.acceptance.ways.relay import FULL, LATER, NO_SUCH, at_dot, sound
from tests.acceptance.ways.world import EVERYBODY, Way, World, once, reader
from tests.faults.script import Stage

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

BY_CHANCE = frozenset(
    {"processes", "rate", "seconds", "chain", "id", "by", "time", "date", "left_within_seconds"}
)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?")


def test_everybody_gets_one(world: World) -> None:
    world.send()
    world.until_over()

    assert sorted(EVERYBODY) == sorted(once(world))
    assert {"accepted": 40} == world.states()
    assert 0 == world.run("status", "today").status
    world.until(lambda: world.hears(" finished: today "), "it is said")
    world.close()
    assert 1 == world.says(" finished: today ")


def test_a_log_for_machines_has_the_number_of_the_run(world: World) -> None:
    world.schedule()
    for _ in range(world.way.workers):
        world.start("worker", "--log-format", "json")
    world.start("run", "--tick", "0.3", "--log-format", "json")
    world.until_over()
    world.until(lambda: world.hears('"finished"'), "it is said")
    world.close()

    lines = [json.loads(line) for each in world.processes for line in each.said().splitlines()]
    [(number,)] = world.ask("SELECT id FROM runs")
    told = {each["event"]: each["run"] for each in lines if each["issue"]}
    assert {number} == set(told.values()), told
    assert {"started", "finished"} <= told.keys()


def test_who_is_refused_for_good_is_counted_named_and_not_tried_again(world: World) -> None:
    refused = {reader(3), reader(17)}
    world.relay.rule = at_dot(NO_SUCH, *refused)

    world.send()
    world.until_over()

    assert sorted(EVERYBODY - refused) == sorted(once(world))
    assert {"accepted": 38, "refused": 2} == world.states()
    status = world.run("status", "today", "--failed")
    assert 1 == status.status
    assert all(f"{who}  refused" in status.out for who in refused)
    assert "550 5.1.1 no such mailbox" in status.out
    world.until(lambda: world.json("subscribers", "count")["owed"] == 38, "they are suppressed")


def test_those_put_off_are_tried_again_and_get_it(world: World) -> None:
    put_off = {reader(2), reader(11), reader(30)}
    world.relay.rule = at_dot(LATER, *put_off)

    world.send()
    world.until(lambda: world.states() == {"accepted": 37, "deferred": 3}, "three are put off")
    assert 75 == world.run("status", "today").status
    world.relay.rule = at_dot(LATER, reader(11))
    world.pass_time()
    world.until(lambda: world.states() == {"accepted": 39, "deferred": 1}, "one is left")
    world.relay.rule = sound
    world.pass_time()
    world.until_over()

    assert sorted(EVERYBODY) == sorted(once(world))
    assert 0 == world.run("status", "today").status


def test_who_left_or_is_suppressed_gets_none_even_after_the_freeze(world: World) -> None:
    """The relay keeps everybody waiting at the first content, so that the others are yet to go."""
    world.done("subscribers", "suppress", reader(1), "--reason", "complained", "--yes")
    world.relay.hold()

    world.send()
    world.until(lambda: bool(world.who("in_doubt")), "a content is at the relay")
    [first, second] = [
        key for (key,) in world.ask("SELECT recipient_key FROM deliveries ORDER BY id DESC LIMIT 2")
    ]
    world.done("subscribers", "suppress", first, "--reason", "asked for it", "--yes")
    world.done("subscribers", "unsubscribe", second, "--yes")
    world.relay.go_on()
    world.until_over()

    assert sorted(EVERYBODY - {reader(1), first, second}) == sorted(once(world))
    assert {"accepted": 37, "suppressed": 3} == world.states()
    assert {reader(1), first, second} == world.who("suppressed")


def test_a_segment_gets_it_and_nobody_else(world: World) -> None:
    world.schedule(segment="tag:uk")
    world.done("approve", world.path, "--by", "Ada Lovelace")
    world.work()
    world.until_over()

    assert sorted(reader(number) for number in range(0, 40, 2)) == sorted(once(world))
    assert {"accepted": 20} == world.states()
    assert "tag:uk" == world.json("report", "today")["segment"]


def test_two_issues_at_once_and_a_correction_of_one(world: World) -> None:
    """A correction is sent by hand, and so by that command, whoever else is at work."""
    refused = reader(8)
    world.relay.rule = at_dot(FULL, refused)
    world.write("second", "second")
    world.schedule("second", minutes=3)
    world.send()
    world.until_over()
    world.until_over("second")
    world.relay.rule = sound
    world.write("today", correction="An earlier version named another town.")

    world.done("send", "today", "--correction", "--yes")

    had = world.relay.had()
    assert {3} == {had[who] for who in EVERYBODY - {refused}}
    assert 0 == had[refused]
    assert {"accepted": 39, "refused": 1} == world.states() == world.states("second")
    assert 39 == sum(b"another town" in each for each in world.relay.contents())


def test_the_three_ways_tell_the_same(grounds: Grounds) -> None:
    """The same happens in each, and so all that programs are told is the same, but for whose hands
    it went through, and when.
    """
    with ExitStack() as stack:
        worlds = [stack.enter_context(grounds.world(way)) for way in Way]
        with ThreadPoolExecutor(len(worlds)) as pool:
            told = list(pool.map(_played, worlds))

    assert told[0]["status"]["run"]["counts"]["refused"] == 1
    for each in told[1:]:
        assert told[0] == each


def _played(world: World) -> Any:
    """One is suppressed, one refused, one put off at first; then what all of it comes to."""
    world.done("subscribers", "suppress", reader(1), "--reason", "complained", "--yes")
    refused, put_off = reader(3), reader(12)
    replies = {refused: NO_SUCH, put_off: LATER}
    world.relay.rule = lambda stage, who: replies.get(who) if stage is Stage.FINAL_DOT else None
    world.send()
    expected = {"accepted": 37, "refused": 1, "deferred": 1, "suppressed": 1}
    world.until(lambda: world.states() == expected, "one is put off")
    del replies[put_off]
    world.pass_time()
    world.until_over()
    told = {
        "status": world.json("status", "today", "--failed"),
        "all": world.json("status"),
        "report": world.json("report", "today"),
        "log": world.json("log", "today"),
        "refused": world.json("subscribers", "show", refused),
        "put off": world.json("subscribers", "show", put_off),
        "count": world.json("subscribers", "count"),
    }
    return _without_chance(told, world.relay.name)


def _without_chance(told: Any, relay: str) -> Any:
    """Without moments, names of processes and what is counted by the clock."""
    if isinstance(told, dict):
        kept = {key: value for key, value in told.items() if key not in BY_CHANCE}
        return {key: _without_chance(value, relay) for key, value in kept.items()}
    if isinstance(told, list):
        return [_without_chance(each, relay) for each in told]
    if isinstance(told, str):
        return MOMENT.sub("at some time", told.replace(relay, "the relay"))
    return told
