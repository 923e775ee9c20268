"""PostgreSQL fails under a run: a backend is killed, or the whole server crashes and comes back."""

import asyncio
import os
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest

from tests.acceptance.publication import Publication
from tests.crash.send import Ended, accepted, doubled, end_of, people, send, start, transport_url
from tests.faults.peer import Peer, Point
from tests.integration.store.conftest import Server

pytestmark = pytest.mark.postgresql


def _states(server: Server, name: str) -> Counter[str]:
    import psycopg

    with closing(psycopg.connect(server.url(name))) as connection:
        rows = connection.execute("SELECT state FROM deliveries").fetchall()
    return Counter(row[0] for row in rows)


Break = Callable[[Server, str], None]


def backends_are_killed(server: Server, name: str) -> None:
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    )


def server_crashes(server: Server, name: str) -> None:
    server.crash_and_restart()


@pytest.mark.parametrize("point", [Point.RCPT, Point.DOT], ids=lambda point: point.name.lower())
@pytest.mark.parametrize("break_it", [backends_are_killed, server_crashes])
def test_postgresql_that_fails_loses_and_doubles_nobody(
    break_it: Break, point: Point, few: Publication, server: Server
) -> None:
    name = f"crash_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    server.execute(f"CREATE DATABASE {name}")
    environment = {**few.environment, "NEWSLETTER_DATABASE": server.url(name)}
    publication = replace(few, environment=environment)
    (few.folder / "newsletter.witness").unlink()  # it has seen what was done in another database
    path = people(publication.folder, 3)
    imported = publication.run("subscribers", "import", path, "--yes")
    assert 0 == imported.status, imported.err

    async def scenario() -> tuple[Ended, Counter[str], Ended, Peer]:
        breaks = 0

        def watch(here: Point) -> None:
            nonlocal breaks
            if here is point and not breaks:
                breaks += 1
                break_it(server, name)

        async with Peer(watch=watch) as peer:
            ended = await end_of(await start(publication, transport_url(peer)))
            assert 1 == breaks
            between = _states(server, name)
            return ended, between, await send(publication, transport_url(peer)), peer

    ended, between, resumed, peer = asyncio.run(scenario())
    states = _states(server, name)

    assert ended.status in (0, 1, 2), ended
    assert "The run is complete" in resumed.out
    assert set() == doubled(peer)
    assert between["in_doubt"] <= (1 if point is Point.DOT else 0)
    assert between["in_doubt"] == states["in_doubt"]
    assert 3 == states["accepted"] + states["in_doubt"]
    assert states["accepted"] <= len(accepted(peer))
