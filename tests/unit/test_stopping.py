"""The wish to stop, passed on from one event to another."""

import asyncio

from newsletter.stopping import passing_on, stopped_within
from tests.pace import patience


def test_wish_that_is_there_is_passed_on_at_once() -> None:
    async def go() -> bool:
        wish, stop = asyncio.Event(), asyncio.Event()
        wish.set()
        with passing_on(wish, stop):
            return stop.is_set()

    assert asyncio.run(go())


def test_wish_that_comes_later_is_passed_on_and_not_back() -> None:
    async def go() -> tuple[bool, bool]:
        wish, stop, other = asyncio.Event(), asyncio.Event(), asyncio.Event()
        with passing_on(wish, stop), passing_on(wish, other):
            other.set()
            before = wish.is_set() or stop.is_set()
            wish.set()
            return before, await stopped_within(stop, patience())

    assert (False, True) == asyncio.run(go())


def test_what_is_over_hears_nothing_more() -> None:
    async def go() -> bool:
        wish, stop = asyncio.Event(), asyncio.Event()
        with passing_on(wish, stop):
            await asyncio.sleep(0)
        wish.set()
        return await stopped_within(stop, 0.01)

    assert not asyncio.run(go())
