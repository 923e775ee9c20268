"""The sender over a real journal: what each answer of a relay makes of a delivery, and of a run."""

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import Delivery, DeliveryState, NewRun, Outcome, Run, Turn
from newsletter.delivery import (
    JournalWriter,
    Order,
    RetryTable,
    RunSender,
    Throttle,
    envelopes_from,
)
from newsletter.errors import (
    MessageError,
    NewsletterError,
    RelayFault,
    RunConflictError,
    SessionLost,
)
from newsletter.message import UnsignedMessage
from newsletter.store import Database, Journal
from newsletter.subscribers import AudienceMember
from newsletter.transports import (
    BeforeContent,
    Envelope,
    RecordingTransport,
    Reply,
    Stage,
    Transport,
)
from tests.new_database import open_new

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=10)
CONTENT = b"Subject: x\r\n\r\nHello.\r\n"


def reply(code: int | None, stage: Stage = Stage.RCPT) -> Reply:
    return Reply(code=code, enhanced_code="", text="said the relay", stage=stage)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_new(tmp_path / "news.db") as opened:
        yield opened


def open_run(database: Database, count: int) -> Run:
    audience = (
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", "example.com"))
        for n in range(count)
    )
    return database.runs.open(
        NewRun(issue="issue", digest="digest", subject="Subject", message_date=NOW),
        audience,
        NOW,
        by="ada",
    )


def compose(_delivery: Delivery) -> bytes:
    return CONTENT


@dataclass
class Sent:
    """What one call of `send` left behind."""

    heard: Counter[DeliveryState] = field(default_factory=Counter)
    error: BaseException | None = None


def send(
    database: Database,
    run: Run,
    transport: Transport,
    *,
    owner: str = "me",
    at: datetime = NOW,
    retry_now: bool = False,
    compose: Callable[[Delivery], bytes] = compose,
    stop_after: int | None = None,
) -> Sent:
    """Send a run once, with a clock that stands still."""
    sent = Sent()
    order = Order(
        run=run,
        owner=owner,
        by="ada",
        lease=LEASE,
        envelope=envelopes_from(AddrSpec("bounces", "example.com")),
        compose=lambda delivery: UnsignedMessage(compose(delivery)),
        retry=RetryTable([timedelta(minutes=5), timedelta(hours=1)]),
        throttle=Throttle(transport.rate),
        retry_now=retry_now,
    )

    async def go() -> None:
        async with JournalWriter(database.journal, lambda: at) as journal, transport:

            def hear(state: DeliveryState) -> None:
                sent.heard[state] += 1
                if stop_after and sent.heard.total() >= stop_after:
                    sender.stop.set()

            sender = RunSender(order, database.runs, journal, transport, lambda: at, hear)
            await sender.send()

    try:
        asyncio.run(go())
    except NewsletterError as error:
        sent.error = error
    return sent


def test_sender_sends_to_everyone_once_and_completes_the_run(database: Database) -> None:
    run, transport = open_run(database, 500), RecordingTransport()

    first = send(database, run, transport)
    second = send(database, run, transport)

    assert first.error is None
    assert 500 == len({each.envelope.recipient for each in transport.deliveries})
    assert 500 == len(transport.attempts)
    assert {"bounces@example.com"} == {each.envelope.reverse_path for each in transport.attempts}
    assert 0 == second.heard.total()
    assert database.runs.balance(run.id).complete


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        (DeliveryState.DEFERRED, reply(451)),
        (DeliveryState.REFUSED, reply(550)),
        (DeliveryState.REFUSED, reply(554, Stage.FINAL_DOT)),
        (DeliveryState.DEFERRED, reply(452, Stage.FINAL_DOT)),
        (DeliveryState.IN_DOUBT, reply(None, Stage.FINAL_DOT)),
    ],
)
def test_sender_books_what_the_relay_says_of_one_recipient_only(
    state: DeliveryState, answer: Reply, database: Database
) -> None:
    run, transport = open_run(database, 3), RecordingTransport()
    transport.tell("r1@example.com", answer)

    sent = send(database, run, transport)

    assert sent.error is None
    balance = database.runs.balance(run.id)
    assert {DeliveryState.ACCEPTED: 2, state: 1} == dict(balance.counts)
    [failure] = database.audiences.failures("issue")
    assert "r1@example.com" == str(failure.recipient)
    assert (answer.code, "said the relay") == (failure.reply_code, failure.reply_text)


def test_sender_tries_a_deferred_recipient_again_when_it_is_due(database: Database) -> None:
    run, transport = open_run(database, 1), RecordingTransport()
    transport.tell("r0@example.com", reply(451))
    send(database, run, transport)

    too_early = send(database, run, transport, at=NOW + timedelta(minutes=4))
    due = send(database, run, transport, at=NOW + timedelta(minutes=5))

    assert 0 == too_early.heard.total()
    assert {DeliveryState.ACCEPTED: 1} == dict(due.heard)


