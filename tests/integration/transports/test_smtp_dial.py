"""A relay's name with several addresses: loopback has as many as a test may want."""

import asyncio
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from newsletter.clock import now
from newsletter.errors import RelayFault
from newsletter.transports import open_transport
from newsletter.transports.smtp_dial import Address, Addresses, in_order

DUAL = "dual.example.com"
FIRST, SECOND, THIRD = "127.0.0.2", "127.0.0.3", "127.0.0.4"


@pytest.fixture
def name(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the name has, for a test to fill."""
    addresses: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *more: object, **named: object) -> object:
        if host != DUAL:
            return real(host, port, *more, **named)  # type: ignore[arg-type]
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return addresses


class Relay:
    """Welcomes whoever comes, unless it is silent, and counts them."""

    def __init__(self, *, banner: bytes = b"220 relay\r\n") -> None:
        self.banner = banner
        self.sessions = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sessions += 1
        writer.write(self.banner)
        with suppress(ConnectionError):
            while await reader.readline():
                writer.write(b"250 relay\r\n")
        writer.transport.abort()


@contextmanager
def dead(address: str, port: int) -> Iterator[None]:
    """Swallows whoever comes, as a dead route does: nobody takes them from its full backlog."""
    with socket.socket() as listening:
        listening.bind((address, port))
        listening.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex((address, port))
        try:
            yield
        finally:
            for each in waiting:
                each.close()


async def sessions(port: int, count: int) -> None:
    url = f"smtp://{DUAL}:{port}?tls=none&timeout=20"
    async with open_transport(url, clock=now) as transport:
        for _ in range(count):
            await (await transport.open()).close()


def test_a_second_address_is_asked_where_the_first_is_silent(name: list[str]) -> None:
    name += [FIRST, SECOND]
    relay = Relay()

    async def scenario() -> None:
        async with await asyncio.start_server(relay.serve, SECOND, 0) as server:
            port = server.sockets[0].getsockname()[1]
            with dead(FIRST, port):
                await sessions(port, 3)

    asyncio.run(scenario())

    assert 3 == relay.sessions


def test_a_second_address_is_asked_where_nothing_listens_at_the_first(name: list[str]) -> None:
    name += [FIRST, SECOND]
    relay = Relay()

    async def scenario() -> None:
        async with await asyncio.start_server(relay.serve, SECOND, 0) as server:
            await sessions(server.sockets[0].getsockname()[1], 3)

    asyncio.run(scenario())

    assert 3 == relay.sessions


@pytest.mark.parametrize("banner", [b"421 4.3.2 not here\r\n", b"554 5.7.1 not you\r\n"])
def test_a_second_address_is_asked_where_the_first_turns_us_away(
    name: list[str], banner: bytes
) -> None:
    name += [FIRST, SECOND]
    sound, unwilling = Relay(), Relay(banner=banner)

    async def scenario() -> None:
        async with await asyncio.start_server(sound.serve, SECOND, 0) as server:
            port = server.sockets[0].getsockname()[1]
            async with await asyncio.start_server(unwilling.serve, FIRST, port):
                await sessions(port, 3)

    asyncio.run(scenario())

    assert (3, 1) == (sound.sessions, unwilling.sessions)


def test_sessions_are_spread_over_all_addresses(name: list[str]) -> None:
    name += [FIRST, SECOND, THIRD]
    relays = {address: Relay() for address in name}

    async def scenario() -> None:
        first = await asyncio.start_server(relays[FIRST].serve, FIRST, 0)
        port = first.sockets[0].getsockname()[1]
        second = await asyncio.start_server(relays[SECOND].serve, SECOND, port)
        third = await asyncio.start_server(relays[THIRD].serve, THIRD, port)
        async with first, second, third:
            await sessions(port, 9)

    asyncio.run(scenario())

    assert Counter({FIRST: 3, SECOND: 3, THIRD: 3}) == Counter(
        {address: relay.sessions for address, relay in relays.items()}
    )


def test_an_address_that_is_no_good_is_told_in_the_first_ones_words(name: list[str]) -> None:
    name += [FIRST, SECOND]
    with socket.create_server((FIRST, 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(RelayFault, match="nothing listens there"):
        asyncio.run(sessions(port, 1))


def v4(number: int) -> Address:
    return socket.AF_INET, (f"192.0.2.{number}", 25)


def v6(number: int) -> Address:
    return socket.AF_INET6, (f"2001:db8::{number}", 25, 0, 0)


@pytest.mark.parametrize(
    ("addresses", "turn", "failed", "expected"),
    [
        ([v4(1), v4(2), v4(3)], 0, [], [v4(1), v4(2), v4(3)]),
        ([v4(1), v4(2), v4(3)], 4, [], [v4(2), v4(3), v4(1)]),
        ([v6(1), v6(2), v4(1), v4(2)], 0, [], [v6(1), v4(1), v6(2), v4(2)]),
        ([v6(1), v6(2), v4(1), v4(2)], 1, [], [v6(2), v4(2), v6(1), v4(1)]),
        ([v6(1), v4(1)], 3, [], [v6(1), v4(1)]),
        ([v4(1), v4(2)], 0, [v4(1)], [v4(2), v4(1)]),
        ([v4(1), v4(2)], 1, [v4(2), v4(1)], [v4(2), v4(1)]),
        ([v4(1)], 0, [v4(9)], [v4(1)]),
    ],
)
def test_in_order_spreads_one_family_and_keeps_the_other_for_need(
    addresses: list[Address], turn: int, failed: list[Address], expected: list[Address]
) -> None:
    assert expected == in_order(addresses, turn, failed)


def test_a_small_packet_does_not_wait_for_an_acknowledgement() -> None:
    async def scenario() -> int:
        async with await asyncio.start_server(Relay().serve, FIRST, 0) as server:
            port = server.sockets[0].getsockname()[1]
            opened, _ = await Addresses(FIRST, port).reach(20)
            with opened:
                return opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    assert 0 != asyncio.run(scenario())
