"""Workers on one PostgreSQL: real processes that are killed, misled and paused in mid-run."""

import asyncio
import os
import time
import uuid
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.acceptance.publication import Publication
from tests.crash.fleet import Fleet, begin, open_fleet
from tests.crash.send import accepted, doubled, transport_url
from tests.faults.peer import Peer
from tests.integration.store.conftest import Server

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]

Scenario = Callable[[Fleet, Peer], Coroutine[Any, Any, None]]


@pytest.fixture
def play(few: Publication, server: Server) -> Callable[..., Peer]:
    """Play a scenario with so many people, before a relay that keeps a log."""
    pytest.importorskip("procrastinate", reason="the extra “workers” is not installed")
    name = f"fleet_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    server.execute(f"CREATE DATABASE {name}")

    def play(scenario: Scenario, count: int, *, options: str = "") -> Peer:
        async def whole() -> Peer:
            async with Peer() as peer:
                relay = transport_url(peer, connections=2, options=options)
                fleet = await open_fleet(few, server.url(name), relay, count)
                try:
                    await scenario(fleet, peer)
                finally:
                    await fleet.close()
                return peer

        return asyncio.run(whole())

    return play


def test_a_worker_that_is_killed_loses_and_doubles_nobody(play: Callable[..., Peer]) -> None:
    seconds, states = 0.0, Counter[str]()

    async def scenario(fleet: Fleet, peer: Peer) -> None:
        nonlocal seconds, states
        await begin(fleet, 6)
        first, second = await fleet.start(), await fleet.start()
        mark = f" {first.process.pid} "
        await fleet.until(lambda: len(peer.log) > 30 and any(mark in o for o in fleet.owners()))

        first.process.kill()
        died = time.monotonic()
        await fleet.until(lambda: fleet.run_state() == "complete")
        seconds = time.monotonic() - died
        states = fleet.states()

        assert 0 == await fleet.stop(second)
        assert second.says("finished: today The books balance: 600 = 600.")

    peer = play(scenario, 600, options="&rate=25/s")

    assert set() == doubled(peer)
    assert states["in_doubt"] <= 2
    assert 600 == states["accepted"] + states["in_doubt"]
    assert len(accepted(peer)) >= states["accepted"]
    assert seconds < 60
