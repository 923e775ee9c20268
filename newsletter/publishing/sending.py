"""A run begun, gone on with, and sent: a coroutine that knows neither signals nor a terminal.

The front makes the event that asks for a drain, and hears what happens as it happens.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from newsletter.books import (
    OVER,
    WHOLE,
    Balance,
    DeliveryState,
    NewRun,
    Part,
    Run,
)
from newsletter.daemon import Patience
from newsletter.delivery import (
    JournalWriter,
    Mate,
    Order,
    PacedPart,
    Pacing,
    RetryTable,
    Throttles,
    envelopes_from,
    watch_run,
)
from newsletter.errors import (
    NewsletterError,
    RelayFault,
    RunConflictError,
    StoreError,
)
from newsletter.publishing.archive import publish_sent
from newsletter.publishing.marking import MarkingJournal
from newsletter.publishing.mates import mates_over, sender_over
from newsletter.publishing.outlasting import Outlasting
from newsletter.publishing.pacing import Paces, counted_as, group_of, side_by_side, without_paused
from newsletter.publishing.progress import Progress
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready
from newsletter.publishing.resting import is_room_left, rest_of
from newsletter.publishing.restoring import held_by
from newsletter.publishing.segments import segment_of
from newsletter.publishing.terms import Listener, Terms
from newsletter.stopping import passing_on, stopped_within
from newsletter.store import Journal
from newsletter.transports import Carrier, Transport, carriers, relays_left

_TICK = 0.25
"""Seconds between two looks at the progress."""

BY_POLICY = "policy"
"""Who resolved it, where newsletter.toml did: in the books."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """What a send came to: the run and its books afterwards.

    `fault` is the fault of ours, or of the relay as such, that stopped it.
    """

    run: Run
    balance: Balance
    fault: NewsletterError | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Send:
    """One send of what is due of a run. `stop` asks for a drain when it is set.

    `throttles` are shared by all sends of a process. `part` is all that it takes of the run, and
    `lease` how long that is its own without a sign of life; None is as [limits] has it.
    """

    books: Books
    ready: Ready
    run: Run
    terms: Terms = field(default_factory=Terms)
    listener: Listener = field(default_factory=Listener)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    throttles: Throttles = field(default_factory=Throttles)
    part: Part = WHOLE
    lease: timedelta | None = None


def open_run(
    ready: Ready,
    books: Books,
    *,
    extend: bool = False,
    corrects: Run | None = None,
    approved_by: Sequence[str] = (),
) -> Run:
    """The run of the issue, begun now or gone on with; its slot is taken, and the log says so.

    It goes to its segment; a correction goes to those who have the issue that it `corrects`. In
    books from a backup, the run of an issue that may have gone out since is paused from the first.
    Raises RunConflictError where the run has other bytes than these, and NotApprovedError where it
    is to begin by approvals that were withdrawn a moment ago.
    """
    database = books.database
    wanted = NewRun(
        issue=ready.name,
        digest=ready.digest,
        subject=ready.rendered.subject,
        message_date=ready.moment,
        text=ready.rendered.text,
        corrects=corrects.issue if corrects else None,
        held_by=held_by(ready.issue.date, books),
        segment=ready.segment,
        approved_by=approved_by,
        approved_as=ready.issue.name,
        groups=ready.settings.limits.groups,
    )
    people = database.subscribers.audience(
        books.now(), segment_of(ready.segment), books.settings.house.merge_fields
    )
    audience = database.audiences.accepted(corrects.issue) if corrects else people
    run = database.runs.open(
        wanted, audience, books.now(), by=books.by, owner=books.publication.owner, extend=extend
    )
    _publish(ready, books, corrects)
    books.remember()
    return run


def _publish(ready: Ready, books: Books, corrects: Run | None) -> None:
    """An archive that cannot be written to keeps no issue from its readers."""
    try:
        publish_sent(ready, books, corrects)
    except NewsletterError as error:
        books.publication.warn(error)


async def send(asked: Send) -> Sent:
    """Send what is due. A fault that stopped it is returned: the books come first."""
    books, run = asked.books, asked.run
    transport = books.publication.open_transport()
    fault: NewsletterError | None = None
    if asked.ready.settings.limits.resends_doubts:
        _resend_doubts(books, run)
    try:
        with asked.listener.sending(run):
            await _Sending(asked, transport).go()
    except NewsletterError as error:
        fault = error
    with suppress(StoreError):  # where the database is what failed, the fault says so
        _remember(fault, asked)
    books.remember()
    return sent(books, run, fault)


def _remember(fault: NewsletterError | None, asked: Send) -> None:
    """For whoever ticks next: how often in a row it has failed.

    Those who share a run meet a fault of the relay together, and it counts once; one of the books
    is nothing that the run could wait for.
    """
    patience, now = Patience(asked.books.database.faults), asked.books.now()
    name, relay = counted_as(asked.run, asked.part, asked.books)
    if fault is None:
        patience.went_well(name, relay)
    elif asked.part is WHOLE:
        if not isinstance(fault, RunConflictError):
            patience.failed(name, relay, fault, now)
    elif not isinstance(fault, StoreError) and not patience.next_try(name, relay, now):
        patience.failed(name, relay, fault, now)


def sent(books: Books, run: Run, fault: NewsletterError | None = None) -> Sent:
    """A run as it stands now."""
    runs = books.database.runs
    balance = runs.balance_seen(run.id, books.now())
    return Sent(run=runs.find(run.issue) or run, balance=balance, fault=fault)


def is_over(run: Run) -> bool:
    return run.state in OVER


def _resend_doubts(books: Books, run: Run) -> None:
    books.database.doubts.resolve_all(
        run.issue,
        accepted=False,
        now=books.now(),
        reason="in doubt, and sent again by the policy",
        by=BY_POLICY,
    )


class _Sending:
    """The rounds of one send, with what goes on beside them.

    What stops it, a pause or a fault, is not what stops its caller, who may have others under way.
    """

    def __init__(self, asked: Send, transport: Transport) -> None:
        self._asked = asked
        self._transport = transport
        self._clock = asked.books.publication.clock
        unfinished = asked.books.database.runs.balance(asked.run.id).unfinished
        settings = asked.ready.settings
        self._part = without_paused(asked.part, settings)
        self._paces = Paces(throttles=asked.throttles, books=asked.books, settings=settings)
        self._group = group_of(self._part, asked.books)
        self._parts: Sequence[PacedPart] = ()
        self._relays = [self._paces.over(each.transport) for each in carriers(transport)]
        self._progress = Progress(asked.run.issue, unfinished, held_to=self._held_to)
        self._stop = asyncio.Event()
        self._outlasting = Outlasting(
            asked.terms, asked.listener, self._progress, self._clock, self._stop
        )

    async def go(self) -> None:
        asked = self._asked
        database, listener = asked.books.database, asked.listener
        journal = MarkingJournal(database.journal, listener.marked)
        sessions = self._transport.connections
        async with JournalWriter(journal, self._clock, sessions=sessions) as writer:
            watching = watch_run(database.runs, asked.run.issue, self._stop, listener.stopped)
            beside = [asyncio.create_task(each) for each in (watching, self._tell())]
            try:
                with passing_on(asked.stop, self._stop):
                    await self._over_and_over(writer)
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
                listener.progressed(self._progress)

    async def _tell(self) -> None:
        while True:
            self._asked.listener.progressed(self._progress)
            await asyncio.sleep(_TICK)

    async def _over_and_over(self, writer: JournalWriter) -> None:
        """Send what is due, and when the relay goes away, again when it is back."""
        while True:
            try:
                async with self._transport:
                    await self._rounds(writer)
                return
            except RelayFault as fault:
                if not await self._outlasting.wait_after(fault):
                    raise
            finally:
                for left in relays_left(self._transport):
                    self._asked.listener.relay_left(left)
            if self._stop.is_set():
                return
            self._transport = self._asked.books.publication.open_transport()

    async def _rounds(self, writer: JournalWriter) -> None:
        """Send what is due; then wait for the next that will be, as long as the terms allow."""
        stop, order = self._stop, self._order()
        settings, adjusted = self._asked.ready.settings, self._asked.listener.adjusted
        mates = mates_over(self._transport, order, settings, adjusted, self._group)
        while True:
            accepted = self._accepted
            await self._round(writer, self._give_orders(order, mates))
            if stop.is_set() or self._rest == 0:
                return
            is_room_left = self._accepted > accepted and self._is_room_left()
            if not is_room_left and not await self._wait(writer):
                return
            order = replace(order, retry_now=False)

    def _give_orders(self, order: Order, mates: Mapping[Mate, Carrier]) -> Sequence[Mate]:
        """What each mate sends in the next round; its quotas stay. Those that have something."""
        parts = side_by_side(self._part, self._asked.ready.settings)
        self._parts = [self._paces.of(each) for each in parts]
        for mate, carrier in mates.items():
            mate.order = replace(
                order,
                part=self._part,
                parts=[
                    paced
                    for paced, part in zip(self._parts, parts, strict=True)
                    if len(parts) == 1 or carrier.carries(part.group or "")
                ],
                limit=self._rest,
                throttle=self._paces.over(mate.transport),
                quotas=mate.order.quotas,
            )
        return [mate for mate in mates if mate.order.parts]

    async def _round(self, writer: JournalWriter, mates: Sequence[Mate]) -> None:
        """A fault stops this round alone; a wish to stop, or a pause, ends it too.

        So does the end of the delivery window; outside of it there is none.
        """
        if not self._is_open():
            return
        stop = asyncio.Event()
        closing = asyncio.create_task(self._pass_on_closing(stop))
        runs, adjusted = self._asked.books.database.runs, self._asked.listener.adjusted
        heard = self._progress.heard
        sender = sender_over(mates, runs, writer, self._clock, heard, adjusted, stop)
        try:
            with passing_on(self._stop, stop):
                await sender.send()
        finally:
            closing.cancel()
            await asyncio.gather(closing, return_exceptions=True)
            for throttle in self._throttles(mates):
                await throttle.close()

    def _throttles(self, mates: Sequence[Mate]) -> Iterator[Pacing]:
        yield from (mate.order.throttle for mate in mates)
        yield from (each.throttle for each in self._parts if each.throttle)

    def _is_open(self) -> bool:
        settings = self._asked.ready.settings
        window = settings.limits.window
        return window is None or window.is_open(self._clock(), settings.schedule.zone)

    async def _pass_on_closing(self, stop: asyncio.Event) -> None:
        """By looking at the clock again and again, which may jump."""
        if self._asked.ready.settings.limits.window is None:
            return
        while self._is_open():
            await stopped_within(stop, _TICK)
        stop.set()

    def _held_to(self) -> float | None:
        """By the slowest of the relays, where one has slowed us down."""
        return min((each.slowed_to for each in self._relays if each.slowed_to), default=None)

    def _order(self) -> Order:
        asked, desk = self._asked, self._asked.ready.desk.of(self._asked.books.salt)
        settings, terms = asked.ready.settings, asked.terms
        sender = settings.sender
        return Order(
            run=asked.run,
            owner=asked.books.publication.owner,
            by=asked.books.by,
            lease=asked.lease or settings.limits.lease,
            envelope=envelopes_from(sender.reverse_path, desk.return_token, verp=sender.verp),
            compose=desk.delivery,
            retry=RetryTable(settings.limits.retry_after),
            retry_now=terms.retry_now,
            signers=desk.signers,
            limit=terms.limit,
            receivers=settings.limits.groups,
        )

    @property
    def _rest(self) -> int | None:
        limit = self._asked.terms.limit
        return None if limit is None else max(limit - self._progress.done, 0)

    @property
    def _accepted(self) -> int:
        return self._progress.counts[DeliveryState.ACCEPTED]

    def _is_room_left(self) -> bool:
        """Whether the limits have room again, for what was claimed and then was not taken."""
        asked = self._asked
        return is_room_left(asked.run, asked.books, self._transport, asked.part)

    async def _wait(self, writer: JournalWriter) -> bool:
        """Whether there is one to wait for; it has been waited for then."""
        asked = self._asked
        until = asked.terms.until
        due = await writer.call(partial(Journal.next_due, run_id=asked.run.id, part=self._part))
        if rest := rest_of(asked.run, asked.books, self._transport, asked.part):
            due = rest.until
        if until is None or due is None or due > until:
            return False
        asked.listener.waiting(due)
        seconds = max((due - self._clock()).total_seconds(), 0) + 0.01
        return not await stopped_within(self._stop, seconds)
