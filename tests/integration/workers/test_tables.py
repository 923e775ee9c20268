"""The tables of the jobs, laid out beside the publication's own."""

import asyncio
from contextlib import closing

import pytest

pytest.importorskip("procrastinate", reason="the extra “workers” is not installed")

from newsletter.clock import now
from newsletter.publishing.handing_out import SharedServer
from newsletter.workers.engine import Engine
from newsletter.workers.tables import lay_out

pytestmark = pytest.mark.postgresql


async def _take(shard_id: int, issue: str) -> bool:
    return False


async def _look() -> None:
    return None


def test_they_are_laid_out_once_whoever_comes_at_the_same_time(postgresql_url: str) -> None:
    import psycopg

    async def scenario() -> bool:
        engines = [
            Engine(SharedServer(url=postgresql_url), "friday", _take, _look, now) for _ in range(3)
        ]
        async with engines[0].app.open_async(), engines[1].app.open_async():
            await asyncio.gather(lay_out(engines[0].pool), lay_out(engines[1].pool))
        async with engines[2].app.open_async():
            await lay_out(engines[2].pool)
            return await engines[2].app.check_connection_async()

    assert asyncio.run(scenario())
    with closing(psycopg.connect(postgresql_url)) as connection:
        found = connection.execute(
            "SELECT schemaname FROM pg_tables WHERE tablename LIKE 'procrastinate%'"
        ).fetchall()
        names = connection.execute("SELECT count(*) FROM newsletter_jobs.migrations").fetchall()

    assert {("newsletter_jobs",)} == set(found)
    assert names[0][0] > 30
