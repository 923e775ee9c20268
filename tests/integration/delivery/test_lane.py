"""The order of things over a real journal: what is durable when, what is announced, who stops."""

import asyncio
import sqlite3
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import pytest

from newsletter.addresses import AddrSpec, parse_mailbox
from newsletter.books import AuditAction, Delivery, DeliveryState, NewRun, Outcome, Run, Turn
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
    SessionLost,
    StoreError,
)
from newsletter.message import (
    Algorithm,
    Composer,
    DkimKey,
    Reader,
    RenderedIssue,
    Sender,
    Signer,
    UnsignedMessage,
)
from newsletter.store import Database, Journal
from newsletter.subscribers import AudienceMember
from newsletter.transports import BeforeContent, Envelope, Reply, Stage
from tests.new_database import open_new
from tests.pace import patience

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
CONTENT = b"Subject: x\r\n\r\nHello.\r\n"
FIRST_THREE = ("r0", "r1", "r2")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_new(tmp_path / "news.db") as opened:
        yield opened


def open_run(database: Database, count: int) -> Run:
    return open_run_to(database, [AddrSpec(f"r{n}", "example.com") for n in range(count)])


def open_run_to(database: Database, addresses: Sequence[AddrSpec]) -> Run:
    audience = (AudienceMember(subscriber_id=None, address=each) for each in addresses)
    return database.runs.open(
        NewRun(issue="issue", digest="digest", subject="Subject", message_date=NOW),
        audience,
        NOW,
        by="ada",
    )


def said(
    code: int | None, enhanced_code: str = "", stage: Stage = Stage.FINAL_DOT, text: str = "said"
) -> Reply:
    return Reply(code=code, enhanced_code=enhanced_code, text=text, stage=stage)


@dataclass
class Relay:
    """A transport in memory. `answer` is asked after the journal's word, `refuse` before it."""

    answer: Callable[[str], Reply] = lambda _: said(250)
    refuse: Callable[[str], Reply | None] = lambda _: None
    connections: int = 1
    rate: float | None = None
    name: str = "relay:25"
    is_idempotent: bool = False
    announced: list[tuple[str, str | None]] = field(default_factory=list)
    dots: list[str] = field(default_factory=list)
    opened: int = 0
    on_dot: Callable[[str], Awaitable[None]] | None = None

    async def open(self) -> Self:
        self.opened += 1
        return self

    async def deliver(
        self,
        envelope: Envelope,
        content: bytes,
        *,
        before_content: BeforeContent,
        following: Envelope | None = None,
    ) -> Reply:
        name = envelope.recipient.partition("@")[0]
        self.announced.append((name, following.recipient.partition("@")[0] if following else None))
        refusal = self.refuse(name)
        if refusal is not None:
            await asyncio.sleep(0)
            return refusal
        await before_content()
        self.dots.append(name)
        if self.on_dot is not None:
            await self.on_dot(name)
        return self.answer(name)

    async def close(self) -> None:
        return None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


@dataclass
class Sent:
    heard: Counter[DeliveryState] = field(default_factory=Counter)
    error: NewsletterError | None = None


def send(
    database: Database,
    run: Run,
    relay: Relay,
    *,
    compose: Callable[[Delivery], UnsignedMessage] = lambda _: UnsignedMessage(CONTENT),
    signers: int = 0,
    limit: int | None = None,
    at: datetime = NOW,
    journal: Journal | None = None,
    on_sender: Callable[[RunSender], None] = lambda _: None,
) -> Sent:
    sent = Sent()
    order = Order(
        run=run,
        owner="me",
        by="ada",
        lease=timedelta(minutes=10),
        envelope=envelopes_from(AddrSpec("bounces", "example.com")),
        compose=compose,
        retry=RetryTable([timedelta(minutes=5), timedelta(hours=1)]),
        throttle=Throttle(relay.rate),
        signers=signers,
        limit=limit,
    )

    def hear(state: DeliveryState) -> None:
        sent.heard[state] += 1

    async def go() -> None:
        async with JournalWriter(journal or database.journal, lambda: at) as writer, relay:
            sender = RunSender(order, database.runs, writer, relay, lambda: at, hear)
            on_sender(sender)
            await sender.send()

    try:
        asyncio.run(go())
    except NewsletterError as error:
        sent.error = error
    return sent


