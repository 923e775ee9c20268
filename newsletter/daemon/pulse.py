"""The heartbeat of what lives long: in the books for people, and to the service manager.

It beats in a thread of its own, so that a send of hours is no silence; but only while the daemon's
own work goes on, so that one that hangs is started again by the service manager, and is silent for
everybody else.
"""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import Self

from newsletter.books import Kind
from newsletter.clock import Clock
from newsletter.daemon.service_manager import ALIVE, ServiceManager
from newsletter.errors import NewsletterError
from newsletter.store import Database

INTERVAL = 15.0
"""Seconds between two beats; a service manager may want more of them."""

HANGS = 900.0
"""Seconds without a sign of life after which the work counts as hanging: no single step of it,
with all its timeouts, takes that long."""


class Pulse:
    """A context manager that beats while it is entered. `doing` is shown to people."""

    def __init__(
        self,
        open_database: Callable[[], AbstractContextManager[Database]],
        owner: str,
        manager: ServiceManager,
        clock: Clock,
        *,
        doing: str = "starting",
        kind: Kind = Kind.DAEMON,
    ) -> None:
        self.doing = doing
        self._open_database = open_database
        self._owner = owner
        self._kind = kind
        self._manager = manager
        self._clock = clock
        self._began = clock()
        self._alive = time.monotonic()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join(timeout=INTERVAL)
        with suppress(NewsletterError), self._open_database() as database:
            database.heartbeats.stop(self._owner)

    def alive(self, doing: str = "") -> None:
        """The work goes on."""
        self._alive = time.monotonic()
        self.doing = doing or self.doing

    def _run(self) -> None:
        watchdog = self._manager.watchdog
        interval = INTERVAL if watchdog is None else min(INTERVAL, watchdog)
        while True:
            self._beat()
            if self._end.wait(interval):
                return

    def _beat(self) -> None:
        if time.monotonic() - self._alive >= HANGS:
            return
        self._manager.tell(ALIVE)
        # Books that cannot be written to are the work's to complain of.
        with suppress(NewsletterError), self._open_database() as database:
            database.heartbeats.beat(
                self._owner, self._began, self._clock(), self.doing, self._kind
            )
