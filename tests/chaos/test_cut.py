"""A network that is cut in mid-transaction: others have its rows within half a minute."""

import asyncio
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import URL, make_url, text

from newsletter.addresses import AddrSpec
from newsletter.books import NewRun, Run
from newsletter.errors import StoreError
from newsletter.store import Database, open_database
from newsletter.store.sql.connections import Connections
from newsletter.subscribers import AudienceMember
from tests.chaos.proxy import Ends, Proxy
from tests.integration.store.conftest import Server
from tests.pace import patience

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
LEASE = timedelta(seconds=20)
LATER = NOW + 2 * LEASE
LOCK = text("SELECT id FROM shards WHERE run_id = :run FOR UPDATE")


def test_what_a_client_that_is_cut_off_has_locked_is_others_soon(
    postgresql_server: Server, postgresql_url: str
) -> None:
    with open_database(postgresql_url) as database:
        run = begun(database)
        database.journal.claim(run.id, "cut off", NOW, LEASE, 10)

        taken_over = asyncio.run(cut_in_a_transaction(postgresql_server, database, run))

    assert 1 == taken_over


def begun(database: Database) -> Run:
    new = NewRun(issue="issue", digest="d1", subject="Five", message_date=NOW)
    member = AudienceMember(subscriber_id=None, address=AddrSpec("ada", "example.com"))
    return database.runs.open(new, [member], NOW, by="ada")


async def cut_in_a_transaction(server: Server, database: Database, run: Run) -> int:
    """How many deliveries another process has claimed meanwhile."""

    async def upstream() -> Ends:
        return await asyncio.open_unix_connection(str(server.folder / ".s.PGSQL.5432"))

    def claim() -> int:
        return len(database.journal.claim(run.id, "other", LATER, LEASE, 10))

    async with Proxy(upstream) as proxy:
        url = make_url(f"postgresql+psycopg://newsletter@127.0.0.1:{proxy.port}")
        own = make_url(database.name).database
        holder = Holder(url.set(database=own), run)
        cut_off = asyncio.create_task(asyncio.to_thread(holder.hold))
        assert await asyncio.to_thread(holder.has_it.wait, patience())
        proxy.hold()
        claiming = asyncio.create_task(asyncio.to_thread(claim))
        await asyncio.sleep(1)
        is_waiting = not claiming.done()
        try:
            async with asyncio.timeout(patience(30)):
                found = await claiming
        finally:
            proxy.heal()
            holder.may_go_on.set()
        with pytest.raises(StoreError):
            await cut_off
    assert is_waiting
    return found


class Holder:
    """Has a run's shards locked, in a transaction that it does not end."""

    def __init__(self, url: URL, run: Run) -> None:
        self._url, self._run = url, run
        self.has_it, self.may_go_on = Event(), Event()

    def hold(self) -> None:
        connections = Connections(self._url)
        try:
            with connections.writing() as connection:
                connection.execute(LOCK, {"run": self._run.id})
                self.has_it.set()
                self.may_go_on.wait()
                connection.execute(LOCK, {"run": self._run.id})
        finally:
            connections.close()
