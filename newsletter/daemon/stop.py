"""The wish to stop, by SIGINT, SIGTERM or SIGHUP, as an event of the running loop.

SIGHUP comes when a terminal is closed or its line to here is lost; who asked to outlive that, by
nohup(1), does. Acts are handed the event and know no signals.
"""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


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

    before = [(number, signal.signal(number, caught)) for number in _heard()]
    try:
        yield stop
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _heard() -> list[signal.Signals]:
    """All of them, less a SIGHUP that was ignored when this process began."""
    is_deaf = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return [number for number in _SIGNALS if number is not signal.SIGHUP or not is_deaf]
