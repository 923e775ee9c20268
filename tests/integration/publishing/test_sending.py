"""One command's work on one run, over a real journal: rounds, limits, and what stops it."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import DeliveryState, NewRun, Run
from newsletter.cli.listening import lines
from newsletter.publishing.issues import read_issue
from newsletter.publishing.progress import Progress
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready, make_ready
from newsletter.publishing.sending import Listener, Send, Sent, Terms, send
from newsletter.settings import Secret, load_settings
from newsletter.starter import starter_folder
from newsletter.store import Database, open_database
from newsletter.subscribers import AudienceMember
from newsletter.transports import RecordingTransport, Reply, Stage
from tests.integration.publishing.conftest import publication_of

BUSY = Reply(code=451, enhanced_code="4.3.0", text="come again", stage=Stage.RCPT)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(f"sqlite:///{tmp_path / 'news.db'}") as opened:
        yield opened


def begun(database: Database, count: int) -> Run:
    now = datetime.now(UTC)
    audience = (
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", "example.com"))
        for n in range(count)
    )
    wanted = NewRun(issue="issue", digest="digest", subject="Subject", message_date=now)
    return database.runs.open(wanted, audience, now, by="ada", owner="me")


def send_over(
    transport: RecordingTransport,
    database: Database,
    run: Run,
    terms: Terms,
    *,
    pause: float,
    listener: Listener | None = None,
) -> None:
    """Whatever is due of the run, over this transport, by the shipped settings."""
    shipped = load_settings(starter_folder(), {}, with_environment=False)
    retry = (timedelta(seconds=pause),) * 3
    settings = replace(
        shipped,
        limits=replace(shipped.limits, retry_after=retry),
        environment=replace(shipped.environment, secret_key=Secret("k" * 40)),
    )
    publication = replace(
        publication_of(settings, lambda: datetime.now(UTC)), open_transport=lambda: transport
    )
    issue = read_issue(starter_folder() / "issues/2021-11-26.md", settings.house)
    ready = make_ready(issue, publication)
    assert isinstance(ready, Ready)
    books = Books(publication=publication, database=database, by="ada")

    async def go() -> Sent:
        heard = listener or Listener()
        return await send(Send(books=books, ready=ready, run=run, terms=terms, listener=heard))

    assert asyncio.run(go()).fault is None


def states(database: Database, run: Run) -> dict[str, int]:
    return {state.value: n for state, n in database.runs.balance(run.id).counts.items()}


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def test_sending_waits_for_the_deferred_until_its_deadline(database: Database) -> None:
    run, transport = begun(database, 3), RecordingTransport()
    transport.tell("r1@example.com", BUSY, BUSY)

    send_over(transport, database, run, Terms(until=soon(60)), pause=0.05)

    assert {"accepted": 3} == states(database, run)
    assert 5 == len(transport.attempts)


def test_sending_leaves_to_the_next_command_what_is_due_after_its_deadline(
    database: Database,
) -> None:
    run, transport = begun(database, 3), RecordingTransport()
    transport.tell("r1@example.com", BUSY)

    send_over(transport, database, run, Terms(until=soon(60)), pause=3_600)

    assert {"accepted": 2, "deferred": 1} == states(database, run)


def test_sending_stops_waiting_when_the_run_is_paused(database: Database) -> None:
    """Somebody pauses it while nothing is due: nobody waits for the recipient's five minutes."""
    run, transport = begun(database, 2), RecordingTransport()
    transport.tell("r1@example.com", BUSY)
    heard: list[str] = []

    class Pausing(Listener):
        def waiting(self, until: datetime) -> None:
            database.runs.pause("issue", "ada@host", datetime.now(UTC))

        def stopped(self, run: Run) -> None:
            heard.append(f"{run.state} by {run.controlled_by}")

    began = time.monotonic()
    terms = Terms(until=soon(600))
    send_over(transport, database, run, terms, pause=300, listener=Pausing())

    assert time.monotonic() - began < 60
    assert ["paused by ada@host"] == heard
    assert {"accepted": 1, "deferred": 1} == states(database, run)


def test_sending_keeps_its_limit_over_all_rounds(database: Database) -> None:
    run, transport = begun(database, 5), RecordingTransport()
    transport.tell("r0@example.com", BUSY)

    send_over(transport, database, run, Terms(until=soon(60), limit=3), pause=0.05)

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
