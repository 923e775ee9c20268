"""One fault of each kind on a fleet of three: nobody lost, nobody twice, and all go on.

What is independent happens at once, on different machines. `make chaos` does 200 at random.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.faults import Fault, Kind, Trouble
from tests.chaos.storm import Report, storm
from tests.chaos.world import open_world
from tests.integration.store.conftest import Server, postgresql_binaries
from tests.pace import crowding, passing, patience

pytest.importorskip("psycopg", reason="psycopg, the extra “postgresql”, is not installed")
pytest.importorskip("procrastinate", reason="the extra “workers” is not installed")

pytestmark = [pytest.mark.postgresql, pytest.mark.slow, pytest.mark.timeout(900)]

PEOPLE, SHARD_SIZE, ISSUES = 320, 40, 60
LATENCY = 0.3
"""Seconds: a run takes twelve, so that no fault comes when all are idle."""

LONGEST = 30.0
"""Seconds until others, or the same, go on with what a dead process, or server, left behind."""


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that may be stopped: nobody else's."""
    binaries = postgresql_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server binaries found (PGBIN, PATH, /usr/lib/postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="nl-", dir="/tmp"))
    server = Server(binaries, folder)
    yield server
    server.stop()
    shutil.rmtree(folder)


def test_nobody_is_lost_or_has_an_issue_twice_whatever_goes_wrong(own_server: Server) -> None:
    report, crowded = asyncio.run(weather(own_server))

    verdict = report.verdict
    assert dict.fromkeys(Kind, 1) == report.faults
    assert ([], [], [], []) == (
        verdict.lost,
        verdict.doubled,
        verdict.unfinished,
        verdict.unknown,
    )
    assert verdict.people == verdict.accepted + verdict.doubts
    assert verdict.doubts <= report.exposed
    assert report.is_log_whole
    longest = {kind: max(took) for kind, took in report.took.items()}
    assert {Kind.SERVER, Kind.FREEZE, Kind.ALL} <= set(longest)
    for kind in (Kind.SERVER, Kind.KILL, Kind.ALL):
        assert longest.get(kind, 0.0) <= passing(LONGEST) * crowded, longest


async def weather(server: Server) -> tuple[Report, float]:
    """What came of it, and how crowded the machine was meanwhile."""
    async with open_world(server, people=PEOPLE, issues=ISSUES, latency=LATENCY) as world:
        crowded = [1.0]
        measuring = asyncio.create_task(_measure(crowded))
        try:
            report = await storm(world, one_of_each, shard_size=SHARD_SIZE)
        finally:
            measuring.cancel()
        assert report.is_over, world.logs()
        return report, max(crowded)


async def one_of_each(trouble: Trouble) -> None:
    """The server; then a frozen machine beside all that is over sooner; at last everybody."""
    hand_overs = trouble.hand_overs
    await _make(trouble, 0, (Kind.SERVER, 3.0))
    await hand_overs.done(Kind.SERVER, at_most=patience(LONGEST))
    first, second, third = await trouble.world.busiest_first()
    await asyncio.gather(
        _make(trouble, first, (Kind.FREEZE, 1.0)),
        _make(trouble, second, (Kind.CLOCK, 2.0), (Kind.CUT, 2.0), (Kind.KILL, 0.0)),
        _make(trouble, third, (Kind.STRANGER, 3.0), (Kind.OTHER_FILES, 1.0), (Kind.CUT_OFF, 2.0)),
    )
    await hand_overs.done(Kind.KILL, at_most=patience(LONGEST))
    await _make(trouble, 0, (Kind.ALL, 0.0))
    await hand_overs.done(Kind.ALL, at_most=patience(LONGEST))


async def _make(trouble: Trouble, machine: int, *faults: tuple[Kind, float]) -> None:
    for kind, seconds in faults:
        await trouble.make(Fault(kind=kind, machine=machine, seconds=seconds))


async def _measure(crowded: list[float]) -> None:
    while True:
        await asyncio.sleep(3)
        crowded.append(await asyncio.to_thread(crowding))
