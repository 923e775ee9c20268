"""The transport, on a real file."""

import asyncio
import json
from pathlib import Path

import pytest

from newsletter.clock import now
from newsletter.errors import RelayFault
from newsletter.transports import Envelope, Verdict, open_transport

ADA = Envelope(reverse_path="bounces@example.com", recipient="ada@example.com")
CONTENT = b"Subject: hello\r\n\r\nWords.\r\n"


async def deliver(url: str, *, is_stopped: bool = False) -> Verdict:
    async def before_content() -> None:
        if is_stopped:
            raise RuntimeError("the journal says no")

    async with open_transport(url, clock=now) as transport:
        session = await transport.open()
        reply = await session.deliver(ADA, CONTENT, before_content=before_content)
        await session.close()
    return reply.verdict


def test_a_line_says_who_would_have_had_what(tmp_path: Path) -> None:
    book = tmp_path / "book.jsonl"

    assert Verdict.ACCEPTED is asyncio.run(deliver(f"logbook:{book}"))
    [line] = map(json.loads, book.read_text().splitlines())
    assert ("ada@example.com", len(CONTENT)) == (line["to"], line["octets"])


def test_nothing_is_written_before_the_journal_knows(tmp_path: Path) -> None:
    book = tmp_path / "book.jsonl"

    with pytest.raises(RuntimeError):
        asyncio.run(deliver(f"logbook:{book}", is_stopped=True))

    assert not book.exists()


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(RelayFault):
        asyncio.run(deliver(f"logbook:{tmp_path}/nowhere/book.jsonl"))