def counts(database: Database, run: Run) -> dict[DeliveryState, int]:
    return {state: n for state, n in database.runs.balance(run.id).counts.items() if n}


def test_lane_announces_the_message_that_it_gives_next(database: Database) -> None:
    run, relay = open_run(database, 500), Relay()

    send(database, run, relay)

    names = [name for name, _ in relay.announced]
    assert 500 == len(set(names))
    assert [*names[1:], None] == [following for _, following in relay.announced]


def test_lane_has_each_outcome_on_disk_before_its_next_dot(
    database: Database, tmp_path: Path
) -> None:
    """G6: at every dot, another connection sees the one before accepted, and this one in doubt."""
    run, relay, seen = open_run(database, 8), Relay(), []

    async def look(_: str) -> None:
        with sqlite3.connect(tmp_path / "news.db") as connection:
            rows = dict(connection.execute("SELECT recipient, state FROM deliveries").fetchall())
        connection.close()
        seen.append([rows[f"{name}@example.com"] for name in relay.dots])

    relay.on_dot = look
    send(database, run, relay)

    assert [["accepted"] * number + ["in_doubt"] for number in range(8)] == seen


def test_lane_writes_an_outcome_and_the_next_dot_in_one_turn(database: Database) -> None:
    run, turns = open_run(database, 50), []

    class Counting(Journal):
        def turn(
            self, outcomes: Sequence[Outcome], begun: Sequence[Delivery], now: datetime
        ) -> Turn:
            turns.append((len(outcomes), len(begun)))
            return super().turn(outcomes, begun, now)

    send(database, run, Relay(), journal=Counting(database._connections))

    assert [(0, 1)] + [(1, 1)] * 49 + [(1, 0)] == turns


def test_lane_announces_nothing_whose_turn_is_not_due(database: Database) -> None:
    run, relay = open_run(database, 4), Relay(rate=20)

    sent = send(database, run, relay)

    assert {DeliveryState.ACCEPTED: 4} == dict(sent.heard)
    assert [None] * 4 == [following for _, following in relay.announced]


def test_sender_tries_no_more_than_the_limit(database: Database) -> None:
    run, relay = open_run(database, 30), Relay(connections=3)

    sent = send(database, run, relay, limit=7)

    assert sent.error is None
    assert 7 == len(relay.dots)
    assert {DeliveryState.ACCEPTED: 7, DeliveryState.PLANNED: 23} == counts(database, run)


def test_sender_does_not_count_a_lost_session_towards_the_limit(database: Database) -> None:
    run = open_run(database, 30)
    lost: list[str] = []

    def lose_one(name: str) -> Reply:
        if len(lost) < 1:
            lost.append(name)
            raise SessionLost("the relay went away")
        return said(250)

    send(database, run, Relay(answer=lose_one), limit=7)

    assert {DeliveryState.ACCEPTED: 7, DeliveryState.PLANNED: 23} == counts(database, run)


def composer_signing_with(sign: Callable[[bytes], bytes]) -> Composer:
    mailbox = parse_mailbox("Friday Five <editor@example.com>")
    sender = Sender(
        mailbox=mailbox,
        reply_to=None,
        reverse_path=mailbox.addr_spec,
        list_id="friday-five.example.com",
        list_name="Friday Five",
        base_url="https://example.com",
        unsubscribe_mailbox=None,
        help_url=None,
        archive_url=None,
        feedback_id=None,
    )
    issue = RenderedIssue(
        name="issue",
        subject="Subject",
        html="<p>Hello.</p>",
        text="Hello.",
        placeholders=(),
        date=NOW,
    )
    key = DkimKey(selector="s", algorithm=Algorithm.RSA, bits=2048, public=b"", sign=sign)
    return Composer(issue, sender, signer=Signer("example.com", [key]))


