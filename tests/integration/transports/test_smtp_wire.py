"""The deadlines of one connection, against a relay that says what the test tells it to."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from newsletter.errors import SessionLost
from newsletter.transports.smtp_wire import SmtpWire
from tests.pace import passing, patience

Talk = Callable[[SmtpWire, asyncio.StreamWriter], Awaitable[None]]


def talk(conversation: Talk) -> None:
    async def both_ends() -> None:
        relay: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()
        server = await asyncio.start_server(lambda _, w: relay.set_result(w), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        transport, _ = await asyncio.get_running_loop().create_connection(
            asyncio.Protocol, "127.0.0.1", port
        )
        wire, writer = SmtpWire(transport, f"127.0.0.1:{port}"), await relay
        try:
            async with asyncio.timeout(patience()):
                await conversation(wire, writer)
        finally:
            await wire.close()
            writer.close()
            server.close()

    asyncio.run(both_ends())


def test_wire_holds_a_reply_to_its_own_deadline_when_the_one_before_had_a_longer_one() -> None:
    async def conversation(wire: SmtpWire, relay: asyncio.StreamWriter) -> None:
        reading = asyncio.create_task(wire.read_reply(seconds=60))
        await asyncio.sleep(0)
        relay.write(b"250 Ok\r\n")
        assert (await reading).code == 250

        with pytest.raises(SessionLost, match=r"said nothing .* for 0\.1 seconds"):
            await wire.read_reply(seconds=0.1)

    talk(conversation)


def test_wire_waits_as_long_as_it_was_told_when_the_reply_before_had_a_shorter_deadline() -> None:
    async def conversation(wire: SmtpWire, relay: asyncio.StreamWriter) -> None:
        reading = asyncio.create_task(wire.read_reply(seconds=passing(0.3)))
        await asyncio.sleep(0)
        relay.write(b"250 Ok\r\n")
        assert (await reading).code == 250

        reading = asyncio.create_task(wire.read_reply(seconds=patience()))
        await asyncio.sleep(2 * passing(0.3))
        relay.write(b"354 Go on\r\n")

        assert (await reading).code == 354

    talk(conversation)


def test_wire_lives_on_when_nothing_is_asked_of_the_relay() -> None:
    async def conversation(wire: SmtpWire, relay: asyncio.StreamWriter) -> None:
        relay.write(b"250 Ok\r\n")
        assert (await wire.read_reply(seconds=passing(0.2))).code == 250
        await asyncio.sleep(2 * passing(0.2))

        assert not wire.is_dead

    talk(conversation)


def test_wire_gives_a_slow_reply_no_more_time_for_each_octet() -> None:
    async def conversation(wire: SmtpWire, relay: asyncio.StreamWriter) -> None:
        async def drip() -> None:
            for octet in b"250 this will never end":
                relay.write(bytes([octet]))
                await asyncio.sleep(0.05)

        dripping = asyncio.create_task(drip())
        with pytest.raises(SessionLost, match="said nothing"):
            await wire.read_reply(seconds=0.3)

        assert not dripping.done()
        dripping.cancel()

    talk(conversation)
