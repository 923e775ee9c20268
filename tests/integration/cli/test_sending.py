"""One command's work on one run, over a real journal: rounds, limits, and what stops it."""

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import DeliveryState, NewRun, Run
from newsletter.cli.progress import Progress, lines
from newsletter.cli.sending import Sending, Terms
from newsletter.delivery import Order, RetryTable
from newsletter.message import UnsignedMessage
from newsletter.store import Database, open_database
from newsletter.subscribers import AudienceMember
from newsletter.transports import RecordingTransport, Reply, Stage

BUSY = Reply(code=451, enhanced_code="4.3.0", text="come again", stage=Stage.RCPT)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(f"sqlite:///{tmp_path / 'news.db'}") as opened:
        yield opened


def open_run(database: Database, count: int) -> Run:
    now = datetime.now(UTC)
    audience = (
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", "example.com"))
        for n in range(count)
    )
    return database.runs.open(
        NewRun(issue="issue", digest="digest", subject="Subject", message_date=now),
        audience,
        now,
        by="ada",
    )


def send(
    database: Database, run: Run, transport: RecordingTransport, terms: Terms, *, pause: float
) -> Progress:
    order = Order(
        run=run,
        owner="me",
        by="ada",
        lease=timedelta(minutes=10),
        reverse_path=AddrSpec("bounces", "example.com"),
        compose=lambda _: UnsignedMessage(b"Subject: x\r\n\r\nHello.\r\n"),
        retry=RetryTable([timedelta(seconds=pause)] * 3),
        retry_now=terms.retry_now,
        limit=terms.limit,
    )
    progress = Progress(run.issue, run.frozen)

    async def go() -> None:
        await Sending(order, database, transport, progress, terms).go(lambda _: None)

    asyncio.run(go())
    return progress


def states(database: Database, run: Run) -> dict[str, int]:
    return {state.value: n for state, n in database.runs.balance(run.id).counts.items()}


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def test_sending_waits_for_the_deferred_until_its_deadline(database: Database) -> None:
    run, transport = open_run(database, 3), RecordingTransport()
    transport.tell("r1@example.com", BUSY, BUSY)

    send(database, run, transport, Terms(until=soon(60)), pause=0.05)

    assert {"accepted": 3} == states(database, run)
    assert 5 == len(transport.attempts)


def test_sending_leaves_to_the_next_command_what_is_due_after_its_deadline(
    database: Database,
) -> None:
    run, transport = open_run(database, 3), RecordingTransport()
    transport.tell("r1@example.com", BUSY)

    send(database, run, transport, Terms(until=soon(60)), pause=3_600)

    assert {"accepted": 2, "deferred": 1} == states(database, run)


def test_sending_stops_waiting_when_the_run_is_paused(database: Database) -> None:
    run, transport = open_run(database, 2), RecordingTransport()
    transport.tell("r1@example.com", BUSY)
    pausing = threading.Timer(
        0.3, lambda: database.runs.pause("issue", "ada@host", datetime.now(UTC))
    )
    pausing.start()
    began = time.monotonic()

    send(database, run, transport, Terms(until=soon(600)), pause=300)
    pausing.join()

    assert time.monotonic() - began < 60
    assert {"accepted": 1, "deferred": 1} == states(database, run)


def test_sending_keeps_its_limit_over_all_rounds(database: Database) -> None:
    run, transport = open_run(database, 5), RecordingTransport()
    transport.tell("r0@example.com", BUSY)

    send(database, run, transport, Terms(until=soon(60), limit=3), pause=0.05)

    assert {"accepted": 2, "deferred": 1, "planned": 2} == states(database, run)


def test_progress_tells_rate_and_time_left() -> None:
    at = [0.0]
    progress = Progress("issue", 100, seconds=lambda: at[0])
    for second in range(1, 21):
        at[0] = second
        progress.heard(DeliveryState.ACCEPTED)
        progress.rate()

    assert 1.0 == pytest.approx(progress.rate(), rel=0.1)
    assert 80.0 == pytest.approx(progress.left() or 0, rel=0.1)


def test_lines_come_now_and_then() -> None:
    at = [0.0]
    progress = Progress("issue", 100, seconds=lambda: at[0])
    said: list[str] = []
    report = lines(said.append, every=5.0)
    for second in range(12):
        at[0] = second
        report(progress)

    assert ["0 of 100, 0/s"] * 2 == said
