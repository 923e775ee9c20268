"""A whole run over two relays, the first of which dies on the way: nobody lost, nobody doubled."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from newsletter.addresses import AddrSpec
from newsletter.books import DeliveryState, NewRun
from newsletter.clock import now
from newsletter.delivery import JournalWriter, Order, RetryTable, RunSender, envelopes_from
from newsletter.message import UnsignedMessage
from newsletter.subscribers import AudienceMember
from newsletter.transports import open_transport
from tests.new_database import open_new

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
AUDIENCE = 200
DIES_AFTER = 40
CONNECTIONS = 4


@dataclass
class Relay:
    """Takes every message; with `dies_after` it goes away for good in the middle of that one."""

    dies_after: int = 0
    taken: list[str] = field(default_factory=list)
    wires: list[asyncio.Transport] = field(default_factory=list)
    server: asyncio.Server | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - its name
        self.taken.append(envelope.rcpt_tos[0])
        if len(self.taken) == self.dies_after:
            assert self.server
            self.server.close()
            for wire in self.wires:
                wire.abort()
        return "250 2.0.0 taken"

    async def listen(self) -> int:
        relay = self

        class Wired(SMTP):
            def connection_made(self, transport: Any) -> None:
                relay.wires.append(transport)
                super().connection_made(transport)

        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(
            lambda: Wired(self, hostname="localhost", loop=loop), "127.0.0.1", 0
        )
        return int(self.server.sockets[0].getsockname()[1])


def test_run_goes_on_over_the_second_relay_when_the_first_dies(tmp_path: Path) -> None:
    one, two = Relay(dies_after=DIES_AFTER), Relay()
    path = tmp_path / "news.db"

    async def scenario(ports: list[int]) -> None:
        ports += [await one.listen(), await two.listen()]
        urls = (f"smtp://127.0.0.1:{port}?tls=none&connections={CONNECTIONS}" for port in ports)
        order = Order(
            run=run,
            owner="me",
            by="ada",
            lease=timedelta(minutes=10),
            envelope=envelopes_from(AddrSpec("bounces", "example.com")),
            compose=lambda _: UnsignedMessage(b"Subject: x\r\n\r\nHello.\r\n"),
            retry=RetryTable([timedelta(minutes=5)]),
        )
        async with (
            JournalWriter(database.journal, lambda: NOW) as journal,
            open_transport(f"failover({' '.join(urls)})", clock=now) as transport,
        ):
            await RunSender(
                order, database.runs, journal, transport, lambda: NOW, lambda _: None
            ).send()
        assert two.server
        two.server.close()

    audience = (
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", "example.com"))
        for n in range(AUDIENCE)
    )
    ports: list[int] = []
    with open_new(path) as database:
        run = database.runs.open(
            NewRun(issue="issue", digest="digest", subject="Subject", message_date=NOW),
            audience,
            NOW,
            by="ada",
        )
        asyncio.run(scenario(ports))
        balance = database.runs.balance(run.id).counts
    with closing(sqlite3.connect(path)) as connection:
        attempts = Counter(
            connection.execute("SELECT transport, code IS NOT NULL FROM attempts").fetchall()
        )

    in_doubt = balance.get(DeliveryState.IN_DOUBT, 0)
    names = [f"smtp://127.0.0.1:{port}?tls=none&connections={CONNECTIONS}" for port in ports]
    assert DIES_AFTER == len(one.taken)
    assert 1 <= in_doubt <= CONNECTIONS
    assert AUDIENCE == balance[DeliveryState.ACCEPTED] + in_doubt
    assert not set(one.taken) & set(two.taken), "nobody is sent through two"
    assert len(two.taken) == len(set(two.taken)) == attempts[names[1], 1]
    assert balance[DeliveryState.ACCEPTED] - len(two.taken) == attempts[names[0], 1]
    assert {(names[0], 1), (names[0], 0), (names[1], 1)} == attempts.keys()
