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
from newsletter.errors import RunConflictError
from newsletter.store import Delivery, Journal, Outcome

T = TypeVar("T")


@dataclass(slots=True)
class _Request:
    """One caller's wish: a delivery about to go out, an outcome, or a call of its own."""

    future: asyncio.Future[Any]
    delivery: Delivery | None = None
    outcome: Outcome | None = None
    call: Callable[[Journal], Any] | None = None


_Answers = list[tuple[Any, BaseException | None]]
"""For each request its result, or the error it ends with."""


class JournalWriter:
    """A journal for use from an event loop; an async context manager that owns the thread."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._ready: list[_Request] = []
        self._batches: queue.SimpleQueue[list[_Request] | None] = queue.SimpleQueue()
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
        self._hand_over()
        self._batches.put(None)
        await asyncio.to_thread(self._thread.join)

    async def begin_content(self, delivery: Delivery) -> None:
        """Durably in doubt when this returns: the recipient may have the message from now on.

        Whatever was noted before it is durable by then too, or was refused.
        """
        await self._ask(_Request(asyncio.get_running_loop().create_future(), delivery=delivery))

    async def settle(self, outcome: Outcome) -> None:
        """Durably settled when this returns."""
        await self.note(outcome)

    def note(self, outcome: Outcome) -> asyncio.Future[None]:
        """Put an outcome down to be written; the future is done when it is durable.

        For a caller that has something better to do than to wait. What else is asked for in the
        same turn of the event loop, such as the next message's `begin_content`, is written with it.
        """
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._ask(_Request(future, outcome=outcome))
        return future

    async def call(self, function: Callable[[Journal], T]) -> T:
        """Any other operation of the journal, in its turn."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        return await self._ask(_Request(future, call=function))  # type: ignore[no-any-return]

    def _ask(self, request: _Request) -> asyncio.Future[Any]:
        """Keep the request until this turn of the event loop is over, then hand over all of it."""
        if not self._ready:
            request.future.get_loop().call_soon(self._hand_over)
        self._ready.append(request)
        return request.future

    def _hand_over(self) -> None:
        if self._ready:
            self._batches.put(self._ready)
            self._ready = []

    def _run(self) -> None:
        going_on = True
        while going_on:
            taken = [self._batches.get()]
            while not self._batches.empty():
                taken.append(self._batches.get())
            going_on = None not in taken
            self._write([request for batch in taken if batch for request in batch])

    def _write(self, batch: list[_Request]) -> None:
        """Outcomes first: what is known of a sent message must not wait behind the next one."""
        turn = [request for request in batch if request.call is None]
        self._answer(turn, partial(self._write_turn, turn))
        for request in batch:
            if request.call is not None:
                self._answer([request], partial(self._call, request.call))

    def _write_turn(self, turn: list[_Request]) -> _Answers:
        outcomes = [request.outcome for request in turn if request.outcome]
        begun = [request.delivery for request in turn if request.delivery]
        written = self._journal.turn(outcomes, begun, self._clock())
        forbidden = {id(each) for each in (*written.late, *written.refused)}
        return [
            (
                None,
                _fenced(request) if id(request.outcome or request.delivery) in forbidden else None,
            )
            for request in turn
        ]

    def _call(self, function: Callable[[Journal], Any]) -> _Answers:
        return [(function(self._journal), None)]

    def _answer(self, requests: list[_Request], write: Callable[[], _Answers]) -> None:
        """Write, and tell every caller how it went, on the event loop."""
        if not requests:
            return
        try:
            answers = write()
        except BaseException as error:  # noqa: BLE001 - it is raised again where it was asked for
            answers = [(None, error)] * len(requests)
        loop = requests[0].future.get_loop()
        loop.call_soon_threadsafe(_resolve, requests, answers)


def _fenced(request: _Request) -> RunConflictError:
    delivery = request.delivery or (request.outcome.delivery if request.outcome else None)
    assert delivery is not None
    return RunConflictError(
        f"the delivery to {delivery.recipient} is another sender's or settled by now",
        where=delivery.issue,
        next_step="stop this sender; see the deliveries in doubt with `newsletter status`",
    )


def _resolve(requests: list[_Request], answers: _Answers) -> None:
    for request, (result, error) in zip(requests, answers, strict=True):
        if request.future.done():  # its caller was cancelled meanwhile
            continue
        if error is None:
            request.future.set_result(result)
        else:
            request.future.set_exception(error)
