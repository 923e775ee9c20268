import asyncio

import pytest

from newsletter.errors import RelayFault, SessionLost
from newsletter.transports import (
    Envelope,
    RecordingTransport,
    Reply,
    Stage,
    Verdict,
    parse_transport_url,
)

ADA = Envelope(reverse_path="bounce@example.com", recipient="ada@example.com")
BOB = Envelope(reverse_path="bounce@example.com", recipient="bob@example.com")
CONTENT = b"Subject: News\r\n\r\nHello\r\n"


def reply(code: int | None, stage: Stage) -> Reply:
    return Reply(code=code, enhanced_code="", text="as told", stage=stage)


def test_recording_answers_as_it_was_told_and_then_accepts() -> None:
    transport = RecordingTransport()
    transport.tell(
        "ada@example.com", reply(451, Stage.RCPT), SessionLost("gone"), reply(None, Stage.FINAL_DOT)
    )
    dots: list[str] = []

    async def scenario() -> list[object]:
        async def before_content() -> None:
            dots.append("dot")

        outcomes: list[object] = []
        session = await transport.open()
        for envelope in (ADA, ADA, BOB, ADA, ADA):
            try:
                answer = await session.deliver(envelope, CONTENT, before_content=before_content)
                outcomes.append((envelope.recipient[:3], answer.verdict))
            except SessionLost:
                outcomes.append("lost")
        return outcomes

    outcomes = asyncio.run(scenario())

    assert [
        ("ada", Verdict.TRANSIENT),
        "lost",
        ("bob", Verdict.ACCEPTED),
        ("ada", Verdict.IN_DOUBT),
        ("ada", Verdict.ACCEPTED),
    ] == outcomes
    assert 3 == len(dots), "a refused RCPT and a lost session never get as far"
    assert [BOB, ADA] == [each.envelope for each in transport.deliveries]
    assert [CONTENT] * 4 == [each.content for each in transport.attempts]
    assert 1 == transport.sessions_opened


def test_recording_raises_the_faults_it_was_told() -> None:
    transport = RecordingTransport(parse_transport_url("recording:?connections=3&rate=5"))
    transport.tell("ada@example.com", RelayFault("turned away"))

    async def scenario() -> None:
        async with transport:
            session = await transport.open()
            with pytest.raises(RelayFault, match="turned away"):
                await session.deliver(ADA, CONTENT, before_content=lambda: asyncio.sleep(0))

    asyncio.run(scenario())

    assert (3, 5.0) == (transport.connections, transport.rate)
    assert [] == transport.attempts
