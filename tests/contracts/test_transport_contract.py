"""What every transport promises (`base.py` has it in words), asked of every one of ours."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from newsletter.errors import MessageError
from newsletter.transports import SCHEMES, Envelope, Verdict

OpenWorld = Callable[[], AbstractAsyncContextManager[Any]]

ADA = Envelope(reverse_path="bounce@example.com", recipient="ada@example.com")
HEADERS = (
    b"From: x@example.com\r\nSubject: News\r\nMessage-ID: <mac@example.com>\r\n"
    b"Content-Type: text/plain\r\n\r\n"
)


def to(recipient: str) -> Envelope:
    return Envelope(reverse_path="bounce@example.com", recipient=recipient)


async def nothing() -> None:
    return None


def test_every_scheme_is_asked(worlds: set[str]) -> None:
    assert set() == SCHEMES.keys() - worlds


def test_transport_accepts_after_before_content_was_awaited_once(open_world: OpenWorld) -> None:
    """And while it is awaited, nobody can have anything of the message."""
    seen_meanwhile: list[object] = []

    async def scenario() -> tuple[Verdict, list[tuple[str, str]]]:
        async with open_world() as world:

            async def before_content() -> None:
                await asyncio.sleep(0.02)
                seen_meanwhile.append(world.arrived())

            session = await world.transport.open()
            reply = await session.deliver(
                ADA, HEADERS + b"Hello\r\n", before_content=before_content
            )
            await session.close()
            return reply.verdict, [(who, text.strip()) for who, text in world.arrived()]

    verdict, arrived = asyncio.run(scenario())

    assert Verdict.ACCEPTED == verdict
    assert [("ada@example.com", "Hello")] == arrived
    assert [[]] == seen_meanwhile


def test_transport_delivers_nothing_when_before_content_raises(open_world: OpenWorld) -> None:
    """The session is still good for the next message: the journal's no is not the relay's fault."""

    class JournalIsFullError(Exception):
        pass

    async def refuse() -> None:
        raise JournalIsFullError

    async def scenario() -> tuple[list[object], list[str]]:
        async with open_world() as world:
            session = await world.transport.open()
            with pytest.raises(JournalIsFullError):
                await session.deliver(ADA, HEADERS + b"Hello\r\n", before_content=refuse)
            after_refusal = world.arrived()
            await session.deliver(
                to("bob@example.com"), HEADERS + b"Hello\r\n", before_content=nothing
            )
            await session.close()
            return after_refusal, [who for who, _ in world.arrived()]

    assert ([], ["bob@example.com"]) == asyncio.run(scenario())


def test_transport_keeps_dots_at_line_starts(open_world: OpenWorld) -> None:
    text = ".\n..\n.hidden\nmid.dle\n.\n"

    async def scenario() -> str:
        async with open_world() as world:
            session = await world.transport.open()
            content = HEADERS + text.replace("\n", "\r\n").encode()
            await session.deliver(ADA, content, before_content=nothing)
            await session.close()
            return str(world.arrived()[0][1])

    assert text == asyncio.run(scenario())


def test_transport_carries_many_messages_on_one_session(open_world: OpenWorld) -> None:
    recipients = sorted(f"reader{number:02}@example.com" for number in range(30))

    async def scenario() -> list[tuple[str, str]]:
        async with open_world() as world:
            session = await world.transport.open()
            for recipient in recipients:
                content = HEADERS + b"Dear " + recipient.encode() + b"\r\n"
                reply = await session.deliver(to(recipient), content, before_content=nothing)
                assert Verdict.ACCEPTED == reply.verdict
            await session.close()
            return sorted(world.arrived())

    assert [(each, f"Dear {each}\n") for each in recipients] == asyncio.run(scenario())


def test_transport_serves_two_sessions_at_once(open_world: OpenWorld) -> None:
    recipients = [f"reader{number}@example.com" for number in range(10)]

    async def scenario() -> list[str]:
        async with open_world() as world:

            async def carry(mine: list[str]) -> None:
                session = await world.transport.open()
                for recipient in mine:
                    await session.deliver(
                        to(recipient), HEADERS + b"Hello\r\n", before_content=nothing
                    )
                await session.close()

            await asyncio.gather(carry(recipients[::2]), carry(recipients[1::2]))
            return sorted(who for who, _ in world.arrived())

    assert recipients == asyncio.run(scenario())


def test_transport_name_masks_the_password(open_world: OpenWorld, password: str) -> None:
    async def scenario() -> str:
        async with open_world() as world:
            return f"{world.transport.name} {world.transport!r} {vars(world.transport)}"

    shown = asyncio.run(scenario())

    assert password not in shown
    # With its colon: an object's address in memory may well read ...ada...
    assert ("ada:***@" in shown) == ("ada:" in shown)


def test_transport_says_its_limits(open_world: OpenWorld) -> None:
    async def scenario() -> tuple[int, float | None]:
        async with open_world() as world:
            return world.transport.connections, world.transport.rate

    connections, rate = asyncio.run(scenario())

    assert connections in range(1, 101)
    assert rate is None


def test_transport_carries_each_message_once_when_the_following_one_is_announced(
    open_world: OpenWorld,
) -> None:
    """Also after a recipient that was announced and never came: nobody is sent anything of it."""
    ada, bob, cat, eve = (to(f"{name}@example.com") for name in ("ada", "bob", "cat", "eve"))

    async def scenario() -> list[str]:
        async with open_world() as world:
            session = await world.transport.open()
            for envelope, following in ((ada, bob), (bob, eve), (cat, eve)):
                reply = await session.deliver(
                    envelope, HEADERS + b"Hello\r\n", before_content=nothing, following=following
                )
                assert Verdict.ACCEPTED == reply.verdict
            await session.close()
            return sorted(who for who, _ in world.arrived())

    assert ["ada@example.com", "bob@example.com", "cat@example.com"] == asyncio.run(scenario())


def test_transport_adds_a_key_where_the_relay_is_idempotent_and_only_there(
    open_world: OpenWorld,
) -> None:
    async def scenario() -> tuple[bool, bytes]:
        async with open_world() as world:
            session = await world.transport.open()
            await session.deliver(ADA, HEADERS + b"Hello\r\n", before_content=nothing)
            await session.close()
            return world.transport.is_idempotent, world.octets()

    is_idempotent, octets = asyncio.run(scenario())

    assert (1 if is_idempotent else 0) == octets.lower().count(b"idempotency")
    assert is_idempotent == octets.startswith(b"X-EE-Idempotency-Key: mac\r\nFrom: ")


def test_session_closes_twice_without_a_word(open_world: OpenWorld) -> None:
    async def scenario() -> None:
        async with open_world() as world:
            session = await world.transport.open()
            await session.close()
            await session.close()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("reverse_path", "recipient"),
    [
        ("b@example.com", "ada@example.com\r\nRCPT TO:<eve@example.com>"),
        ("b@example.com", "ada@example.com>\nDATA"),
        ("b@example.com", "ada@example.com> NOTIFY=NEVER"),
        ("b@example.com", "<ada@example.com>"),
        ("b@example.com", "ada\x00@example.com"),
        ("b@example.com", "ada@example.com\x7f"),
        ("b@example.com", "ada@example.com\u2028"),
        ("b@example.com", "ada\udc80@example.com"),
        ("b@example.com", "@relay.example:ada@example.com"),
        ("b@example.com", "ada"),
        ("b@example.com", "@example.com"),
        ("b@example.com", "ada@"),
        ("b@example.com", ""),
        ("b@example.com", "a" * 243 + "@example.com"),
        ("b@example.com\r\nRSET", "ada@example.com"),
        ("b@example.com> SIZE=1", "ada@example.com"),
        ("b ob@example.com", "ada@example.com"),
    ],
)
def test_session_refuses_a_hostile_envelope(
    open_world: OpenWorld, reverse_path: str, recipient: str
) -> None:
    assert_refused(
        open_world,
        Envelope(reverse_path=reverse_path, recipient=recipient),
        HEADERS + b"Hello\r\n",
    )


@pytest.mark.parametrize(
    "body",
    [
        b"bare\nline feed\r\n",
        b"bare\rcarriage return\r\n",
        b"smuggled\n.\r\nMAIL FROM:<eve@example.com>\r\n",
        b"smuggled\r.\r\nMAIL FROM:<eve@example.com>\r\n",
        b"ends in the middle",
        b"ends in a bare\r",
        b"NUL \x00\r\n",
        b"x" * 999 + b"\r\n",
        b"short\r\n" * 300 + b"x" * 999 + b"\r\nshort\r\n",
        "eight bits: é\r\n".encode(),
    ],
)
def test_session_refuses_a_content_that_is_not_canonical(
    open_world: OpenWorld, body: bytes
) -> None:
    assert_refused(open_world, ADA, HEADERS + body)


def assert_refused(open_world: OpenWorld, envelope: Envelope, content: bytes) -> None:
    """Nothing goes out, the journal hears nothing, and the session stays good."""
    heard: list[str] = []

    async def before_content() -> None:
        heard.append("before content")

    async def scenario() -> list[str]:
        async with open_world() as world:
            session = await world.transport.open()
            with pytest.raises(MessageError):
                await session.deliver(envelope, content, before_content=before_content)
            assert [] == heard
            await session.deliver(
                to("next@example.com"), HEADERS + b"Hello\r\n", before_content=nothing
            )
            await session.close()
            return [who for who, _ in world.arrived()]

    assert ["next@example.com"] == asyncio.run(scenario())
