"""When a relay is left for the next one, and when nobody may leave it: over real connections."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from newsletter.clock import now
from newsletter.errors import RelayFault, SessionLost
from newsletter.transports import Envelope, Reply, Verdict, open_transport
from newsletter.transports.failover import FailoverTransport

CONTENT = b"Subject: News\r\n\r\nHello\r\n"
OpenPeer = Callable[..., Any]


def to(name: str) -> Envelope:
    return Envelope(reverse_path="bounce@example.com", recipient=f"{name}@example.com")


async def nothing() -> None:
    return None


def failover(*ports: int, query: str = "") -> FailoverTransport:
    urls = (f"smtp://127.0.0.1:{port}?tls=none{query}" for port in ports)
    transport = open_transport(f"failover({' '.join(urls)})", clock=now)
    assert isinstance(transport, FailoverTransport)
    return transport


def carried(
    open_peer: OpenPeer, first: dict[str, Any], names: tuple[str, ...] = ("ada", "bob")
) -> tuple[list[Reply], list[str], list[str], int]:
    """Replies, what was heard by the first and by the second relay, and how many were left."""

    async def scenario() -> tuple[list[Reply], list[str], list[str], int]:
        async with (
            open_peer(first) as one,
            open_peer({}) as two,
            failover(one.port, two.port) as transport,
        ):
            session = await transport.open()
            replies = [
                await session.deliver(to(name), CONTENT, before_content=nothing) for name in names
            ]
            await session.close()
            ports = {str(one.port): "one", str(two.port): "two"}
            named = [
                Reply(
                    code=each.code,
                    enhanced_code=each.enhanced_code,
                    text=each.text,
                    stage=each.stage,
                    transport=ports[each.transport.partition("?")[0].rpartition(":")[2]],
                )
                for each in replies
            ]
            return named, one.heard, two.heard, len(transport.left)

    return asyncio.run(scenario())


def recipients(heard: list[str]) -> list[str]:
    return [line[9:-1] for line in heard if line.startswith("RCPT")]


@pytest.mark.parametrize(
    "first",
    [
        {"": b"554 5.7.1 go away\r\n"},
        {"": b"421 4.3.2 later\r\n"},
        {"": "drop"},
        {"EHLO": b"550 who?\r\n"},
        {"MAIL": b"550 5.7.1 not you\r\n"},
        {"MAIL": b"421 4.3.2 closing\r\n"},
        {"MAIL": "drop"},
        {"RCPT": "drop"},
        {"DATA": b"421 4.3.2 closing\r\n"},
    ],
)
def test_failover_goes_on_with_the_next_relay_when_the_first_fails_us(
    open_peer: OpenPeer, first: dict[str, Any]
) -> None:
    """And stays there: the second message never asks the first relay."""
    replies, heard_by_one, heard_by_two, left = carried(open_peer, first)

    assert [Verdict.ACCEPTED] * 2 == [each.verdict for each in replies]
    assert ["two", "two"] == [each.transport for each in replies]
    assert ["ada@example.com", "bob@example.com"] == recipients(heard_by_two)
    assert "bob@example.com" not in recipients(heard_by_one)
    assert 1 == left


@pytest.mark.parametrize(
    ("first", "verdict"),
    [
        ({"RCPT": b"550 5.1.1 no such user\r\n"}, Verdict.PERMANENT),
        ({"RCPT": b"450 4.2.1 busy\r\n"}, Verdict.TRANSIENT),
        ({"MAIL": b"451 4.3.0 busy\r\n"}, Verdict.TRANSIENT),
        ({".": b"554 5.6.0 no\r\n"}, Verdict.PERMANENT),
        ({".": "drop"}, Verdict.IN_DOUBT),
        ({".": b"ho ho ho\r\n"}, Verdict.IN_DOUBT),
    ],
)
def test_failover_asks_no_second_relay_for_a_recipient_that_the_first_has_answered(
    open_peer: OpenPeer, first: dict[str, Any], verdict: Verdict
) -> None:
    [reply], _, heard_by_two, left = carried(open_peer, first, names=("ada",))

    assert (verdict, "one") == (reply.verdict, reply.transport)
    assert [] == heard_by_two
    assert 0 == left


def test_failover_keeps_a_relay_that_loses_a_session_now_and_then(open_peer: OpenPeer) -> None:
    first = {"MAIL": ["drop", "drop", b"250 ok\r\n"]}

    replies, _, heard_by_two, left = carried(open_peer, first)

    assert ["one", "one"] == [each.transport for each in replies]
    assert [] == heard_by_two
    assert 0 == left


def test_failover_opens_no_second_session_for_a_message_that_was_committed(
    open_peer: OpenPeer,
) -> None:
    """From then on the journal must hear what became of it before anyone tries again."""

    async def scenario() -> list[str]:
        async with (
            open_peer({}) as one,
            open_peer({}) as two,
            failover(one.port, two.port) as transport,
        ):
            session = await transport.open()

            async def lose_the_relay() -> None:
                for task in one.tasks:
                    task.cancel()
                await asyncio.sleep(0.05)

            with pytest.raises(SessionLost):
                await session.deliver(to("ada"), CONTENT, before_content=lose_the_relay)
            await session.close()
            return recipients(two.heard)

    assert [] == asyncio.run(scenario())


def test_failover_raises_when_every_relay_has_failed(open_peer: OpenPeer) -> None:
    async def scenario() -> RelayFault:
        refusal = {"": b"554 5.7.1 go away\r\n"}
        async with (
            open_peer(refusal) as one,
            open_peer(refusal) as two,
            failover(one.port, two.port) as transport,
        ):
            with pytest.raises(RelayFault) as caught:
                await transport.open()
            return caught.value

    fault = asyncio.run(scenario())

    assert "all 2 relays have failed, the last because the relay turned us away" in fault.what


def test_failover_keeps_a_relay_that_takes_no_more_sessions_than_are_open(
    open_peer: OpenPeer,
) -> None:
    """It still answers on the session that is open, so it has not failed."""

    async def scenario() -> tuple[int, list[str]]:
        banners = {"": [b"220 peer\r\n", b"421 4.7.0 too many connections\r\n"]}
        async with (
            open_peer(banners) as one,
            open_peer({}) as two,
            failover(one.port, two.port) as transport,
        ):
            session = await transport.open()
            second = asyncio.create_task(transport.open())
            await asyncio.sleep(0.05)
            await session.deliver(to("ada"), CONTENT, before_content=nothing)
            with pytest.raises(RelayFault, match="too many connections"):
                await second
            await session.close()
            return len(transport.left), two.heard

    assert (0, []) == asyncio.run(scenario())


def test_failover_leaves_a_relay_that_refuses_while_its_other_session_is_lost(
    open_peer: OpenPeer,
) -> None:
    async def scenario() -> str:
        first = {"": [b"220 peer\r\n", b"421 4.3.2 down\r\n"], "MAIL": "drop"}
        async with (
            open_peer(first) as one,
            open_peer({}) as two,
            failover(one.port, two.port) as transport,
        ):
            session = await transport.open()
            second = asyncio.create_task(transport.open())
            await asyncio.sleep(0.05)
            reply = await session.deliver(to("ada"), CONTENT, before_content=nothing)
            other = await second
            await other.deliver(to("bob"), CONTENT, before_content=nothing)
            await other.close()
            await session.close()
            assert str(two.port) in reply.transport
            return " ".join(sorted(recipients(two.heard)))

    assert "ada@example.com bob@example.com" == asyncio.run(scenario())


def test_failover_has_the_smallest_limits_of_its_relays() -> None:
    transport = open_transport(
        "failover(smtp://a?connections=8&rate=50/s smtp://b?connections=2&rate=3600/h smtp://c)",
        clock=now,
    )

    assert (2, 1.0) == (transport.connections, transport.rate)


def test_failover_gives_each_relay_its_own_password_and_shows_none() -> None:
    transport = open_transport(
        "failover(smtps://ada@a smtps://bob@b smtps://eve:inside@c)",
        password="first",
        further_passwords=["second"],
        clock=now,
    )

    assert (
        "failover(smtps://ada:***@a:465 smtps://bob:***@b:465 smtps://eve:***@c:465)"
        == transport.name
    )
