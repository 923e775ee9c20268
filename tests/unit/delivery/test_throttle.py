import asyncio
from collections.abc import Callable

from newsletter.delivery.throttle import FLOOR, Throttle
from newsletter.delivery.throttles import Throttles
from tests.pace import patience


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
        await asyncio.wait_for(throttle.turn(stop), patience())

    asyncio.run(go())


class DrivenLoop(asyncio.SelectorEventLoop):
    """Its clock stands still until it is told to go on."""

    moment = 1_000.0

    def time(self) -> float:
        return self.moment


def driven(play: Callable[[DrivenLoop, Throttle], object], ceiling: float | None = None) -> object:
    loop = DrivenLoop()

    async def go() -> object:
        return play(loop, Throttle(ceiling))

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(go())


def hear(throttle: Throttle, *recipients: int) -> list[bool]:
    return [throttle.hear_too_fast(each) for each in recipients]


def test_throttle_halves_when_many_hear_that_we_are_too_fast() -> None:
    def play(loop: DrivenLoop, throttle: Throttle) -> object:
        one = hear(throttle, 1, 1, 1, 2), throttle.rate
        return one, hear(throttle, 3), throttle.rate

    assert (([False] * 4, 40.0), [True], 20.0) == driven(play, 40.0)


def test_throttle_does_not_halve_twice_for_what_went_out_at_the_old_pace() -> None:
    def play(loop: DrivenLoop, throttle: Throttle) -> object:
        hear(throttle, *range(30))
        first = throttle.rate
        loop.moment += 1.1
        return first, hear(throttle, 40, 41, 42), throttle.rate

    assert (20.0, [False, False, False], 10.0) == driven(play, 40.0)


def test_throttle_does_not_fall_below_its_floor() -> None:
    def play(loop: DrivenLoop, throttle: Throttle) -> object:
        for number in range(0, 90, 3):
            hear(throttle, number, number + 1, number + 2)
            loop.moment += 20
        return throttle.rate

    assert FLOOR == driven(play, 40.0)


def test_throttle_that_has_no_ceiling_halves_its_pace_of_late() -> None:
    def play(loop: DrivenLoop, throttle: Throttle) -> object:
        for _ in range(50):
            throttle.take()
            loop.moment += 0.02
        hear(throttle, 1, 2, 3)
        return round(throttle.rate or 0)

    assert 25 == driven(play)


def test_throttle_recovers_step_by_step_while_mail_is_accepted() -> None:
    def play(loop: DrivenLoop, throttle: Throttle) -> object:
        hear(throttle, 1, 2, 3)
        rates, back = [], []
        for _ in range(5):
            throttle.hear_accepted()
            loop.moment += 10
            back.append(throttle.hear_accepted())
            rates.append(throttle.rate)
        return rates, back

    expected = [25.0, 31.25, 39.0625, 40.0, 40.0], [False, False, False, True, False]
    assert expected == driven(play, 40.0)


def test_throttle_tries_more_seldom_what_was_too_fast_again() -> None:
    def play(loop: DrivenLoop, throttle: Throttle) -> object:
        steps = []
        for number in range(0, 18, 3):
            hear(throttle, number, number + 1, number + 2)
            began, rate = loop.moment, throttle.rate
            while throttle.rate == rate:
                loop.moment += 5
                throttle.hear_accepted()
            steps.append(loop.moment - began)
            for _ in range(30):
                throttle.hear_accepted()
            loop.moment += 2
        return steps

    assert [10, 20, 40, 80, 160, 160] == driven(play, 4_000.0)


def test_all_sends_over_a_transport_are_slowed_together_and_one_more_changes_nothing() -> None:
    throttles = Throttles()

    def play(loop: DrivenLoop, _: Throttle) -> object:
        hear(throttles.of("smtp://relay", 40.0), 1, 2, 3)
        return throttles.of("smtp://relay", 40.0).rate, throttles.of("smtp://other", 40.0).rate

    assert (20.0, 40.0) == driven(play)
