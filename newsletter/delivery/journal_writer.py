"""The one thread that writes the journal, so that the event loop never waits for a disk.

It takes what all sessions have ready and writes it in one turn: durability then costs a batch, not
a message (group commit). A caller's `await` returns when its own words are durable.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from newsletter.clock import Clock
from newsletter.store import Delivery, Journal, Outcome

T = TypeVar("T")


@dataclass(slots=True)
class _Request:
    """One caller's wish: a delivery about to go out, an outcome, or a call of its own."""

    future: "asyncio.Future[Any]"
    delivery: Delivery | None = None
    outcome: Outcome | None = None
    call: Callable[[Journal], Any] | None = None


class JournalWriter:
    """A journal for use from an event loop; an async context manager that owns the thread."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._requests: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    async def __aenter__(self) -> Self:
        self._thread.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._requests.put(None)
        await asyncio.to_thread(self._thread.join)

    async def begin_content(self, delivery: Delivery) -> None:
        """Durably in doubt when this returns: the recipient may have the message from now on."""
        await self._ask(_Request(asyncio.get_running_loop().create_future(), delivery=delivery))

    async def settle(self, outcome: Outcome) -> None:
        """Durably settled when this returns."""
        await self._ask(_Request(asyncio.get_running_loop().create_future(), outcome=outcome))

    async def call(self, function: Callable[[Journal], T]) -> T:
        """Any other operation of the journal, in its turn."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        return await self._ask(_Request(future, call=function))  # type: ignore[no-any-return]

    async def _ask(self, request: _Request) -> Any:
        self._requests.put(request)
        return await request.future

    def _run(self) -> None:
        going_on = True
        while going_on:
            batch = [self._requests.get()]
            while not self._requests.empty():
                batch.append(self._requests.get())
            going_on = None not in batch
            self._write([request for request in batch if request is not None])

    def _write(self, batch: list[_Request]) -> None:
        """Outcomes first: what is known of a sent message must not wait behind the next one."""
        now = self._clock()
        outcomes = [request for request in batch if request.outcome]
        self._answer(
            outcomes,
            lambda: self._journal.settle([r.outcome for r in outcomes if r.outcome], now),
        )
        begun = [request for request in batch if request.delivery]
        self._answer(
            begun,
            lambda: self._journal.begin_content([r.delivery for r in begun if r.delivery], now),
        )
        for request in batch:
            if request.call is not None:
                self._answer([request], partial(request.call, self._journal))

    def _answer(self, requests: list[_Request], write: Callable[[], Any]) -> None:
        """Write, and tell every caller how it went, each on its own event loop."""
        if not requests:
            return
        result: Any = None
        error: BaseException | None = None
        try:
            result = write()
        except BaseException as caught:  # noqa: BLE001 - it is raised again where it was asked for
            error = caught
        loop = requests[0].future.get_loop()
        loop.call_soon_threadsafe(_resolve, requests, result, error)


def _resolve(requests: list[_Request], result: Any, error: BaseException | None) -> None:
    for request in requests:
        if request.future.done():  # its caller was cancelled meanwhile
            continue
        if error is None:
            request.future.set_result(result)
        else:
            request.future.set_exception(error)
