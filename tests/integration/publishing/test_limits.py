"""[limits] per_day and per_hour, and the relay's own caps: a run rests, and goes on by itself."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.books import Room, SlotState
from newsletter.publishing.plan import stint
from newsletter.publishing.resting import relay_cap
from newsletter.publishing.sending import Send, open_run, send
from newsletter.publishing.tick import Happening, Tick
from newsletter.transports import RecordingTransport, Reply, Stage
from newsletter.transports.recording import ACCEPTED
from tests.integration.publishing.conftest import BEFORE, FRIDAY, SLOT, World
from tests.people import bring

pytestmark = pytest.mark.slow

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def limited(world: World, *, per_day: int | None = None, per_hour: int | None = None) -> World:
    limits = replace(world.settings.limits, per_day=per_day, per_hour=per_hour)
    world.settings = replace(world.settings, limits=limits)
    return world


def test_a_run_rests_at_its_limit_and_the_tick_goes_on_with_it(ready_world: World) -> None:
    world = limited(ready_world, per_day=3)

    first = world.tick()
    resting = [world.tick(after) for after in (HOUR, DAY - HOUR)]
    last = world.events(DAY)

    assert ["started", "waiting"] == [each.event for each in first]
    assert "rests until 2026-11-28 07:00:00 UTC: the limit of 3 a day is reached" in first[-1].text
    assert [["waiting"]] * 2 == [[each.event for each in found] for found in resting]
    assert 4 == len(world.readers)
    assert ["resumed", "finished"] == last
    assert SlotState.DONE is world.state


def test_an_hourly_limit_is_kept_over_many_ticks(ready_world: World) -> None:
    world = limited(ready_world, per_hour=1, per_day=3)

    had = []
    for hours in range(5):
        world.tick(HOUR * hours)
        world.tick(HOUR * hours + HOUR / 2)
        had.append(len(world.readers))
    world.tick(DAY)

    assert [1, 2, 3, 3, 3] == had
    assert 4 == len(world.readers)


def test_nobody_is_left_over_where_the_relay_refuses_some(ready_world: World) -> None:
    """What was claimed and not taken leaves room for the next one, in the same send."""
    world = limited(ready_world, per_day=2)
    gone = Reply(code=550, enhanced_code="5.1.1", text="no such user", stage=Stage.RCPT)
    relay = Answering(gone)

    tick_over(world, relay)

    assert 2 == len([each for each in relay.deliveries if "reader" in each.envelope.recipient])


class Answering(RecordingTransport):
    """Answers the first ones as told, and all others by `then`."""

    def __init__(self, *first: Reply, then: Reply = ACCEPTED) -> None:
        super().__init__()
        self._first, self._then = list(first), then

    def next_answer(self, recipient: str) -> Reply:
        return self._first.pop(0) if self._first else self._then


def tick_over(world: World, relay: RecordingTransport, after: timedelta = timedelta()) -> list[str]:
    world.now = SLOT + after
    found: list[Happening] = []
    publication = replace(world.publication, open_transport=lambda: relay)
    asyncio.run(Tick(publication=publication, database=world.database, hear=found.append).go())
    return [f"{each.event} {each.text}" for each in found]


def test_a_cap_that_the_relay_states_is_shown_and_waited_for(ready_world: World) -> None:
    words = "Daily user sending limit exceeded"
    no_more = Reply(code=550, enhanced_code="5.4.5", text=words, stage=Stage.FINAL_DOT)
    capped = Answering(then=no_more)
    more = "".join(f"more{number}@d{number}.example\n" for number in range(12))
    bring(ready_world.database, f"email\n{more}", BEFORE)

    tick_over(ready_world, capped)
    heard = len(capped.attempts)
    ready_world.now = SLOT + HOUR
    cap = relay_cap(ready_world.books(), capped)
    waiting = tick_over(ready_world, capped, HOUR)
    tick_over(ready_world, Answering(), DAY)

    assert cap is not None
    assert SLOT + DAY == cap.until
    assert f"the relay takes no more in this time: 550 5.4.5 {words}" == cap.why
    assert [f"waiting rests until 2026-11-28 07:00:00 UTC: {cap.why}"] == waiting
    assert heard == len(capped.attempts)
    assert SlotState.DONE is ready_world.state


def test_a_cap_is_known_to_the_next_run_over_that_relay(ready_world: World) -> None:
    """It begins with one message."""
    world = ready_world
    no_more = Reply(code=552, enhanced_code="", text="Quota exceeded", stage=Stage.FINAL_DOT)
    capped = Answering(then=no_more)
    more = "".join(f"more{number}@d{number}.example\n" for number in range(12))
    bring(world.database, f"email\n{more}", BEFORE)
    tick_over(world, capped)
    heard = len(capped.attempts)

    world.now = SLOT + HOUR
    ready = world.ready(world.write("another", "2026-12-04"), FRIDAY)
    books = replace(
        world.books(), publication=replace(world.publication, open_transport=lambda: capped)
    )
    asyncio.run(send(Send(books=books, ready=ready, run=open_run(ready, books))))

    assert heard + 1 == len(capped.attempts)


@pytest.mark.parametrize(
    ("due", "limits", "said"),
    [
        (10, [], None),
        (3, [("day", 3, 3)], None),
        (10, [("day", 3, 3)], ("3 a day", 3, 4, 3 * DAY)),
        (10, [("day", 3, 1)], ("3 a day", 1, 4, 3 * DAY)),
        (10, [("day", 3, 0)], ("3 a day", 0, 4, 4 * DAY)),
        (9, [("day", 3, 0)], ("3 a day", 0, 3, 3 * DAY)),
        (10, [("hour", 4, 4)], ("4 an hour", 4, 3, 2 * HOUR)),
        (10, [("day", 100, 90), ("hour", 2, 2)], ("2 an hour", 2, 5, 4 * HOUR)),
        (1_000, [("day", 100, 100), ("hour", 50, 50)], ("100 a day", 50, 10, 9 * DAY)),
    ],
)
def test_a_plan_says_how_long_a_limit_stretches_it(
    due: int, limits: Iterable[tuple[str, int, int]], said: tuple[str, int, int, timedelta] | None
) -> None:
    spans = {"day": DAY, "hour": HOUR}
    rooms = [Room(limit=limit, span=spans[span], left=left) for span, limit, left in limits]

    found = stint(due, rooms)

    assert said == (found and (found.limit, found.now, found.times, found.after))
