"""A claim asks the database the same few times, however many deliveries it takes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import NewRun
from newsletter.store import Database
from newsletter.subscribers import AudienceMember
from tests.new_database import open_new

NOW = datetime(2021, 11, 26, 7, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)


def run_of(database: Database, count: int) -> int:
    audience = [
        AudienceMember(
            subscriber_id=None, address=AddrSpec(f"reader{number}", "example.com"), first_name="Ada"
        )
        for number in range(count)
    ]
    return database.runs.open(
        NewRun(issue="2021-11-26", digest="d1", subject="Five", message_date=NOW),
        audience,
        NOW,
        by="ada",
    ).id


@pytest.mark.parametrize("count", [1, 200])
def test_claim_on_sqlite_is_seven_statements(tmp_path: Path, count: int) -> None:
    """All lanes wait for it, and each statement for Python's lock beside a busy event loop."""
    with open_new(tmp_path / "newsletter.db") as database:
        run_id = run_of(database, count + 1)
        first = database.journal.claim(run_id, "one", NOW, LEASE, 1)
        said: list[str] = []
        with database._connections.driver() as driver:
            driver._cursor.connection.set_trace_callback(said.append)
            driver.commit()
        said.clear()

        claimed = database.journal.claim(run_id, "one", NOW, LEASE, count)

        assert count == len({delivery.id for delivery in claimed} - {first[0].id})
        words = [statement.split()[0] for statement in said]
        assert ["BEGIN", "SELECT", "SELECT", "SELECT", "UPDATE", "UPDATE", "COMMIT"] == words
