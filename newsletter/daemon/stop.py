"""The wish to stop, by SIGINT or SIGTERM, as an event of the running loop.

Acts are handed the event and know no signals.
"""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _nothing() -> None:
    return None


@contextmanager
def stop_on_signals(on_first: Callable[[], object] = _nothing) -> Iterator[asyncio.Event]:
    """The event that a signal sets while this is entered; `on_first` is called once, then.

    To be entered in the main thread, in a coroutine. What caught the signals before does so again.
    """
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def ask() -> None:
        if not stop.is_set():
            stop.set()
            on_first()

    def caught(*_: object) -> None:
        loop.call_soon_threadsafe(ask)

    before = [(number, signal.signal(number, caught)) for number in _SIGNALS]
    try:
        yield stop
    finally:
        for number, handler in before:
            signal.signal(number, handler)


async def stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    """Wait so long, or until the wish comes. Whether it has."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), timeout=max(seconds, 0))
    return stop.is_set()
