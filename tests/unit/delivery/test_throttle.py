import asyncio
from collections.abc import Callable

from newsletter.delivery.throttle import Throttle


def on_a_loop(look: Callable[[], object]) -> object:
    async def go() -> object:
        return look()

    return asyncio.run(go())


def test_throttle_has_no_waiting_without_a_rate() -> None:
    throttle = Throttle(None)

    assert (0.0, True, 0.0) == on_a_loop(
        lambda: (throttle.take(), throttle.is_due, throttle.take())
    )


def test_throttle_spaces_turns_evenly_and_says_when_none_is_due() -> None:
    throttle = Throttle(0.1)

    def look() -> list[object]:
        first = throttle.is_due
        waits = [round(throttle.take()) for _ in range(3)]
        return [first, waits, throttle.is_due]

    assert [True, [0, 10, 20], False] == on_a_loop(look)


def test_throttle_does_not_wait_when_stopped() -> None:
    async def go() -> None:
        stop = asyncio.Event()
        stop.set()
        throttle = Throttle(0.001)
        throttle.take()
        await asyncio.wait_for(throttle.turn(stop), 1)

    asyncio.run(go())