def test_sender_does_not_wait_for_the_table_when_told_so(database: Database) -> None:
    run, transport = open_run(database, 1), RecordingTransport()
    transport.tell("r0@example.com", reply(451))
    send(database, run, transport)

    again = send(database, run, transport, retry_now=True)

    assert {DeliveryState.ACCEPTED: 1} == dict(again.heard)


def test_sender_gives_up_at_the_end_of_the_table(database: Database) -> None:
    run, transport = open_run(database, 1), RecordingTransport()
    transport.tell("r0@example.com", *[reply(451)] * 3)

    for hours in range(3):
        send(database, run, transport, at=NOW + timedelta(hours=2 * hours))

    [failure] = database.audiences.failures("issue")
    assert DeliveryState.REFUSED == failure.state
    assert (3, "given up after 3 attempts") == (failure.attempts, failure.reason)


def test_sender_never_resends_what_is_in_doubt(database: Database) -> None:
    run, transport = open_run(database, 1), RecordingTransport()
    transport.tell("r0@example.com", reply(None, Stage.FINAL_DOT))
    send(database, run, transport)

    again = send(database, run, transport, retry_now=True, at=NOW + timedelta(days=9))

    assert 0 == again.heard.total()
    assert 1 == len(transport.attempts)


def test_sender_opens_a_new_session_when_one_is_lost(database: Database) -> None:
    run, transport = open_run(database, 3), RecordingTransport()
    transport.tell("r1@example.com", SessionLost("the relay went away"))

    sent = send(database, run, transport)

    assert {DeliveryState.ACCEPTED: 3} == dict(sent.heard)
    assert 2 == transport.sessions_opened


def test_sender_sends_again_when_a_session_is_lost_amid_the_content(database: Database) -> None:
    """The row was in doubt by then; nobody can have the message, so it goes back and out again."""
    run, times = open_run(database, 3), 0

    def lose_one(_: Envelope) -> Reply:
        nonlocal times
        times += 1
        if times == 2:
            raise SessionLost("the relay went away before the final dot")
        return reply(250, Stage.FINAL_DOT)

    sent = send(database, run, Scripted(lose_one))

    assert sent.error is None
    assert {DeliveryState.ACCEPTED: 3} == dict(database.runs.balance(run.id).counts)
    assert 4 == times


def test_sender_stops_at_a_fault_of_ours_and_blames_nobody(database: Database) -> None:
    run, transport = open_run(database, 20), RecordingTransport()
    fault = RelayFault("550 who are you?", where="relay:25", next_step="ask the relay's owner")
    transport.tell("r5@example.com", fault)

    stopped = send(database, run, transport)
    after = dict(database.runs.balance(run.id).counts)
    resumed = send(database, run, transport, owner="the next process")

    assert stopped.error is fault
    assert {DeliveryState.ACCEPTED: 5, DeliveryState.PLANNED: 15} == after
    assert resumed.error is None
    assert 20 == len({each.envelope.recipient for each in transport.deliveries})


def test_sender_stops_when_session_after_session_is_lost(database: Database) -> None:
    run = open_run(database, 20)

    def lose(_: Envelope) -> Reply:
        raise SessionLost("the relay went away", where="relay:25")

    transport = Scripted(lose)
    transport.connections = 1
    stopped = send(database, run, transport)

    assert isinstance(stopped.error, RelayFault)
    assert "relay:25: 3 sessions in a row were lost: the relay went away" in str(stopped.error)
    assert {DeliveryState.PLANNED: 20} == dict(database.runs.balance(run.id).counts)
    assert 3 == transport.delivered


def test_sender_fails_only_the_recipient_whose_message_cannot_be_made(database: Database) -> None:
    run, transport = open_run(database, 3), RecordingTransport()

    def fussy(delivery: Delivery) -> bytes:
        if delivery.recipient_key == "r1@example.com":
            raise MessageError("the field first_name has no value", where="r1@example.com")
        return CONTENT

    sent = send(database, run, transport, compose=fussy)

    assert {DeliveryState.ACCEPTED: 2, DeliveryState.FAILED: 1} == dict(sent.heard)
    [failure] = database.audiences.failures("issue")
    assert "the field first_name has no value" in failure.reason


class Scripted:
    """A transport of one's own: `hand_over` is called between the journal's word and the reply."""

    is_idempotent = False

    def __init__(self, hand_over: Callable[[Envelope], Reply], *, most_sessions: int = 9) -> None:
        self.name, self.connections = "scripted:", 3
        self.rate: float | None = None
        self.open_sessions = self.delivered = 0
        self._hand_over = hand_over
        self._most_sessions = most_sessions

    async def open(self) -> Self:
        if self.open_sessions >= self._most_sessions:
            raise RelayFault("421 too many connections", where=self.name)
        self.open_sessions += 1
        return self

    async def deliver(
        self,
        envelope: Envelope,
        content: bytes,
        *,
        before_content: BeforeContent,
        following: Envelope | None = None,
    ) -> Reply:
        await before_content()
        self.delivered += 1
        return self._hand_over(envelope)

    async def close(self) -> None:
        self.open_sessions -= 1

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


