"""Contents that fill the buffers of both ends, in the clear and over TLS."""

import asyncio
import ssl
from collections.abc import Callable
from typing import Any

import pytest

from newsletter.transports import Envelope, Verdict, parse_transport_url
from newsletter.transports.smtp import SmtpTransport

LARGE = b"Subject: News\r\n\r\n" + (b"y" * 998 + b"\r\n") * 3_000


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_session_carries_large_contents_one_after_another(
    open_peer: Callable[..., Any], localhost_tls: ssl.SSLContext, ca_path: str, scheme: str
) -> None:
    async def nothing() -> None:
        return None

    async def scenario() -> tuple[list[Verdict], list[bytes]]:
        tls = localhost_tls if scheme == "smtps" else None
        query = f"?ca={ca_path}" if tls else "?tls=none"
        async with open_peer(implicit_tls=tls) as peer:
            url = parse_transport_url(f"{scheme}://localhost:{peer.port}{query}")
            async with SmtpTransport(url) as transport:
                session = await transport.open()
                envelope = Envelope(reverse_path="b@example.com", recipient="ada@example.com")
                replies = [
                    await session.deliver(envelope, LARGE, before_content=nothing) for _ in range(2)
                ]
                await session.close()
            return [reply.verdict for reply in replies], [bytes(each) for each in peer.contents]

    verdicts, contents = asyncio.run(scenario())

    assert [Verdict.ACCEPTED] * 2 == verdicts
    assert [LARGE + b".\r\n"] * 2 == contents
