"""The wish to stop, by SIGINT or SIGTERM, for a command that lives longer than one send.

A send of its own catches signals in its event loop (`sending`); this is for whoever sends now and
then, waits in between, and must hear of the wish at any moment.
"""

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """A context manager that catches the signals while it is entered.

    A pipe and no threading.Event, whose lock a signal handler may find taken by its own thread.
    """

    def __init__(self) -> None:
        self.is_asked = False
        self._hears: list[Callable[[], object]] = []
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        self._before: list[tuple[signal.Signals, object]] = []

    def __enter__(self) -> Self:
        self._before = [(number, signal.signal(number, self._caught)) for number in _SIGNALS]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before:
            signal.signal(number, handler)  # type: ignore[arg-type]  # what was there before
        os.close(self._read)
        os.close(self._write)

    def ask(self) -> None:
        self.is_asked = True
        os.write(self._write, b"x")
        for hear in tuple(self._hears):
            hear()

    def _caught(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if not self.is_asked:
            self.ask()

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until the wish comes. Whether it has."""
        if not self.is_asked:
            select.select([self._read], [], [], max(seconds, 0))
        return self.is_asked

    @contextmanager
    def heard_by(self, hear: Callable[[], object]) -> Iterator[None]:
        """`hear` is called once when the wish comes, at once where it came before."""
        self._hears.append(hear)
        try:
            if self.is_asked:
                hear()
            yield
        finally:
            self._hears.remove(hear)
