"""What a lane may rely on, whether a rate is one process's own or all machines'."""

import asyncio
import threading
import time
from collections.abc import Callable

import pytest

from newsletter.delivery.fleet_throttle import FleetThrottle
from newsletter.delivery.throttle import Throttle
from newsletter.delivery.throttles import GroupThrottle, Throttles
from newsletter.errors import StoreError
from tests.pace import patience


class Row:
    """A row of paces, in one process: the next moment at which a message may go."""

    def __init__(self) -> None:
        self.next = time.monotonic()
        self.lock = threading.Lock()
        self.asked: list[int] = []

    def take(self, turns: int, rate: float) -> float:
        with self.lock:
            now = time.monotonic()
            first = max(self.next, now - 0.5)
            self.next = first + turns / rate
            self.asked.append(turns)
            return first - now


Make = Callable[[float | None], Throttle]


@pytest.fixture(params=["own", "fleet"])
def make(request: pytest.FixtureRequest) -> Make:
    return lambda rate: (
        Throttle(rate) if request.param == "own" else FleetThrottle(rate, reserve=Row().take)
    )


async def turns_in(throttle: Throttle, seconds: float, lanes: int = 3) -> list[float]:
    """The moments at which lanes had their turns, from the first one on."""
    stop, moments = asyncio.Event(), list[float]()

    async def lane() -> None:
        while True:
            await throttle.turn(stop)
            if stop.is_set():
                return
            moments.append(time.monotonic())

    at_work = [asyncio.create_task(lane()) for _ in range(lanes)]
    while not moments:
        await asyncio.sleep(0)
        for each in at_work:
            if each.done():
                each.result()
    await asyncio.sleep(seconds)
    stop.set()
    await asyncio.gather(*at_work)
    await throttle.close()
    return moments


def test_turns_come_at_the_rate(make: Make) -> None:
    """A busy machine may lose some of its own, and is not to be faster for that."""
    moments = asyncio.run(turns_in(make(40.0), 1.0))

    rate = (len(moments) - 1) / (moments[-1] - moments[0])
    assert 20.0 <= rate <= 44.0


def test_there_is_no_waiting_without_a_rate(make: Make) -> None:
    async def look() -> tuple[float, bool]:
        throttle = make(None)
        await throttle.turn(asyncio.Event())
        return throttle.take(), throttle.is_due

    assert (0.0, True) == asyncio.run(look())


def test_a_stop_is_honoured_at_once(make: Make) -> None:
    async def look() -> float:
        throttle, stop = make(0.01), asyncio.Event()
        await throttle.turn(stop)
        waiting = [asyncio.create_task(throttle.turn(stop)) for _ in range(3)]
        await asyncio.sleep(0.1)
        stop.set()
        begun = time.monotonic()
        await asyncio.gather(*waiting)
        await throttle.close()
        return time.monotonic() - begun

    assert asyncio.run(look()) < patience(0.5)


def test_a_turn_ahead_is_due_only_when_its_moment_is_there(make: Make) -> None:
    async def look() -> bool:
        throttle = make(0.01)
        await throttle.turn(asyncio.Event())
        return throttle.is_due

    assert not asyncio.run(look())


def test_a_turn_that_was_taken_out_of_turn_is_made_up_for(make: Make) -> None:
    """Two lanes may see the same turn, and wait for a message before they take it."""

    async def look() -> list[float]:
        throttle = make(20.0)
        await throttle.turn(asyncio.Event())
        for _ in range(20):
            throttle.take()
        begun = time.monotonic()
        await throttle.turn(asyncio.Event())
        await throttle.close()
        return [time.monotonic() - begun]

    [waited] = asyncio.run(look())
    assert waited > 0.4


def test_what_the_relay_says_halves_the_pace(make: Make) -> None:
    async def look() -> tuple[float | None, int]:
        throttle = make(40.0)
        await turns_in(throttle, 0.5)
        for recipient in range(3):
            throttle.hear_too_fast(recipient)
        return throttle.rate, len(await turns_in(throttle, 1.0))

    rate, turns = asyncio.run(look())
    assert 10.0 <= (rate or 0.0) <= 24.0
    assert turns <= 28


def test_the_turns_of_a_fleet_are_asked_for_by_need() -> None:
    """Twice as many each time while all are used, up to a quarter of a second's worth."""
    row = Row()
    asyncio.run(turns_in(FleetThrottle(40.0, reserve=row.take), 1.0))

    assert [2, 4, 8, 10] == row.asked[:4]
    assert 10 == max(row.asked)


def test_a_process_that_stood_still_makes_up_for_nothing() -> None:
    async def look() -> list[float]:
        row = Row()
        throttle, stop = FleetThrottle(40.0, reserve=row.take), asyncio.Event()
        for _ in range(20):
            await throttle.turn(stop)
        time.sleep(1.5)  # noqa: ASYNC251 - as a machine does that was put to sleep
        return await turns_in(throttle, 0.5)

    assert len(asyncio.run(look())) <= 0.5 * 40 + 0.5 * 40 + 10


def test_a_database_that_is_away_is_a_fault() -> None:
    def away(_turns: int, _rate: float) -> float:
        raise StoreError("the database is away")

    with pytest.raises(StoreError, match="the database is away"):
        asyncio.run(turns_in(FleetThrottle(40.0, reserve=away), 1.0, lanes=1))


def test_a_database_that_does_not_answer_keeps_no_stop_waiting() -> None:
    async def look() -> float:
        answer = threading.Event()

        def silent(_turns: int, _rate: float) -> float:
            answer.wait(patience())
            return 0.0

        throttle, stop = FleetThrottle(40.0, reserve=silent), asyncio.Event()
        waiting = asyncio.create_task(throttle.turn(stop))
        await asyncio.sleep(0.1)
        stop.set()
        begun = time.monotonic()
        await waiting
        waited = time.monotonic() - begun
        answer.set()
        await throttle.close()
        return waited

    assert asyncio.run(look()) < patience(0.5)


@pytest.mark.parametrize(("relay", "group"), [(20.0, 200.0), (200.0, 20.0)])
def test_the_slower_of_two_paces_holds(relay: float, group: float) -> None:
    async def look() -> tuple[float | None, int]:
        known = Throttles()
        both = GroupThrottle(relay=known.of("relay", relay), group=known.of("group", group))
        stop, turns = asyncio.Event(), 0
        begun = time.monotonic()
        while time.monotonic() - begun < 0.5:
            await both.turn(stop)
            turns += 1
        return both.rate, turns

    rate, turns = asyncio.run(look())
    assert 20.0 == rate
    assert 3 <= turns <= 13


def test_one_name_is_one_throttle_for_all_sends_of_a_process() -> None:
    known, row = Throttles(), Row()

    def fleet(name: str, turns: int, rate: float) -> float:
        return row.take(turns, rate)

    first = known.of("relay", 20.0, fleet)
    assert known.of("relay", 30.0, fleet) is first
    assert 30.0 == first.ceiling
