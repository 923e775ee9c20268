"""What goes into one turn of the journal, over a real one."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import Delivery, DeliveryState, NewRun, Outcome, Turn
from newsletter.delivery import JournalWriter
from newsletter.store import Database, Journal
from newsletter.subscribers import AudienceMember
from tests.new_database import open_new

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_new(tmp_path / "news.db") as opened:
        yield opened


def claimed(database: Database, count: int) -> list[Delivery]:
    audience = (
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", "example.com"))
        for n in range(count)
    )
    run = database.runs.open(
        NewRun(issue="issue", digest="digest", subject="Subject", message_date=NOW),
        audience,
        NOW,
        by="ada",
    )
    return database.journal.claim(run.id, "me", NOW, timedelta(minutes=5), count)


def test_what_arrives_together_is_one_turn_though_each_lane_wakes_later_than_the_one_before(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    turn = Journal.turn

    def counted(
        journal: Journal, outcomes: Sequence[Outcome], begun: Sequence[Delivery], now: datetime
    ) -> Turn:
        sizes.append(len(begun))
        return turn(journal, outcomes, begun, now)

    async def lane(writer: JournalWriter, delivery: Delivery, passes: int) -> None:
        for _ in range(passes):
            await asyncio.sleep(0)  # a pass of the event loop
            work_awhile()
        await writer.begin_content(delivery)

    def work_awhile() -> None:
        time.sleep(0.01)  # in which the writer's thread takes what it was given

    async def work() -> None:
        async with JournalWriter(database.journal, lambda: NOW) as writer:
            await asyncio.gather(*(lane(writer, each, at) for at, each in enumerate(deliveries)))

    deliveries = claimed(database, 4)
    monkeypatch.setattr(Journal, "turn", counted)
    asyncio.run(work())

    assert sizes == [4]


def test_a_writer_that_is_left_writes_what_is_still_being_gathered(database: Database) -> None:
    (delivery,) = claimed(database, 1)

    async def work() -> None:
        async with JournalWriter(database.journal, lambda: NOW) as writer:
            begun = writer.begin_content(delivery)
        await begun

    asyncio.run(work())

    assert database.runs.balance(delivery.run_id)[DeliveryState.IN_DOUBT] == 1
