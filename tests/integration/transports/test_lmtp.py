"""LMTP and sockets: the greeting, and what is said when there is nobody (RFC 2033)."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsletter.clock import now
from newsletter.errors import RelayFault
from newsletter.transports import Envelope, Verdict, open_transport

ENVELOPE = Envelope(reverse_path="bounce@example.com", recipient="ada@example.com")
CONTENT = b"Subject: News\r\n\r\nHello\r\n"
LHLO = {"LHLO": b"250-store\r\n250-PIPELINING\r\n250 SIZE 100000\r\n"}
OpenPeer = Callable[..., Any]


async def nothing() -> None:
    return None


def test_lmtp_greets_with_lhlo_and_reads_one_reply_for_its_one_recipient(
    open_peer: OpenPeer,
) -> None:
    async def scenario() -> tuple[list[Verdict], list[str]]:
        async with open_peer(LHLO) as peer:
            url = f"lmtp://127.0.0.1:{peer.port}?helo=news.example.com"
            async with open_transport(url, clock=now) as transport:
                session = await transport.open()
                replies = [
                    await session.deliver(ENVELOPE, CONTENT, before_content=nothing)
                    for _ in range(2)
                ]
                await session.close()
                return [each.verdict for each in replies], peer.heard

    verdicts, heard = asyncio.run(scenario())

    assert [Verdict.ACCEPTED] * 2 == verdicts
    assert "LHLO news.example.com" == heard[0]
    assert "MAIL FROM:<bounce@example.com> SIZE=24" == heard[1]


def fault_of(url: str) -> str:
    async def scenario() -> str:
        async with open_transport(url, clock=now) as transport:
            with pytest.raises(RelayFault) as caught:
                await transport.open()
            return str(caught.value)

    return asyncio.run(scenario())


def test_lmtp_says_that_an_smtp_server_is_none_of_its_own(open_peer: OpenPeer) -> None:
    async def scenario() -> str:
        async with (
            open_peer({}) as peer,
            open_transport(f"lmtp://127.0.0.1:{peer.port}", clock=now) as transport,
        ):
            with pytest.raises(RelayFault) as caught:
                await transport.open()
            return str(caught.value)

    assert "the relay refused our LHLO: 502 5.5.1 what?" in asyncio.run(scenario())


@pytest.mark.parametrize("scheme", ["smtp", "lmtp"])
def test_socket_transport_says_that_there_is_no_socket(scheme: str, tmp_path: Path) -> None:
    path = tmp_path / "none"

    fault = fault_of(f"{scheme}://{path}")

    assert f"{path}: there is no such socket; check the path" in fault


def test_socket_transport_says_that_nothing_listens(tmp_path: Path) -> None:
    path = tmp_path / "dead"
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))

    assert "nothing listens there" in fault_of(f"lmtp://{path}")


def test_transport_waits_no_longer_for_the_final_reply_than_its_url_says(
    open_peer: OpenPeer,
) -> None:
    async def scenario() -> tuple[Verdict, str]:
        async with open_peer({".": "silence"}) as peer:
            url = f"smtp://127.0.0.1:{peer.port}?tls=none&timeout.dot=0.2"
            async with open_transport(url, clock=now) as transport:
                session = await transport.open()
                reply = await session.deliver(ENVELOPE, CONTENT, before_content=nothing)
                await session.close()
                return reply.verdict, reply.text

    verdict, text = asyncio.run(scenario())

    assert Verdict.IN_DOUBT == verdict
    assert "for 0.2 seconds" in text
