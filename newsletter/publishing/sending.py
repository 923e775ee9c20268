"""A run begun, gone on with, and sent: a coroutine that knows neither signals nor a terminal.

The front makes the event that asks for a drain, and hears what happens as it happens.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from newsletter.books import (
    OVER,
    Adjustment,
    Balance,
    NewRun,
    Run,
)
from newsletter.daemon import (
    Patience,
)
from newsletter.delivery import (
    JournalWriter,
    Order,
    RetryTable,
    RunSender,
    Sessions,
    Throttle,
    envelopes_from,
    watch_run,
)
from newsletter.errors import NewsletterError, RelayFault, RunConflictError, StoreError
from newsletter.publishing.progress import Progress
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready
from newsletter.store import Journal
from newsletter.transports import Transport, relays_left

_TICK = 0.25
"""Seconds between two looks at the progress."""

BY_POLICY = "policy"
"""Who resolved it, where newsletter.toml did: in the books."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """How far one send goes. `limit` is in deliveries; `until` is when it stops waiting for
    deferred recipients, None for not at all.
    """

    retry_now: bool = False
    limit: int | None = None
    until: datetime | None = None


class Listener:
    """Hears of a send as it goes on; each front overrides what it shows."""

    def progressed(self, progress: Progress) -> None:
        """A few times a second, and at the end."""

    def stopped(self, run: Run) -> None:
        """Somebody paused or cancelled the run; messages under way are finished."""

    def waiting(self, until: datetime) -> None:
        """Nothing is to be done before then."""

    def adjusted(self, adjustment: Adjustment) -> None:
        """The send goes on otherwise than it was planned, because of what the relay said."""

    def relay_left(self, fault: RelayFault) -> None:
        """A failover has gone on to its next relay, for this."""


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
    """One send of what is due of a run. `stop` asks for a drain when it is set."""

    books: Books
    ready: Ready
    run: Run
    terms: Terms = Terms()
    listener: Listener = field(default_factory=Listener)
    stop: asyncio.Event = field(default_factory=asyncio.Event)


def open_run(
    ready: Ready, books: Books, *, extend: bool = False, corrects: Run | None = None
) -> Run:
    """The run of the issue, begun now or gone on with; its slot is taken, and the log says so.

    A correction goes to those who have the issue that it `corrects`. Raises RunConflictError where
    the run has other bytes than these.
    """
    database = books.database
    wanted = NewRun(
        issue=ready.name,
        digest=ready.digest,
        subject=ready.rendered.subject,
        message_date=ready.moment,
        text=ready.rendered.text,
        corrects=corrects.issue if corrects else None,
    )
    audience = (
        database.audiences.accepted(corrects.issue) if corrects else database.subscribers.audience()
    )
    run = database.runs.open(
        wanted, audience, books.now(), by=books.by, owner=books.publication.owner, extend=extend
    )
    books.remember()
    return run


async def send(asked: Send) -> Sent:
    """Send what is due. A fault that stopped it is returned: the books come first."""
    books, run = asked.books, asked.run
    transport = books.publication.open_transport()
    fault: NewsletterError | None = None
    if asked.ready.settings.limits.resends_doubts:
        _resend_doubts(books, run)
    try:
        await _Sending(asked, transport).go()
    except NewsletterError as error:
        fault = error
    finally:
        for left in relays_left(transport):
            asked.listener.relay_left(left)
    with suppress(StoreError):  # where the database is what failed, the fault says so
        _remember(fault, run, books, transport)
    books.remember()
    return sent(books, run, fault)


def _remember(fault: NewsletterError | None, run: Run, books: Books, transport: Transport) -> None:
    """For whoever ticks next: how often in a row it has failed."""
    patience = Patience(books.database.faults)
    if fault is None:
        patience.went_well(run.issue, transport.name)
    elif not isinstance(fault, RunConflictError):
        patience.failed(run.issue, transport.name, fault, books.now())


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
    """The rounds of one send, with what goes on beside them."""

    def __init__(self, asked: Send, transport: Transport) -> None:
        self._asked = asked
        self._transport = transport
        self._clock = asked.books.publication.clock
        unfinished = asked.books.database.runs.balance(asked.run.id).unfinished
        self._progress = Progress(asked.run.issue, unfinished)

    async def go(self) -> None:
        asked = self._asked
        database, listener = asked.books.database, asked.listener
        async with JournalWriter(database.journal, self._clock) as writer, self._transport:
            watching = watch_run(database.runs, asked.run.issue, asked.stop, listener.stopped)
            beside = [asyncio.create_task(watching), asyncio.create_task(self._tell())]
            try:
                await self._rounds(writer)
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
                listener.progressed(self._progress)

    async def _tell(self) -> None:
        while True:
            self._asked.listener.progressed(self._progress)
            await asyncio.sleep(_TICK)

    async def _rounds(self, writer: JournalWriter) -> None:
        """Send what is due; then wait for the next that will be, as long as the terms allow."""
        stop, first = self._asked.stop, self._order()
        order, transport, runs = first, self._transport, self._asked.books.database.runs
        sessions = Sessions(transport, self._asked.listener.adjusted)
        while True:
            sender = RunSender(
                order,
                runs,
                writer,
                transport,
                self._clock,
                self._progress.heard,
                on_adjusted=self._asked.listener.adjusted,
                stop=stop,
                sessions=sessions,
            )
            await sender.send()
            if stop.is_set() or self._rest == 0 or not await self._wait(writer):
                return
            order = replace(first, retry_now=False, limit=self._rest)

    def _order(self) -> Order:
        asked, desk = self._asked, self._asked.ready.desk
        settings, terms = asked.ready.settings, asked.terms
        return Order(
            run=asked.run,
            owner=asked.books.publication.owner,
            by=asked.books.by,
            lease=settings.limits.lease,
            envelope=envelopes_from(settings.sender.reverse_path),
            compose=desk.delivery,
            retry=RetryTable(settings.limits.retry_after),
            throttle=Throttle(self._transport.rate),
            retry_now=terms.retry_now,
            signers=desk.signers,
            limit=terms.limit,
        )

    @property
    def _rest(self) -> int | None:
        limit = self._asked.terms.limit
        return None if limit is None else max(limit - self._progress.done, 0)

    async def _wait(self, writer: JournalWriter) -> bool:
        """Whether there is one to wait for; it has been waited for then."""
        asked = self._asked
        until = asked.terms.until
        due = await writer.call(partial(Journal.next_due, run_id=asked.run.id))
        if until is None or due is None or due > until:
            return False
        asked.listener.waiting(due)
        with suppress(TimeoutError):
            seconds = max((due - self._clock()).total_seconds(), 0) + 0.01
            await asyncio.wait_for(asked.stop.wait(), timeout=seconds)
        return not asked.stop.is_set()
