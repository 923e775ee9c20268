"""A worker's turn: one shard of a run sent for a while, and given back.

Only the very bytes that the run was begun with go out; whoever's files make others sends nothing.
What is sent to whom, and that nobody gets it twice, is the journal's, however many take part.
"""

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from newsletter.books import BY_SCHEDULE, Part, Run, RunState, Slot
from newsletter.delivery import Throttles
from newsletter.errors import Act, Remedy, StoreError
from newsletter.publishing import alerts
from newsletter.publishing.aftermath import tell_end
from newsletter.publishing.handing_out import is_given_out, is_waiting
from newsletter.publishing.letting_out import Refusal, clear_begun
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.ready import Ready
from newsletter.publishing.sending import Send, Sent, is_over, send, sent
from newsletter.publishing.telling import tell
from newsletter.publishing.terms import Listener
from newsletter.stopping import passing_on
from newsletter.store import Database

LEASE = timedelta(seconds=20)
"""How long a shard is a worker's without a sign of life: it is renewed three times in that."""

TURN = 60.0
"""Seconds after which a shard is given back, so that others of the same rank have their turn."""

_KEPT = 120.0
"""Seconds for which an issue that was made ready stays so, whatever becomes of its file."""


@dataclass
class Common:
    """What all turns of one process have in common: the pace, the issues it has made ready, and the
    database, which is opened for the first turn and kept for the others.

    Any thread may ask for those.
    """

    throttles: Throttles = field(default_factory=Throttles)
    _kept: dict[int, tuple[float, Ready]] = field(default_factory=dict)
    _alone: threading.Lock = field(default_factory=threading.Lock)
    _opened: Database | None = None
    _opening: threading.Lock = field(default_factory=threading.Lock)

    def database(self, publication: Publication) -> Database:
        """Whoever has it does not close it. Raises StoreError where it cannot be opened."""
        with self._opening:
            if self._opened is None:
                self._opened = publication.open_database()
            return self._opened

    def close(self) -> None:
        """The next turn opens the database anew; who still has this one may go on with it."""
        with self._opening:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def ready(self, run: Run, slot: Slot, books: Books) -> Ready | Refusal:
        """As `clear_begun`, which takes a second at times: not for an event loop."""
        with self._alone:
            moment = time.monotonic()
            self._kept = {key: kept for key, kept in self._kept.items() if moment - kept[0] < _KEPT}
            if run.id in self._kept and (kept := _as_of_now(self._kept[run.id][1], books)):
                return kept
            found = clear_begun(slot, run, books)
            if isinstance(found, Ready):
                self._kept[run.id] = moment, found
            return found


def _as_of_now(kept: Ready, books: Books) -> Ready | None:
    """With the limits that hold now; None where anything else in the settings has changed."""
    now = books.settings
    is_the_same = replace(kept.settings, limits=now.limits) == now
    return replace(kept, settings=now) if is_the_same else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One shard, by its id, of the run of an issue. `stop` asks for a drain when it is set.

    The transport of the publication is this turn's, with its share of the sessions.
    """

    books: Books
    issue: str
    shard_id: int
    common: Common
    stop: asyncio.Event
    listener: Listener = field(default_factory=Listener)
    seconds: float = TURN


@dataclass(frozen=True, kw_only=True, slots=True)
class TurnEnd:
    """What it came to. Without `sent`, nothing was to be done, or `refusal` says why not.

    `has_ended` says that the run is over by this turn, and by no other's; `is_cut_short` that the
    time was up, or that somebody wanted it to stop; `untold` who could not be told of the run's
    end, or of what stopped it.
    """

    sent: Sent | None = None
    refusal: Refusal | None = None
    has_ended: bool = False
    is_cut_short: bool = False
    untold: Sequence[str] = ()


async def take_turn(asked: Turn) -> TurnEnd:
    """Send what is due of the shard. A shard that is in others' hands is left to them.

    Raises StoreError where the books fail us before anything is sent.
    """
    books = asked.books
    run = books.database.runs.find(asked.issue)
    slot = books.database.slots.find(asked.issue)
    if run is None or slot is None or not is_given_out(run, slot):
        return TurnEnd()
    if await asyncio.to_thread(is_waiting, run, books, Part(shard_id=asked.shard_id)):
        return TurnEnd()
    ready = await asyncio.to_thread(asked.common.ready, run, slot, books)
    if isinstance(ready, Refusal):
        return TurnEnd(refusal=ready)
    stop = asyncio.Event()
    over = asyncio.get_running_loop().call_later(asked.seconds, stop.set)
    try:
        with passing_on(asked.stop, stop):
            done = await send(_sending(asked, run, ready, stop))
    finally:
        over.cancel()
    done, has_ended = await asyncio.to_thread(_ended, done, books)
    return TurnEnd(
        sent=done,
        has_ended=has_ended,
        is_cut_short=_is_cut_short(done, stop),
        untold=await _told(done, slot, books),
    )


def give_back(books: Books, issue: str, shard_id: int) -> None:
    """What a turn of this process that broke off still has of a shard, so that nobody has to wait
    for the end of its lease. Raises StoreError.
    """
    run = books.database.runs.find(issue)
    if run is None:
        return
    part = Part(shard_id=shard_id)
    books.database.journal.release(run.id, books.publication.owner, books.now(), part)


def _sending(asked: Turn, run: Run, ready: Ready, stop: asyncio.Event) -> Send:
    return Send(
        books=asked.books,
        ready=ready,
        run=run,
        listener=asked.listener,
        stop=stop,
        throttles=asked.common.throttles,
        part=Part(shard_id=asked.shard_id),
        lease=LEASE,
    )


def _ended(done: Sent, books: Books) -> tuple[Sent, bool]:
    """The run is closed if nothing is left of it; whether that was so, and by us."""
    if isinstance(done.fault, StoreError):
        return done, False  # the next look closes it, whoever's that is
    if not books.database.runs.finish_if_done(done.run.id, BY_SCHEDULE, books.now()):
        return done, False
    return sent(books, done.run, done.fault), True


def _is_cut_short(done: Sent, stop: asyncio.Event) -> bool:
    return stop.is_set() and done.fault is None and done.run.state is RunState.RUNNING


async def _told(done: Sent, slot: Slot, books: Books) -> Sequence[str]:
    """Books that fail us are told of by the front alone: there is nowhere to note that we did."""
    if is_over(done.run):
        return await tell_end(done.run, books)
    if done.fault is None or isinstance(done.fault, StoreError):
        return ()
    refusal = Refusal(
        reason=str(done.fault),
        step="It will be tried again without you. To end it",
        remedies=(Remedy(Act.CANCEL, slot.issue),),
    )
    news = alerts.halted(slot.issue, slot, refusal, books.publication, done.balance)
    told = await tell(news, books)
    return told.faults