def test_sender_composes_on_the_loop_and_signs_in_threads(database: Database) -> None:
    run, relay = open_run(database, 60), Relay(connections=3)
    composing, signing = set[str](), set[str]()
    both = threading.Barrier(2, timeout=patience())

    def sign(digest: bytes) -> bytes:
        name = threading.current_thread().name
        if name.startswith("sign") and name not in signing:
            signing.add(name)
            both.wait()
        return digest * 8

    composer = composer_signing_with(sign)

    def compose(delivery: Delivery) -> UnsignedMessage:
        composing.add(threading.current_thread().name)
        if delivery.recipient_key == "r7@example.com":
            raise MessageError("no value")
        mac = delivery.recipient.local_part
        fields = {"unsubscribe_token": mac}
        return composer.unsigned(
            Reader(address=delivery.recipient, display_name="", fields=fields, message_id_mac=mac)
        )

    sent = send(database, run, relay, compose=compose, signers=2)

    assert sent.error is None
    assert ({"MainThread"}, {"sign_0", "sign_1"}) == (composing, signing)
    assert {DeliveryState.ACCEPTED: 59, DeliveryState.FAILED: 1} == dict(sent.heard)
    assert 59 == len(set(relay.dots))


@pytest.mark.parametrize(("size", "most"), [(8_000_000, 4), (10_000, 48)])
def test_few_messages_are_made_ahead_where_they_are_large(
    size: int, most: int, database: Database
) -> None:
    """One with pictures in it has megabytes, and memory is to stay flat."""
    run, relay = open_run(database, 60), Relay()
    content = CONTENT + bytes(size)
    composed: list[str] = []
    ahead: list[int] = []

    def compose(delivery: Delivery) -> UnsignedMessage:
        composed.append(delivery.recipient_key)
        return UnsignedMessage(content)

    async def on_dot(_: str) -> None:
        ahead.append(len(composed) - len(relay.dots) + 1)

    relay.on_dot = on_dot

    sent = send(database, run, relay, compose=compose, signers=1)

    assert {DeliveryState.ACCEPTED: 60} == dict(sent.heard)
    assert max(ahead) <= most


def test_sender_ends_when_nothing_at_hand_can_be_composed(database: Database) -> None:
    run, relay = open_run(database, 40), Relay(connections=3)

    def compose(_: Delivery) -> UnsignedMessage:
        raise MessageError("no value")

    sent = send(database, run, relay, compose=compose, signers=1)

    assert sent.error is None
    assert {DeliveryState.FAILED: 40} == dict(sent.heard)


def test_sender_stops_when_a_signature_cannot_be_made(database: Database) -> None:
    """Nobody's message is at fault, so nobody is marked."""
    run, relay = open_run(database, 40), Relay(connections=3)
    composer = composer_signing_with(lambda digest: digest * 8)
    reader = Reader(
        address=AddrSpec("ada", "example.com"),
        display_name="",
        fields={"unsubscribe_token": "t"},
        message_id_mac="m",
    )
    unsigned = composer.unsigned(reader)
    assert unsigned.hashes is not None
    damaged = unsigned._replace(hashes=unsigned.hashes._replace(signed=[]))

    with pytest.raises(ValueError, match="zip"):
        send(database, run, relay, compose=lambda _: damaged, signers=1)

    assert {DeliveryState.PLANNED: 40} == counts(database, run)


