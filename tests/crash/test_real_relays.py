"""The same send against real relays: Postfix and Exim, each started on a free port by the test."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from newsletter.clock import now
from newsletter.transports import Envelope, Reply, open_transport
from tests.acceptance.publication import Publication
from tests.crash.send import books, send
from tests.real_relays import RealRelay, SetUp, real_relay

EXIM = """
smtp_enforce_sync = true
smtp_accept_max_per_connection = 0
smtp_accept_queue_per_connection = 0
"""
ROUTERS = """
gone:
  driver = redirect
  domains = gone.example
  allow_fail
  data = :fail: no such mailbox here
all:
  driver = accept
  transport = maildir
"""


@pytest.fixture(params=["postfix", "exim"])
def relay(request: pytest.FixtureRequest) -> Iterator[RealRelay]:
    set_up = SetUp(
        domain="example.com",
        postfix="smtpd_data_restrictions = reject_unauth_pipelining",
        exim=EXIM,
        routers=ROUTERS,
    )
    with real_relay(request.param, set_up) as running:
        yield running


def test_real_relay_gets_one_message_for_each_recipient(
    some: Publication, relay: RealRelay
) -> None:
    """Their own checks for unlawful pipelining are on (RFC 2920, 3.1)."""
    ended = asyncio.run(send(some, relay.url))
    arrived = relay.messages(200)

    assert 0 == ended.status, ended
    assert {"accepted": 200} == books(some).counts()
    recipients = Counter(
        re.findall(rf"(?m)^{relay.recipient}: (.*)$".encode(), b"\n".join(arrived))
    )
    assert 200 == len(recipients)
    assert {1} == set(recipients.values())


def test_real_relay_returns_what_it_cannot_deliver_to_the_reverse_path_of_the_delivery(
    relay: RealRelay,
) -> None:
    """With our id and our header fields, without the content (RFC 3461, 4.3 and 4.4)."""
    if relay.recipient != "Envelope-to":
        pytest.skip("only this Exim is set up to find out later")
    token = "mzxw6ytboi" * 4
    envelope = Envelope(
        reverse_path=f"bounces+{token}@example.com",
        recipient="ada+news@gone.example",
        envelope_id=token,
    )
    content = b"Message-ID: <id@example.com>\r\nSubject: x\r\n\r\nA long content\r\n" * 2

    async def nothing() -> None:
        return None

    async def scenario() -> Reply:
        async with open_transport(relay.url, clock=now) as transport:
            session = await transport.open()
            reply = await session.deliver(envelope, content, before_content=nothing)
            await session.close()
        return reply

    reply = asyncio.run(scenario())
    [returned] = relay.messages(1)

    assert 250 == reply.code
    assert f"Envelope-to: {envelope.reverse_path}".encode() in returned
    assert b"no such mailbox here" in returned
    assert f"original-envelope-id: {token}\n".encode() in returned.lower()
    assert re.search(rb"Original-Recipient: rfc822;\s*ada(\+|\+2B)news@gone.example", returned)
    assert b"Message-ID: <id@example.com>" in returned
    assert b"A long content" not in returned


def test_real_relay_gets_every_octet_as_it_was_composed(relay: RealRelay) -> None:
    """Dots, blanks at the ends of lines and the longest line there may be, one after another."""

    def content(number: int) -> bytes:
        lines = (b".", b"..", b". ", b"x" * 998, b"", b"end  ", b"." * number)
        return b"X-First: %d\r\nSubject: x\r\n\r\n" % number + b"\r\n".join(lines) + b"\r\n"

    async def nothing() -> None:
        return None

    async def scenario() -> list[Reply]:
        envelopes = [
            Envelope(reverse_path="b@example.com", recipient=f"r{n}@example.com") for n in range(20)
        ]
        async with open_transport(relay.url, clock=now) as transport:
            session = await transport.open()
            replies = [
                await session.deliver(
                    envelope, content(number), before_content=nothing, following=following
                )
                for number, (envelope, following) in enumerate(
                    zip(envelopes, [*envelopes[1:], None], strict=True)
                )
            ]
            await session.close()
        return replies

    replies = asyncio.run(scenario())
    arrived = {raw[raw.index(b"X-First: ") :] for raw in relay.messages(20)}

    assert [250] * 20 == [reply.code for reply in replies]
    # A relay puts its Message-ID and Date, which are missing, behind the last header line.
    kept = {re.sub(rb"(?m)^(Message-Id|Date|From): .*\n", b"", raw) for raw in arrived}
    assert {content(number).replace(b"\r\n", b"\n") for number in range(20)} == kept
