"""What the sessions of the workers' own pool are told when they begin."""

import asyncio

import pytest

pytest.importorskip("procrastinate", reason="the extra “workers” is not installed")

from newsletter.clock import now
from newsletter.publishing.handing_out import SharedServer
from newsletter.workers.engine import Engine
from newsletter.workers.tables import SCHEMA

pytestmark = pytest.mark.postgresql


async def _take(shard_id: int, issue: str) -> bool:
    return False


async def _look() -> None:
    return None


def test_the_pool_s_sessions_find_our_tables_and_are_given_up_when_they_fall_silent(
    postgresql_url: str,
) -> None:
    async def scenario() -> tuple[str, str]:
        engine = Engine(SharedServer(url=postgresql_url), "friday", _take, _look, now)
        async with engine.opened(), engine.pool.connection() as connection:
            asked = await connection.execute(
                "SELECT current_setting('search_path'),"
                " current_setting('idle_in_transaction_session_timeout')"
            )
            found: tuple[str, str] = await asked.fetchone()
            return found

    assert (SCHEMA, "20s") == asyncio.run(scenario())


def test_what_a_worker_that_could_not_sign_off_had_in_hand_is_nobody_s_when_it_is_back(
    postgresql_url: str,
) -> None:
    async def scenario() -> tuple[int, int]:
        engine = Engine(SharedServer(url=postgresql_url), "friday", _take, _look, now)
        async with engine.opened():
            number = await engine.app.job_manager.register_worker()
            engine.worker(engine.send, 1, lambda: None).left(number)
            before = await _workers(engine)
        async with engine.opened():
            return before, await _workers(engine)

    assert (1, 0) == asyncio.run(scenario())


async def _workers(engine: Engine) -> int:
    async with engine.pool.connection() as connection:
        asked = await connection.execute("SELECT count(*) FROM procrastinate_workers")
        return int((await asked.fetchone())[0])
