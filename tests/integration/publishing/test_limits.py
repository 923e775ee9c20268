"""[limits] per_day and per_hour, and the relay's own caps: a run rests, and goes on by itself."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from newsletter.books import Room, SlotState, WarmUp
from newsletter.errors import TransportError
from newsletter.publishing.forecasting import forecast
from newsletter.publishing.handing_out import shards_to_give
from newsletter.publishing.plan import plan_audience, stint
from newsletter.publishing.resting import relay_cap
from newsletter.publishing.sending import Send, open_run, send
from newsletter.publishing.tick import Happening, Tick
from newsletter.schedule import parse_window
from newsletter.settings.domains import DomainGroup
from newsletter.transports import RecordingTransport, Reply, Stage
from newsletter.transports.options import Options
from newsletter.transports.recording import ACCEPTED
from newsletter.transports.url import TransportURL
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


def test_a_day_of_the_warm_up_is_kept_and_the_tick_goes_on_after_midnight(
    ready_world: World,
) -> None:
    world = ready_world
    plan = WarmUp(since=FRIDAY, first_day=1, times=2)
    world.settings = replace(world.settings, limits=replace(world.settings.limits, warm_up=plan))

    first = world.tick()
    had = [len(world.readers)]
    for hours in (16.9, 17, 40.9, 41):  # midnight in London is 17 hours after the slot
        world.tick(HOUR * hours)
        had.append(len(world.readers))

    assert "the limit of 1 on day 1 of the warm-up is reached" in first[-1].text
    assert [1, 1, 3, 3, 4] == had
    assert SlotState.DONE is world.state


def test_nothing_goes_out_but_in_the_delivery_window(ready_world: World) -> None:
    world = ready_world
    limits = replace(world.settings.limits, window=parse_window("monday-friday 08:00-18:00"))
    world.settings = replace(world.settings, limits=limits)

    early = world.tick()
    still = world.tick(HOUR - timedelta(seconds=1))
    had = len(world.readers)
    last = world.events(HOUR)

    words = "rests until 2026-11-27 08:00:00 UTC: messages go out monday-friday 08:00-18:00"
    assert ["started", "waiting"] == [each.event for each in early]
    assert all(words in each[-1].text for each in (early, still))
    assert (0, 4) == (had, len(world.readers))
    assert ["resumed", "finished"] == last


def test_a_window_that_closes_ends_the_send_and_gives_the_rest_back(ready_world: World) -> None:
    """The clock jumps to the end of the window with the first message."""
    world = ready_world
    limits = replace(world.settings.limits, window=parse_window("07:00-18:00"))
    world.settings = replace(world.settings, limits=limits)
    relay = Closing(world)
    more = "".join(f"more{number}@d{number}.example\n" for number in range(50))
    bring(world.database, f"email\n{more}", BEFORE)

    closed = tick_over(world, relay)
    had = len(relay.attempts)
    tick_over(world, RecordingTransport(), DAY)

    assert "rests until 2026-11-28 07:00:00 UTC" in closed[-1]
    assert 1 <= had < 54
    assert SlotState.DONE is world.state


class Answering(RecordingTransport):
    """Answers the first ones as told, and all others by `then`."""

    def __init__(self, *first: Reply, then: Reply = ACCEPTED) -> None:
        super().__init__()
        self._first, self._then = list(first), then

    def next_answer(self, recipient: str) -> Reply:
        return self._first.pop(0) if self._first else self._then


def test_the_real_run_is_held_to_the_time_table(ready_world: World) -> None:
    """Day by day as many as were foretold, and done on the same one."""
    world = ready_world
    slow = DomainGroup(
        name="yahoo.com",
        domains=("yahoo.com",),
        warm_up=WarmUp(since=FRIDAY, first_day=1, times=2),
    )
    limits = replace(
        world.settings.limits,
        warm_up=WarmUp(since=FRIDAY, first_day=3, times=1.5),
        window=parse_window("08:00-18:00"),
        domains=(slow,),
    )
    world.settings = replace(world.settings, limits=limits)
    more = "".join(f"more{number}@yahoo.com\n" for number in range(6))
    bring(world.database, f"email\n{more}", BEFORE)
    world.now = SLOT
    relay = RecordingTransport()
    due = plan_audience(world.books(), None, None).by_group
    foretold = forecast(due, world.books(), relay)

    had: dict[date, int] = {}
    while SlotState.DONE is not world.state and len(had) < 9:
        before = len(to_readers(relay))
        for hours in (0, 1, 12):  # before the window opens, in it, and after
            tick_over(world, relay, len(had) * DAY + hours * HOUR)
        had[FRIDAY + len(had) * DAY] = len(to_readers(relay)) - before

    assert {"yahoo.com": 6, "": 4} == due
    assert foretold.days == had
    assert 3 <= len(had)


def test_workers_are_given_no_shard_of_a_group_whose_day_is_used_up(ready_world: World) -> None:
    world = ready_world
    slow = DomainGroup(
        name="yahoo.com",
        domains=("yahoo.com",),
        warm_up=WarmUp(since=FRIDAY, first_day=1, times=2),
    )
    limits = replace(world.settings.limits, per_day=3, domains=(slow,))
    world.settings = replace(world.settings, limits=limits)
    bring(world.database, "email\na@yahoo.com\nb@yahoo.com\nc@yahoo.com\n", BEFORE)
    world.tick()
    world.settings = replace(world.settings, limits=replace(limits, per_day=None))

    today = [shard.group for shard in shards_to_give(world.books(), ())]
    world.now = SLOT + DAY
    tomorrow = [shard.group for shard in shards_to_give(world.books(), ())]

    assert [""] == today
    assert ["", "yahoo.com"] == sorted(tomorrow)


def to_readers(relay: RecordingTransport) -> list[str]:
    told = ("desk@", "boss@")
    found = [each.envelope.recipient for each in relay.deliveries]
    return [address for address in found if not address.startswith(told)]


class Closing(RecordingTransport):
    """Slow, and at its first message it is six in the evening."""

    def __init__(self, world: World) -> None:
        super().__init__(TransportURL(scheme="recording", options=Options(rate=20.0)))
        self._world = world

    def next_answer(self, recipient: str) -> Reply | TransportError:
        self._world.now = SLOT + 11 * HOUR
        return super().next_answer(recipient)


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
