"""Who is suppressed while a message is in hand is not sent it, and the run goes on."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import Delivery, DeliveryState, NewRun, Run
from newsletter.delivery import (
    JournalWriter,
    Order,
    RetryTable,
    RunSender,
    Throttle,
    envelopes_from,
)
from newsletter.message import UnsignedMessage
from newsletter.store import Database, Journal
from newsletter.subscribers import AudienceMember
from newsletter.transports import Transport, parse_transport_url
from newsletter.transports.failover import FailoverTransport
from newsletter.transports.smtp import SmtpTransport
from tests.faults.peer import Answer, Peer, Point
from tests.faults.world import content_for
from tests.new_database import open_new
from tests.pace import patience

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
PEOPLE = 30


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_new(tmp_path / "news.db") as opened:
        yield opened


def open_run(database: Database, count: int = PEOPLE) -> Run:
    audience = (
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", "example.com"))
        for n in range(count)
    )
    new = NewRun(issue="issue", digest="digest", subject="Subject", message_date=NOW)
    return database.runs.open(new, audience, NOW, by="ada")


@dataclass
class Sent:
    heard: Counter[DeliveryState] = field(default_factory=Counter)

    def hear(self, state: DeliveryState) -> None:
        self.heard[state] += 1


def order(run: Run, *, signers: int = 0, rate: float | None = None) -> Order:
    def compose(delivery: Delivery) -> UnsignedMessage:
        return UnsignedMessage(content_for(str(delivery.recipient)))

    return Order(
        run=run,
        owner="me",
        by="ada",
        lease=timedelta(minutes=10),
        envelope=envelopes_from(AddrSpec("bounces", "example.com")),
        compose=compose,
        retry=RetryTable([timedelta(minutes=5)]),
        throttle=Throttle(rate),
        signers=signers,
    )


async def send(database: Database, wanted: Order, transport: Transport) -> Sent:
    sent = Sent()
    async with JournalWriter(database.journal, lambda: NOW) as writer, transport:
        sender = RunSender(wanted, database.runs, writer, transport, lambda: NOW, sent.hear)
        await sender.send()
    return sent


def smtp(peer: Peer, connections: int = 1) -> SmtpTransport:
    url = f"smtp://127.0.0.1:{peer.port}?tls=none&connections={connections}"
    return SmtpTransport(parse_transport_url(url))


def suppressing(database: Database, at: Point, number: int, *names: str) -> Callable[[Point], None]:
    """Suppresses the names when a point has come so many times."""
    seen: Counter[Point] = Counter()

    def watch(point: Point) -> None:
        seen[point] += 1
        if point is at and seen[point] == number:
            for name in names:
                assert database.suppressions.add(f"{name}@example.com", "complained", NOW)

    return watch


def reasons(database: Database) -> dict[str, str]:
    found = database.audiences.failures("issue", {DeliveryState.SUPPRESSED})
    return {each.recipient.local_part: each.reason for each in found}


@pytest.mark.parametrize("signers", [0, 2])
@pytest.mark.parametrize("connections", [1, 3])
@pytest.mark.parametrize("extensions", [(b"PIPELINING",), (b"8BITMIME",)], ids=["pipelining", ""])
@pytest.mark.parametrize("names", [("r9",), ("r9", "r10", "r11", "r29")], ids=["one", "four"])
def test_whoever_is_suppressed_while_in_hand_is_not_sent_it(
    names: tuple[str, ...],
    extensions: tuple[bytes, ...],
    connections: int,
    signers: int,
    database: Database,
) -> None:
    """With PIPELINING and one session, MAIL, RCPT and DATA of r9 are at the relay by then."""
    run = open_run(database)

    async def scenario() -> tuple[Sent, Peer]:
        watch = suppressing(database, Point.DOT, 9, *names)
        async with Peer(watch=watch, extensions=extensions) as peer:
            transport = smtp(peer, connections)
            return await send(database, order(run, signers=signers), transport), peer

    sent, peer = asyncio.run(scenario())

    left = PEOPLE - len(names)
    balance = database.runs.balance(run.id)
    taken = Counter(each.recipient for each in peer.log)
    begun = set(taken) & {f"{name}@example.com" for name in names}
    if connections == 1:
        assert set() == begun
        assert dict.fromkeys(names, "complained") == reasons(database)
        assert {DeliveryState.ACCEPTED: left, DeliveryState.SUPPRESSED: len(names)} == sent.heard
        assert 1 + len(names) >= peer.connections
    assert {1} == set(taken.values())
    assert {Answer.ACCEPTED} == {each.answer for each in peer.log}
    assert all(each.content == content_for(each.recipient) for each in peer.log)
    assert len(taken) == balance[DeliveryState.ACCEPTED]
    assert PEOPLE - len(taken) == balance[DeliveryState.SUPPRESSED]
    assert balance.complete


def test_a_relay_is_not_left_for_somebody_who_has_left(database: Database) -> None:
    run = open_run(database)

    async def scenario() -> tuple[FailoverTransport, Peer, Peer]:
        watch = suppressing(database, Point.DOT, 3, "r3", "r4", "r5", "r6")
        async with Peer(watch=watch) as first, Peer() as second:
            transport = FailoverTransport([smtp(first), smtp(second)])
            await send(database, order(run), transport)
            return transport, first, second

    transport, first, second = asyncio.run(scenario())

    assert () == transport.left
    assert (PEOPLE - 4, 0) == (len(first.log), len(second.log))
    assert 4 == database.runs.balance(run.id)[DeliveryState.SUPPRESSED]


@pytest.mark.parametrize(("rate", "most"), [(None, 200), (100.0, 200), (4.0, 20), (0.1, 1)])
@pytest.mark.parametrize("signers", [0, 2])
def test_no_more_is_claimed_than_goes_out_within_seconds(
    signers: int,
    rate: float | None,
    most: int,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is claimed a dead process leaves behind, and what is made ahead is made in vain."""
    run, limits = open_run(database, 500), set[int]()
    claim = Journal.claim

    def counted(journal: Journal, **terms: object) -> list[Delivery]:
        limits.add(terms["limit"])  # type: ignore[arg-type]
        return claim(journal, **terms)  # type: ignore[arg-type]

    async def scenario() -> None:
        async with Peer() as peer:
            sending = send(database, order(run, signers=signers, rate=rate), smtp(peer))
            going = asyncio.create_task(sending)
            async with asyncio.timeout(patience()):
                while not limits:  # noqa: ASYNC110 - a thread adds to it
                    await asyncio.sleep(0.01)
            going.cancel()
            await asyncio.gather(going, return_exceptions=True)

    monkeypatch.setattr(Journal, "claim", counted)
    asyncio.run(scenario())

    assert {most} == limits
