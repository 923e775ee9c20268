"""Runs a send in the foreground: the event loop, signals and progress."""

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from newsletter import wiring
from newsletter.addresses import AddrSpec
from newsletter.cli.console import bad, good, note, say, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.clock import now
from newsletter.delivery import (
    JournalWriter,
    Order,
    RetryTable,
    RunSender,
    deliver_once,
)
from newsletter.settings import Settings
from newsletter.store import Database, DeliveryState, Run
from newsletter.transports import Envelope, Transport, Verdict

_EVERY = 1_000
"""Deliveries between two lines of progress where there is no terminal."""


def deliver_run(
    run: Run,
    desk: wiring.Desk,
    database: Database,
    transport: Transport,
    settings: Settings,
    *,
    retry_now: bool,
) -> None:
    """Send what is due of a run. Raises the fault of ours that stopped it."""
    order = Order(
        run=run,
        owner=wiring.owner_name(),
        lease=settings.limits.lease,
        reverse_path=settings.sender.reverse_path,
        compose=desk.delivery,
        retry=RetryTable(settings.limits.retry_after),
        retry_now=retry_now,
    )
    due = database.journal.balance(run.id).unfinished
    with _progress(due) as advance:
        asyncio.run(_deliver(order, database, transport, advance))


async def _deliver(
    order: Order,
    database: Database,
    transport: Transport,
    advance: Callable[[DeliveryState], None],
) -> None:
    async with JournalWriter(database.journal, now) as journal, transport:
        sender = RunSender(order, journal, transport, now, advance)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, partial(_drain, sender))
        await sender.send()


def _drain(sender: RunSender) -> None:
    if not sender.stop.is_set():
        note(warning("\nStopping: messages under way are finished. The same command resumes."))
    sender.stop.set()


def _progress(total: int) -> AbstractContextManager[Callable[[DeliveryState], None]]:
    """Hears of every settled delivery: a bar on a terminal, a line now and then elsewhere."""
    if sys.stderr.isatty():
        from newsletter.cli.progress_bar import progress_bar

        return progress_bar(total)
    counts: Counter[DeliveryState] = Counter()

    def advance(state: DeliveryState) -> None:
        counts[state] += 1
        if counts.total() % _EVERY == 0:
            note(f"{counts.total():,} of {total:,}")

    return nullcontext(advance)


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