def test_sender_has_the_doubt_on_disk_before_any_content(
    database: Database, tmp_path: Path
) -> None:
    """Another connection sees `in_doubt` while the content goes out: G6."""
    run, seen = open_run(database, 5), set()

    def look(envelope: Envelope) -> Reply:
        with sqlite3.connect(tmp_path / "news.db") as connection:
            query = "SELECT state FROM deliveries WHERE recipient = ?"
            seen.add(connection.execute(query, (envelope.recipient,)).fetchone()[0])
        connection.close()
        return reply(250, Stage.FINAL_DOT)

    sent = send(database, run, Scripted(look))

    assert sent.error is None
    assert {"in_doubt"} == seen


def test_sender_sends_nothing_when_its_claim_was_taken_over(database: Database) -> None:
    """A process that slept past its lease finds out before the content, not after: fencing."""
    run = open_run(database, 1)
    transport = Scripted(lambda _: reply(250, Stage.FINAL_DOT))

    def sleep_and_be_robbed(delivery: Delivery) -> bytes:
        much_later = NOW + LEASE + LEASE
        database.journal.claim(run.id, "another", much_later, LEASE, 10)
        return CONTENT

    sent = send(database, run, transport, compose=sleep_and_be_robbed)

    assert isinstance(sent.error, RunConflictError)
    assert 0 == transport.delivered


def test_sender_makes_do_with_the_sessions_that_the_relay_allows(database: Database) -> None:
    run = open_run(database, 40)
    transport = Scripted(lambda _: reply(250, Stage.FINAL_DOT), most_sessions=1)

    sent = send(database, run, transport)

    assert sent.error is None
    assert {DeliveryState.ACCEPTED: 40} == dict(sent.heard)


def test_sender_stops_all_sessions_at_a_fault_of_one(database: Database) -> None:
    run = open_run(database, 100)

    def refuse_the_tenth(_: Envelope) -> Reply:
        if transport.delivered == 10:
            raise RelayFault("550 not you any more", where="relay:25")
        return reply(250, Stage.FINAL_DOT)

    transport = Scripted(refuse_the_tenth)
    sent = send(database, run, transport)

    assert isinstance(sent.error, RelayFault)
    assert transport.delivered <= 10 + transport.connections


def test_sender_drains_when_asked_to_stop(database: Database) -> None:
    """The eighth is under way when the outcome of the seventh is durable: both are one turn."""
    run, transport = open_run(database, 50), RecordingTransport()

    stopped = send(database, run, transport, stop_after=7)
    after = database.runs.balance(run.id)
    resumed = send(database, run, transport, owner="the next process")

    assert stopped.error is None
    assert 8 == after[DeliveryState.ACCEPTED]
    assert 42 == after[DeliveryState.PLANNED]
    assert resumed.error is None
    assert 50 == len(transport.attempts)


def test_sender_reads_the_suppression_list_again_when_it_claims(database: Database) -> None:
    run, transport = open_run(database, 3), RecordingTransport()
    database.suppressions.add("r1@example.com", "complained", NOW)

    send(database, run, transport)

    assert {"r0@example.com", "r2@example.com"} == {
        each.envelope.recipient for each in transport.deliveries
    }
    assert {"complained": 1} == database.statistics.suppressed(run.id)


def test_sender_keeps_to_the_rate(database: Database) -> None:
    run = open_run(database, 11)
    transport = Scripted(lambda _: reply(250, Stage.FINAL_DOT))
    transport.rate = 10

    began = time.monotonic()
    send(database, run, transport)

    assert time.monotonic() - began >= 1.0


def test_journal_writer_writes_what_is_ready_in_one_turn(database: Database) -> None:
    """Two hundred deliveries wait for far fewer transactions: group commit."""
    run = open_run(database, 200)
    claims = database.journal.claim(run.id, "me", NOW, LEASE, 200)
    begun: list[int] = []

    class Counting(Journal):
        def turn(
            self, outcomes: Sequence[Outcome], claims: Sequence[Delivery], now: datetime
        ) -> Turn:
            begun.append(len(claims))
            return super().turn(outcomes, claims, now)

    async def go() -> None:
        journal = Counting(database._connections)
        async with JournalWriter(journal, lambda: NOW) as writer:
            await asyncio.gather(*(writer.begin_content(claim) for claim in claims))

    asyncio.run(go())

    assert {DeliveryState.IN_DOUBT: 200} == dict(database.runs.balance(run.id).counts)
    assert 200 == sum(begun)
    assert len(begun) < 50
