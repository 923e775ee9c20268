"""The wall clock jumps in the middle of a run, both ways: nobody is left out or sent to twice."""

import asyncio
import datetime as dt
from pathlib import Path

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import DeliveryState, NewRun
from newsletter.delivery import JournalWriter, Order, RetryTable, RunSender, envelopes_from
from newsletter.message import UnsignedMessage
from newsletter.subscribers import AudienceMember
from newsletter.transports import RecordingTransport
from tests.new_database import open_new

NOON = dt.datetime(2026, 11, 27, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("jump", [dt.timedelta(days=400), -dt.timedelta(days=400)])
def test_clock_that_jumps_in_a_run_loses_and_doubles_nobody(
    jump: dt.timedelta, tmp_path: Path
) -> None:
    readings = 0

    def clock() -> dt.datetime:
        nonlocal readings
        readings += 1
        return NOON + (jump if readings > 100 else dt.timedelta(0))

    audience = (
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", "example.com"))
        for n in range(500)
    )
    transport = RecordingTransport()
    with open_new(tmp_path / "news.db") as database:
        run = database.runs.open(
            NewRun(issue="issue", digest="digest", subject="Subject", message_date=NOON),
            audience,
            NOON,
            by="ada",
        )
        order = Order(
            run=run,
            owner="one",
            by="ada",
            lease=dt.timedelta(minutes=10),
            envelope=envelopes_from(AddrSpec("bounces", "example.com")),
            compose=lambda _: UnsignedMessage(b"Subject: x\r\n\r\nHello.\r\n"),
            retry=RetryTable([]),
        )

        async def go() -> None:
            async with JournalWriter(database.journal, clock) as journal, transport:
                await RunSender(
                    order, database.runs, journal, transport, clock, lambda state: None
                ).send()

        asyncio.run(go())
        balance = database.runs.balance(run.id)

    assert readings > 100
    assert balance.complete
    assert 500 == balance[DeliveryState.ACCEPTED]
    assert 500 == len(transport.attempts)
    assert 500 == len({each.envelope.recipient for each in transport.attempts})
