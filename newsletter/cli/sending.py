"""Runs a send in the foreground: the event loop, signals, progress, waiting for the deferred."""

import asyncio
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from newsletter import wiring
from newsletter.addresses import AddrSpec
from newsletter.books import Run
from newsletter.cli.console import bad, good, note, say, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.progress import Progress, Report
from newsletter.clock import Clock, now
from newsletter.daemon import Stop
from newsletter.delivery import (
    JournalWriter,
    Order,
    RetryTable,
    RunSender,
    deliver_once,
    watch_run,
)
from newsletter.settings import Settings
from newsletter.store import Database, Journal
from newsletter.transports import Envelope, Transport, Verdict

_TICK = 0.25
"""Seconds between two looks at the progress."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """How far one command goes. `limit` is in deliveries; `until` is when it stops waiting for
    deferred recipients, None for not at all.
    """

    retry_now: bool = False
    limit: int | None = None
    until: datetime | None = None


@dataclass
class Sending:
    """One command's work on one run. `asked` is who catches the signals, where the command has
    other work besides; without one they are caught here.
    """

    order: Order
    database: Database
    transport: Transport
    progress: Progress
    terms: Terms
    asked: Stop | None = None
    clock: Clock = now
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def go(self, report: Report) -> None:
        with self._signals():
            await self._go(report)

    async def _go(self, report: Report) -> None:
        issue = self.order.run.issue
        async with JournalWriter(self.database.journal, self.clock) as writer, self.transport:
            beside = [
                asyncio.create_task(watch_run(self.database.runs, issue, self.stop, _say_stopped)),
                asyncio.create_task(self._tick(report)),
            ]
            try:
                await self._rounds(writer)
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
                report(self.progress)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        if self.asked is not None:
            with self.asked.heard_by(lambda: loop.call_soon_threadsafe(self._drain)):
                yield
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._drain)
        yield

    def _drain(self) -> None:
        if not self.stop.is_set():
            note(warning("\nStopping: messages under way are finished. The same command resumes."))
        self.stop.set()

    async def _tick(self, report: Report) -> None:
        while True:
            report(self.progress)
            await asyncio.sleep(_TICK)

    async def _rounds(self, writer: JournalWriter) -> None:
        """Send what is due; then wait for the next that will be, as long as the terms allow."""
        order = self.order
        while True:
            sender = RunSender(
                order,
                self.database.runs,
                writer,
                self.transport,
                self.clock,
                self.progress.heard,
                stop=self.stop,
            )
            await sender.send()
            if self.stop.is_set() or self._is_limit_reached or not await self._wait(writer):
                return
            order = replace(self.order, retry_now=False, limit=self._rest)

    @property
    def _rest(self) -> int | None:
        limit = self.terms.limit
        return None if limit is None else max(limit - self.progress.done, 0)

    @property
    def _is_limit_reached(self) -> bool:
        return self._rest == 0

    async def _wait(self, writer: JournalWriter) -> bool:
        """Whether there is one to wait for; it has been waited for then."""
        until = self.terms.until
        due = await writer.call(partial(Journal.next_due, run_id=self.order.run.id))
        if until is None or due is None or due > until:
            return False
        note(f"Deferred recipients are tried again at {due:%H:%M:%S} UTC.")
        with suppress(TimeoutError):
            seconds = max((due - self.clock()).total_seconds(), 0) + 0.01
            await asyncio.wait_for(self.stop.wait(), timeout=seconds)
        return not self.stop.is_set()


def deliver_run(
    run: Run,
    desk: wiring.Desk,
    database: Database,
    transport: Transport,
    settings: Settings,
    *,
    by: str,
    terms: Terms,
    progress: Progress,
    report: Report,
    asked: Stop | None = None,
    clock: Clock = now,
) -> None:
    """Send what is due of a run. Raises the fault of ours that stopped it.

    `asked` is who catches the signals, for a command that goes on after the send.
    """
    order = Order(
        run=run,
        owner=wiring.owner_name(clock()),
        by=by,
        lease=settings.limits.lease,
        reverse_path=settings.sender.reverse_path,
        compose=desk.delivery,
        retry=RetryTable(settings.limits.retry_after),
        retry_now=terms.retry_now,
        signers=desk.signers,
        limit=terms.limit,
    )

    async def send() -> None:  # an asyncio.Event is made in the loop that it is for
        sending = Sending(order, database, transport, progress, terms, asked, clock)
        await sending.go(report)

    try:
        asyncio.run(send())
    finally:
        for fault in wiring.relays_left(transport):
            note(warning(f"left for the next relay: {fault}"))


def _say_stopped(run: Run) -> None:
    at = f" at {run.controlled_at:%H:%M:%S} UTC" if run.controlled_at else ""
    note(warning(f"\n{run.state.value.capitalize()} by {run.controlled_by}{at}: stopping."))


def deliver_tests(
    addresses: Sequence[AddrSpec], desk: wiring.Desk, transport: Transport, reverse_path: AddrSpec
) -> ExitStatus:
    """Send a test to each address, one after the other, and say what the relay said."""
    return asyncio.run(_deliver_tests(addresses, desk, transport, reverse_path))


async def _deliver_tests(
    addresses: Sequence[AddrSpec], desk: wiring.Desk, transport: Transport, reverse_path: AddrSpec
) -> ExitStatus:
    status = ExitStatus.DONE
    async with transport:
        for address in addresses:
            envelope = Envelope(reverse_path=str(reverse_path), recipient=str(address))
            reply = await deliver_once(transport, envelope, desk.message(address, {}))
            is_good = reply.verdict is Verdict.ACCEPTED
            word = good("accepted") if is_good else bad(reply.verdict.value)
            say(f"  {address}: {word}  {reply.code or ''} {reply.text}".rstrip())
            status = status if is_good else ExitStatus.FOUND
    return status
