"""Workers on one PostgreSQL: real processes that are killed, misled and paused in mid-run."""

import asyncio
import os
import shutil
import time
import uuid
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.acceptance.publication import Publication
from tests.crash.fleet import ISSUE, Fleet, begin, open_fleet
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


def test_a_worker_with_other_files_sends_nothing_and_leaves_it_to_the_others(
    play: Callable[..., Peer],
) -> None:
    async def scenario(fleet: Fleet, peer: Peer) -> None:
        await begin(fleet, 2)
        other = fleet.folder.parent / "other"
        await asyncio.to_thread(shutil.copytree, fleet.folder, other)
        issue = other / f"issues/{ISSUE}.md"
        issue.write_text(issue.read_text(encoding="utf-8").replace("Getir grows", "Getir shrinks"))
        wrong = await fleet.start(cwd=other)
        await fleet.until(lambda: wrong.says("unfit: today"))

        assert wrong.says("it has changed since its run began")
        assert [] == peer.log

        right = await fleet.start()
        await fleet.until(lambda: fleet.run_state() == "complete")

        assert [0, 0] == [await fleet.stop(right), await fleet.stop(wrong)]
        assert 1 == sum("unfit" in line for line in wrong.lines)
        assert 20 == fleet.states()["accepted"]

    assert set() == doubled(play(scenario, 20))


def test_the_daemon_leaves_a_run_to_workers_and_goes_on_with_it_when_all_are_dead(
    play: Callable[..., Peer],
) -> None:
    async def scenario(fleet: Fleet, peer: Peer) -> None:
        worker = await fleet.start()
        await fleet.until(lambda: fleet.able() == 1)
        daemon = await fleet.start("run", "--tick", "1")
        await fleet.until(lambda: len(peer.log) > 10)
        owners = fleet.owners()
        await fleet.run("pause", ISSUE)
        await fleet.until(lambda: fleet.owners() == set())
        sent = len(peer.log)
        await fleet.until(lambda: daemon.says("paused: today"))

        assert daemon.says("shared: today is sent by a worker")
        assert all(f" {worker.process.pid} " in owner for owner in owners)
        assert sent == len(peer.log)

        await fleet.run("resume", ISSUE)
        await fleet.until(lambda: len(peer.log) > sent + 10)
        worker.process.kill()
        await fleet.until(lambda: fleet.run_state() == "complete")

        assert daemon.says("resumed: today")
        assert 0 == await fleet.stop(daemon)
        assert 300 == sum(fleet.states().values())

    assert set() == doubled(play(scenario, 300, options="&rate=25/s"))