def test_lanes_finish_what_they_have_in_hand_when_another_meets_a_bug(database: Database) -> None:
    run, relay = open_run(database, 8), Relay(connections=2)

    def compose(delivery: Delivery) -> UnsignedMessage:
        if delivery.recipient.local_part == "r5":
            raise RuntimeError("a bug of ours")
        return UnsignedMessage(CONTENT)

    async def be_slow(name: str) -> None:
        await asyncio.sleep(0.3 if name == "r0" else 0)

    relay.on_dot = be_slow
    with pytest.raises(RuntimeError, match="a bug"):
        send(database, run, relay, compose=compose)

    names = [name for name, _ in relay.announced]
    assert "r0" in names
    assert {
        DeliveryState.ACCEPTED: len(relay.dots),
        DeliveryState.PLANNED: 8 - len(relay.dots),
    } == counts(database, run)


def test_sender_drops_what_was_only_announced_when_it_stops(database: Database) -> None:
    run, relay = open_run(database, 20), Relay()

    def stop_at_the_third(sender: RunSender) -> None:
        async def look(name: str) -> None:
            if len(relay.dots) == 3:
                sender.stop.set()

        relay.on_dot = look

    sent = send(database, run, relay, on_sender=stop_at_the_third)

    assert sent.error is None
    assert relay.announced[2][1] is not None
    assert 3 == len(relay.dots)
    assert {DeliveryState.ACCEPTED: 3, DeliveryState.PLANNED: 17} == counts(database, run)


def test_lane_leaves_a_connection_that_a_reply_has_ended(database: Database) -> None:
    """No other message is tried on it, so none is lost with it."""
    run = open_run(database, 6)
    relay = Relay(answer=lambda name: said(None if name == "r2" else 250))

    send(database, run, relay)

    assert 2 == relay.opened
    assert 6 == len(relay.announced)
    assert {DeliveryState.ACCEPTED: 5, DeliveryState.IN_DOUBT: 1} == counts(database, run)


def test_lane_keeps_a_message_in_hand_whose_session_is_lost_before_its_content(
    database: Database,
) -> None:
    run = open_run(database, 6)
    lost: list[str] = []

    def lose_once(name: str) -> None:
        if name == "r2" and not lost:
            lost.append(name)
            raise SessionLost("the relay went away")

    relay = Relay(refuse=lose_once)
    sent = send(database, run, relay)

    assert ["r0", "r1", "r2", "r2", "r3", "r4", "r5"] == [name for name, _ in relay.announced]
    assert {DeliveryState.ACCEPTED: 6} == dict(sent.heard)


def test_lane_writes_no_dot_when_the_outcome_before_it_was_not_written(
    database: Database,
) -> None:
    """G6. The second is planned again: nothing made it a message."""
    run, relay = open_run(database, 5), Relay()

    class Forgetful(Journal):
        def turn(
            self, outcomes: Sequence[Outcome], begun: Sequence[Delivery], now: datetime
        ) -> Turn:
            if any(outcome.state is DeliveryState.ACCEPTED for outcome in outcomes):
                return Turn(late=outcomes, refused=super().turn((), begun, now).refused)
            return super().turn(outcomes, begun, now)

    sent = send(database, run, relay, journal=Forgetful(database._connections))

    assert "another sender has the delivery to r0@example.com" in str(sent.error)
    assert ["r0"] == relay.dots
    assert {DeliveryState.IN_DOUBT: 1, DeliveryState.PLANNED: 4} == counts(database, run)


def test_lane_writes_no_dot_when_the_disk_is_full(database: Database) -> None:
    run, relay = open_run(database, 5), Relay(connections=2)

    class Full(Journal):
        def turn(
            self, outcomes: Sequence[Outcome], begun: Sequence[Delivery], now: datetime
        ) -> Turn:
            if begun and len(relay.dots) >= 2:
                raise StoreError("database or disk is full")
            return super().turn(outcomes, begun, now)

    sent = send(database, run, relay, journal=Full(database._connections))

    assert isinstance(sent.error, StoreError)
    assert 2 == len(relay.dots)
    assert database.runs.balance(run.id).balanced


