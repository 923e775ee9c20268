"""A run over several relays side by side: real servers, a real journal, one sender each."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from newsletter.books import Adjustment, DeliveryState, Manner, Run
from newsletter.clock import now
from newsletter.publishing.terms import Listener, Terms
from newsletter.store import Database
from newsletter.transports import open_transport
from tests.integration.publishing.test_sending import begun, sent_over, states
from tests.new_database import open_new
from tests.pace import patience

TAKES = "250 2.0.0 taken"


@dataclass
class Relay:
    """Answers every content with `says`; goes away for good in the middle of its `dies_at`th.

    Twenty contents it takes before `waits_for`, and the others when that one has died.
    """

    says: str = TAKES
    dies_at: int = 0
    seconds: float = 0.0
    waits_for: "Relay | None" = None
    died: asyncio.Event = field(default_factory=asyncio.Event)
    taken: list[str] = field(default_factory=list)
    most_at_once: int = 0
    _wires: list[asyncio.Transport] = field(default_factory=list)
    _server: asyncio.Server | None = None
    port: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - its name
        if self.dies_at and len(self.taken) + 1 >= self.dies_at:  # two may answer at once
            self.die()
            return "421 4.3.2 going away"
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if self.waits_for and len(self.taken) >= 20:
            await self.waits_for.died.wait()
        if self.says.startswith("2"):
            self.taken.append(envelope.rcpt_tos[0])
        return self.says

    def die(self) -> None:
        assert self._server
        self.died.set()
        self._server.close()
        for wire in self._wires:
            wire.abort()

    async def listen(self) -> None:
        relay = self

        class Wired(SMTP):
            def connection_made(self, transport: Any) -> None:
                relay._wires.append(transport)
                alive = [each for each in relay._wires if not each.is_closing()]
                relay.most_at_once = max(relay.most_at_once, len(alive))
                super().connection_made(transport)

        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Wired(self, hostname="localhost", loop=loop), "127.0.0.1", 0
        )
        self.port = int(self._server.sockets[0].getsockname()[1])

    def url(self, options: str = "") -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=none&connections=2{options}"


@contextmanager
def listening(*relays: Relay) -> Iterator[None]:
    """The relays on a loop of their own, as other machines are."""
    loop = asyncio.new_event_loop()
    ready = Event()

    def serve() -> None:
        asyncio.set_event_loop(loop)
        for relay in relays:
            loop.run_until_complete(relay.listen())
        loop.call_soon(ready.set)
        loop.run_forever()
        for relay in relays:
            relay.die()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.05))
        loop.close()

    thread = Thread(target=serve)
    thread.start()
    assert ready.wait(patience())
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


class Hearing(Listener):
    """Keeps what the relays made us do otherwise."""

    def __init__(self) -> None:
        self.adjustments: list[Adjustment] = []

    def adjusted(self, adjustment: Adjustment) -> None:
        self.adjustments.append(adjustment)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_new(tmp_path / "news.db") as opened:
        yield opened


def carried(database: Database, run: Run) -> dict[int, int]:
    """How many each relay has accepted, by the journal and its port."""
    counted = database.statistics.by_relay(run.id)
    return {
        int(each.relay.rpartition(":")[2]): each.counts[DeliveryState.ACCEPTED] for each in counted
    }


def balanced(one: Relay, two: Relay, people: int) -> bool:
    """Everybody has it, nobody twice."""
    everybody = {f"r{number}@example.com" for number in range(people)}
    return sorted([*one.taken, *two.taken]) == sorted(everybody)


def test_a_small_run_is_shared_by_weight_though_it_is_one_shard(database: Database) -> None:
    one, two, people = Relay(seconds=0.01), Relay(seconds=0.01), 40
    run = begun(database, people)
    with listening(one, two):
        url = f"roundrobin({one.url('&weight=3')} {two.url()})"
        done = sent_over(open_transport(url, clock=now), database, run, Terms(), pause=60)

    assert done.fault is None
    assert done.balance.complete
    assert balanced(one, two, people)
    assert 26 <= len(one.taken) <= 34
    assert {one.port: len(one.taken), two.port: len(two.taken)} == carried(database, run)
    assert max(one.most_at_once, two.most_at_once) <= 2


@pytest.mark.parametrize("says", ["554 5.7.1 you are blocked", "451 4.7.1 try again later"])
def test_a_relay_that_refuses_everybody_marks_nobody_and_its_share_goes_to_the_other(
    database: Database, says: str
) -> None:
    one, two, people = Relay(), Relay(says=says), 120
    run, hearing = begun(database, people), Hearing()
    with listening(one, two):
        transport = open_transport(f"roundrobin({one.url()} {two.url()})", clock=now)
        done = sent_over(transport, database, run, Terms(), pause=600, listener=hearing)

    assert done.fault is None
    assert {"accepted": people} == states(database, run)
    assert balanced(one, two, people)
    rests = [each for each in hearing.adjustments if each.manner is Manner.WITHOUT]
    told = {(each.relay, each.said[-len(says[4:]) :]) for each in rests}
    assert {(f"smtp://127.0.0.1:{two.port}", says[4:])} == told  # again, where all takes a minute


def test_a_relay_that_dies_leaves_its_share_to_the_other(database: Database) -> None:
    two, people = Relay(dies_at=10, seconds=0.005), 200
    one = Relay(seconds=0.02, waits_for=two)
    run, hearing = begun(database, people), Hearing()
    with listening(one, two):
        url = f"roundrobin({one.url('&weight=1')} {two.url()})"  # or the first may take them all
        transport = open_transport(url, clock=now)
        done = sent_over(transport, database, run, Terms(), pause=600, listener=hearing)

    doubts = states(database, run).get("in_doubt", 0)
    assert done.fault is None
    assert people == states(database, run)["accepted"] + doubts
    assert doubts <= 2, "one for each connection that was lost"
    assert len({*one.taken, *two.taken}) == len(one.taken) + len(two.taken)
    assert Manner.WITHOUT in [each.manner for each in hearing.adjustments]


def test_a_relay_takes_no_more_than_its_cap_and_the_other_the_rest(database: Database) -> None:
    one, two, people = Relay(), Relay(), 120
    run = begun(database, people)
    with listening(one, two):
        transport = open_transport(f"roundrobin({one.url()} {two.url('&per_day=25')})", clock=now)
        done = sent_over(transport, database, run, Terms(), pause=600)

    assert done.fault is None
    assert {"accepted": people} == states(database, run)
    assert balanced(one, two, people)
    assert 15 <= len(two.taken) <= 25


def test_the_send_fails_only_where_every_relay_is_against_us(database: Database) -> None:
    one, two = Relay(says="554 5.7.1 blocked here"), Relay(says="554 5.7.1 blocked there")
    run = begun(database, 80)
    with listening(one, two):
        transport = open_transport(f"roundrobin({one.url()} {two.url()})", clock=now)
        done = sent_over(transport, database, run, Terms(), pause=600)

    assert done.fault is not None
    assert "blocked" in done.fault.what
    assert {"planned": 80} == states(database, run)


def test_a_limit_is_that_of_all_relays_together(database: Database) -> None:
    one, two = Relay(), Relay()
    run = begun(database, 80)
    with listening(one, two):
        transport = open_transport(f"roundrobin({one.url()} {two.url()})", clock=now)
        sent_over(transport, database, run, Terms(limit=30), pause=600)

    assert {"accepted": 30, "planned": 50} == states(database, run)


def test_what_one_recipient_is_refused_for_is_that_recipients_own(database: Database) -> None:
    """Beside another relay as over one alone: no second opinion is asked for."""
    one, two, people = Relay(), Relay(), 60

    async def rcpt(server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("r7@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    one.handle_RCPT = two.handle_RCPT = rcpt  # type: ignore[attr-defined]
    run = begun(database, people)
    with listening(one, two):
        transport = open_transport(f"roundrobin({one.url()} {two.url()})", clock=now)
        sent_over(transport, database, run, Terms(), pause=600)

    assert {"accepted": people - 1, "refused": 1} == states(database, run)
