"""The one thread that writes the journal, so that the event loop never waits for a disk.

It takes what all sessions have ready and writes it in one turn: durability then costs a batch, not
a message (group commit). A caller's `await` returns when its own words are durable.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Generator, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from newsletter.books import Delivery, DeliveryState, Outcome
from newsletter.clock import Clock
from newsletter.errors import Act, NewsletterError, Remedy, RunConflictError, Withdrawn
from newsletter.store import Journal

T = TypeVar("T")

_PASSES = 12
"""Passes of the event loop over which a turn is gathered: replies that arrive while the loop goes
round are written together, and each turn costs a flush to the disk. A loop with nothing else to do
makes them at once. Where there are fewer sessions than that, one for each: nothing else may come.
"""

Heard = Callable[[DeliveryState, BaseException | None], None]
"""Told of an outcome's state when it is durable, or why it is not."""


class Note:
    """An outcome handed over to be written; `error` is what kept it from that."""

    __slots__ = ("_heard", "error", "outcome")

    def __init__(self, outcome: Outcome, heard: Heard) -> None:
        self.outcome = outcome
        self.error: BaseException | None = None
        self._heard = heard

    def answer(self, _result: None, error: BaseException | None) -> None:
        self.error = error
        self._heard(self.outcome.state, error)


class Beginning:
    """A delivery whose content is about to end; awaited, it raises where that may not be: Withdrawn
    for one whose recipient has left, RunConflictError for one that is another's.

    `is_written` says that it is in doubt in the journal, even where an earlier outcome is not
    there, which is raised as well.
    """

    __slots__ = ("_after", "_future", "delivery", "is_written")

    def __init__(
        self, delivery: Delivery, future: asyncio.Future[None], after: Note | None
    ) -> None:
        self.delivery = delivery
        self.is_written = False
        self._future = future
        self._after = after

    def __await__(self) -> Generator[Any, None, None]:
        return self._future.__await__()

    def answer(self, _result: None, error: BaseException | None) -> None:
        self.is_written = error is None
        _resolve(self._future, None, error or (self._after.error if self._after else None))


class _Call:
    """Any other operation of the journal."""

    __slots__ = ("function", "future")

    def __init__(self, function: Callable[[Journal], Any], future: asyncio.Future[Any]) -> None:
        self.function = function
        self.future = future

    def answer(self, result: object, error: BaseException | None) -> None:
        _resolve(self.future, result, error)


_Request = Note | Beginning | _Call

_Answers = list[tuple[Any, BaseException | None]]
"""For each request its result, or the error it ends with."""


class JournalWriter:
    """A journal for use from an event loop; an async context manager that owns the thread."""

    def __init__(self, journal: Journal, clock: Clock, *, sessions: int = _PASSES) -> None:
        self._journal = journal
        self._passes = min(sessions, _PASSES)
        self._clock = clock
        self._ready: list[_Request] = []
        self._batches: queue.SimpleQueue[list[_Request] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._loop: asyncio.AbstractEventLoop

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
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

    def begin_content(self, delivery: Delivery, *, after: Note | None = None) -> Beginning:
        """To be awaited: then it is durably in doubt, and its recipient may have the message.

        Whatever was noted before it is durable by then too, or was refused; where the note `after`
        which it comes was refused, that is raised.
        """
        beginning = Beginning(delivery, self._loop.create_future(), after)
        self._ask(beginning)
        return beginning

    def note(self, outcome: Outcome, heard: Heard) -> Note:
        """Put an outcome down to be written; `heard` is called when it is durable, or is not.

        For a caller that has something better to do than to wait. What else is asked for in the
        same pass of the event loop, such as the next message's `begin_content`, is written with it.
        """
        note = Note(outcome, heard)
        self._ask(note)
        return note

    async def settle(self, outcome: Outcome) -> None:
        """Durably settled when this returns."""
        future: asyncio.Future[None] = self._loop.create_future()
        self.note(outcome, lambda _, error: _resolve(future, None, error))
        await future

    async def call(self, function: Callable[[Journal], T]) -> T:
        """Any other operation of the journal, in its turn."""
        return await self.ask(function)

    def ask(self, function: Callable[[Journal], T]) -> "asyncio.Future[T]":
        """The same, for a caller that does not wait; what was noted before is written before."""
        future: asyncio.Future[T] = self._loop.create_future()
        self._ask(_Call(function, future))
        return future

    async def rest(self) -> None:
        """Return when all that was asked for so far has been answered."""
        await self.call(_do_nothing)

    def _ask(self, request: _Request) -> None:
        if not self._ready:
            self._loop.call_soon(self._gather, self._passes)
        self._ready.append(request)

    def _gather(self, passes: int) -> None:
        """Hand over what was asked for when so many more passes of the event loop are over."""
        if passes:
            self._loop.call_soon(self._gather, passes - 1)
        else:
            self._hand_over()

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
        turn = [request for request in batch if not isinstance(request, _Call)]
        if turn:
            self._answer(turn, partial(self._write_turn, turn))
        for request in batch:
            if isinstance(request, _Call):
                self._answer([request], partial(self._call, request.function))

    def _write_turn(self, turn: Sequence[Note | Beginning]) -> _Answers:
        outcomes = [request.outcome for request in turn if isinstance(request, Note)]
        begun = [request.delivery for request in turn if isinstance(request, Beginning)]
        written = self._journal.turn(outcomes, begun, self._clock())
        if not (written.late or written.refused or written.suppressed):
            return [(None, None)] * len(turn)
        fenced = {id(each) for each in (*written.late, *written.refused)}
        gone = {id(each) for each in written.suppressed}
        return [(None, _forbidden(request, fenced, gone)) for request in turn]

    def _call(self, function: Callable[[Journal], Any]) -> _Answers:
        return [(function(self._journal), None)]

    def _answer(self, requests: Sequence[_Request], write: Callable[[], _Answers]) -> None:
        """Write, and tell every caller how it went, on the event loop."""
        try:
            answers = write()
        except BaseException as error:  # noqa: BLE001 - it is raised again where it was asked for
            answers = [(None, error)] * len(requests)
        self._loop.call_soon_threadsafe(_tell, requests, answers)


def _tell(requests: Sequence[_Request], answers: _Answers) -> None:
    for request, (result, error) in zip(requests, answers, strict=True):
        request.answer(result, error)


def _resolve(future: asyncio.Future[Any], result: object, error: BaseException | None) -> None:
    if future.done():  # its caller was cancelled meanwhile
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


def _subject(request: Note | Beginning) -> Outcome | Delivery:
    return request.outcome if isinstance(request, Note) else request.delivery


def _forbidden(
    request: Note | Beginning, fenced: set[int], gone: set[int]
) -> NewsletterError | None:
    """Why the turn has not written it; None where it has. Both sets have ids of Python's."""
    subject = id(_subject(request))
    if subject in fenced:
        return _fenced(request)
    return _withdrawn(request) if subject in gone else None


def _withdrawn(request: Note | Beginning) -> Withdrawn:
    delivery = request.outcome.delivery if isinstance(request, Note) else request.delivery
    return Withdrawn(f"{delivery.recipient} has left in the meantime", where=delivery.issue)


def _fenced(request: Note | Beginning) -> RunConflictError:
    delivery = request.outcome.delivery if isinstance(request, Note) else request.delivery
    return RunConflictError(
        f"another sender has the delivery to {delivery.recipient}, or it is settled by now",
        where=delivery.issue,
        next_step="stop this sender, then look at the deliveries in doubt",
        remedy=Remedy(Act.SEE_STATUS, delivery.issue),
    )


def _do_nothing(_: Journal) -> None:
    return None
