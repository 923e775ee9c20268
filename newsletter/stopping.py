"""The wish to stop, as an event of the running loop: waited for, and passed on.

Whoever begins something hands it an event, and something below may have one of its own that is set
for other reasons too. Which signals mean that wish is the daemon's to know.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress


async def stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    """Wait so long, or until the wish comes. Whether it has."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), timeout=max(seconds, 0))
    return stop.is_set()


@contextmanager
def passing_on(wish: asyncio.Event, stop: asyncio.Event) -> Iterator[None]:
    """Until the block ends `stop` is set when `wish` is: at once, where it is already."""
    if wish.is_set():
        stop.set()
    waiting = asyncio.create_task(_pass_on(wish, stop))
    try:
        yield
    finally:
        waiting.cancel()


async def _pass_on(wish: asyncio.Event, stop: asyncio.Event) -> None:
    await wish.wait()
    stop.set()
