"""How single writings are brought to the database: each by itself, or many in one transaction.

A commit is an fsync. A site that is asked for hundreds of changes a second cannot have one for
each, so `Together` takes whatever is waiting into one transaction; each change is undone alone
where it fails, and nobody hears of success before the commit.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection

from newsletter.errors import StoreError
from newsletter.store.sql.connections import Connections

T = TypeVar("T")

PAUSE = 0.02
"""Seconds, at the least, before each transaction, in which more may come to it; as long as the last
one took, where that is longer. SQLite gives its write lock to whoever asks at the right moment:
without a pause, a sending process beside us would starve."""

HOLD = 0.015
"""Seconds after which a transaction takes no more changes: others wait for the database too, and
look for it after 1, 2, 5 and 10 milliseconds, and seldom after that."""

MOST = 200
"""Changes in one transaction."""

MOST_TRIES = 3
"""Of a change that meets another transaction's."""

_PASSING = frozenset({"40001", "40P01"})
"""PostgreSQL's error codes for what goes well the next time: serialisation, deadlock."""


class Writes(Protocol):
    """Runs a change on a connection in a writing transaction; back when it is durable."""

    def __call__(self, change: Callable[[Connection], T]) -> T: ...


class OneByOne:
    """Each change in a transaction of its own."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def __call__(self, change: Callable[[Connection], T]) -> T:
        with self._connections.writing() as connection:
            return change(connection)


class Together:
    """Changes of many threads in shared transactions, which one thread makes.

    A change that raises is undone by itself. Where the transaction fails, every change in it does.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._asked: queue.SimpleQueue[_Change | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="writes", daemon=True)
        self._thread.start()

    def __call__(self, change: Callable[[Connection], T]) -> T:
        asked = _Change(change)
        with self._lock:
            if self._closed.is_set():
                raise StoreError("the database is closed", where=self._connections.where)
            self._asked.put(asked)
        return asked.future.result()  # type: ignore[no-any-return]

    def close(self) -> None:
        """What was asked for is done first."""
        with self._lock:
            if self._closed.is_set():
                return
            self._closed.set()
            self._asked.put(None)
        self._thread.join()

    def _work(self) -> None:
        waiting: deque[_Change] = deque()
        pause = PAUSE
        while self._has_more(waiting, pause):
            pause = max(PAUSE, self._do(waiting))

    def _has_more(self, waiting: "deque[_Change]", pause: float) -> bool:
        """With what was asked for in the meantime; False when there will be nothing any more."""
        asked = [] if waiting else [self._asked.get()]
        self._closed.wait(pause)
        while not self._asked.empty():
            asked.append(self._asked.get())
        waiting.extend(change for change in asked if change is not None)
        if None in asked:
            self._asked.put(None)
        return bool(waiting)

    def _do(self, waiting: "deque[_Change]") -> float:
        """As many as there is time for, in one transaction; returns the seconds that it took."""
        done: list[_Change] = []
        began = time.perf_counter()
        try:
            with self._connections.writing() as connection:
                began = time.perf_counter()
                while waiting and len(done) < MOST and time.perf_counter() - began < HOLD:
                    done.append(waiting.popleft())
                    done[-1].do(connection, self._connections)
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
            done = done or [waiting.popleft() for _ in range(len(waiting))]
            for change in done:
                change.future.set_exception(error)
            return 0.0
        held = time.perf_counter() - began
        for change in done:
            if change.has_met_another:
                self._do(deque([change]))
            else:
                change.tell()
        return held


class _Change:
    """One change, and whoever waits for it."""

    def __init__(self, change: Callable[[Connection], Any]) -> None:
        self.future: Future[Any] = Future()
        self._change = change
        self._result: Any = None
        self._error: Exception | None = None
        self._tries = 0

    @property
    def has_met_another(self) -> bool:
        """Whether PostgreSQL undid it for another's sake, and it is to be done again."""
        cause = getattr(self._error, "__cause__", None)
        state = getattr(getattr(cause, "orig", None), "sqlstate", None)
        return state in _PASSING and self._tries < MOST_TRIES

    def do(self, connection: Connection, connections: Connections) -> None:
        self._error, self._tries = None, self._tries + 1
        try:
            with connections.our_errors(), connection.begin_nested():
                self._result = self._change(connection)
        except Exception as error:  # noqa: BLE001 - it is raised where it was asked for
            self._error = error

    def tell(self) -> None:
        """Once it is durable."""
        if self._error is None:
            self.future.set_result(self._result)
        else:
            self.future.set_exception(self._error)