@pytest.mark.parametrize("stage", [Stage.RCPT, Stage.FINAL_DOT])
@pytest.mark.parametrize("connections", [1, 3])
def test_sender_stops_at_a_row_of_policy_refusals_and_marks_nobody(
    database: Database, connections: int, stage: Stage
) -> None:
    """G9. Whoever was refused in the row is planned again; everyone else is as before."""
    run = open_run(database, 100)
    no = said(550, "5.7.26", stage, "this mail is unauthenticated")
    relay = Relay(
        refuse=lambda name: no if stage is Stage.RCPT and name not in FIRST_THREE else None,
        answer=lambda name: said(250) if name in FIRST_THREE else no,
        connections=connections,
    )

    sent = send(database, run, relay)

    after = counts(database, run)
    assert isinstance(sent.error, RelayFault)
    assert "550 5.7.26 this mail is unauthenticated" in sent.error.what
    assert DeliveryState.REFUSED not in after
    assert after.get(DeliveryState.DEFERRED, 0) < connections
    assert len(relay.announced) < 20 + 2 * connections
    actions = [entry.action for entry in database.audit.entries("issue")]
    assert [AuditAction.STARTED, AuditAction.TURNED_AWAY] == actions


def test_sender_says_what_to_do_where_a_relay_takes_no_reverse_path_of_a_delivery(
    database: Database,
) -> None:
    """Postfix finds out at RCPT that it does not know the sender (`smtpd_delay_reject`)."""
    run = open_run(database, 40)
    path = f"bounces+{'mzxw6ytboi' * 4}@example.com"
    relay = Relay(
        refuse=lambda _: said(
            553, "5.7.1", Stage.RCPT, f"<{path}>: Sender address rejected: not owned by user news"
        )
    )

    sent = send(database, run, relay)

    assert isinstance(sent.error, RelayFault)
    assert "set verp = false under [sender]" in sent.error.next_step


def test_sender_refuses_by_the_table_whom_the_same_policy_forbids(database: Database) -> None:
    """What several people hear may be ours. A dozen of them do not stop the run."""
    run = open_run(database, 60)
    no = said(550, "5.7.1", Stage.RCPT)
    relay = Relay(refuse=lambda name: no if name.endswith("5") else None)

    rounds = [send(database, run, relay, at=NOW + timedelta(hours=2 * n)) for n in range(3)]

    assert [None] * 3 == [each.error for each in rounds]
    assert {DeliveryState.ACCEPTED: 54, DeliveryState.DEFERRED: 6} == dict(rounds[0].heard)
    assert {DeliveryState.REFUSED: 6} == dict(rounds[2].heard)
    assert database.runs.balance(run.id).complete


def test_sender_refuses_at_the_second_word_one_whom_a_policy_forbids(database: Database) -> None:
    run = open_run(database, 20)
    no = said(550, "5.7.1", Stage.RCPT)
    relay = Relay(refuse=lambda name: no if name == "r5" else None)

    first = send(database, run, relay)
    second = send(database, run, relay, at=NOW + timedelta(minutes=5))

    assert (None, None) == (first.error, second.error)
    assert {DeliveryState.ACCEPTED: 19, DeliveryState.DEFERRED: 1} == dict(first.heard)
    assert {DeliveryState.REFUSED: 1} == dict(second.heard)


def test_sender_refuses_unknown_users_in_any_number(database: Database) -> None:
    """Every third one, and one after another where they are of one domain."""
    audience = [AddrSpec(f"r{n}", f"d{n}.example") for n in range(60)]
    audience[30:30] = [AddrSpec(f"gone{n}", "gone.example") for n in range(40)]
    run = open_run_to(database, audience)
    relay = Relay(
        refuse=lambda name: (
            said(550, "5.1.1", Stage.RCPT, "no such user")
            if name.startswith("gone") or name.endswith("5")
            else None
        )
    )

    sent = send(database, run, relay)

    assert sent.error is None
    assert {DeliveryState.ACCEPTED: 54, DeliveryState.REFUSED: 46} == dict(sent.heard)
