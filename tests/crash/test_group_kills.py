"""`kill -9` at random moments of a run whose groups go side by side, one over a relay of its own.

The promises are those of a run over one relay; and nobody of a group is ever found at the other.
"""

import asyncio
import os
import random
from collections import Counter

import pytest

from tests.acceptance.publication import Publication
from tests.crash.send import accepted, books, end_of, send, start, transport_url
from tests.crash.test_random_kills import Killer
from tests.faults.peer import Peer, Point

KILLS = int(os.environ.get("KILLS", "10")) // 2
CONNECTIONS = 3
"""Of each relay."""

EACH = 60
GROUPS = """[limits.domains]
"one.example" = "400/s"
"two.example" = { relay = "b" }
"""


def in_groups(publication: Publication) -> None:
    """So many more people in each of two groups."""
    settings = publication.folder / "newsletter.toml"
    text = settings.read_text(encoding="utf-8").replace("[limits.domains]\n", GROUPS, 1)
    settings.write_text(text, encoding="utf-8")
    path = publication.folder / "more.csv"
    rows = (
        f"reader{number}@{group}.example,Reader {number},a test\n"
        for number in range(EACH)
        for group in ("one", "two")
    )
    path.write_text("email,first_name,consent\n" + "".join(rows), encoding="utf-8")
    done = publication.run("subscribers", "import", path, "--yes")
    assert 0 == done.status, done.err


async def kill_often(
    publication: Publication, kills: int, chance: random.Random
) -> tuple[Peer, Peer]:
    """So many killed attempts, at a point of either relay, then one that is left in peace."""
    points = [point for point in Point if point is not Point.QUIT]
    async with Peer() as own, Peer() as other:
        publication.environment["NEWSLETTER_RELAY_B"] = transport_url(
            other, connections=CONNECTIONS
        )
        url = transport_url(own, connections=CONNECTIONS)
        for _ in range(kills):
            killer = Killer(chance.randrange(1, 60), chance.choice(points), chance.random() * 0.003)
            own.watch = other.watch = killer
            killer.process = process = await start(publication, url)
            ended = await end_of(process)
            assert ended.status in (-9, 0, 1), ended
            if ended.status != -9:
                break
        own.watch = other.watch = lambda point: None
        last = await send(publication, url)
        assert "The run is complete" in last.out, last
        return own, other


@pytest.mark.timeout(120 + 10 * KILLS)
def test_kills_among_groups_and_relays_lose_and_double_nobody(some: Publication) -> None:
    seed = random.randrange(2**32)
    in_groups(some)

    own, other = asyncio.run(kill_often(some, KILLS, random.Random(seed)))
    found, had = books(some), accepted(own) + accepted(other)

    assert found.of("accepted") <= set(had), seed
    assert {1} == set(had.values()), seed
    assert 200 + 2 * EACH == len(found.of("accepted", "in_doubt")), seed
    assert len(found.of("in_doubt")) <= 2 * CONNECTIONS * KILLS, seed
    assert {"two.example"} == domains(accepted(other)), seed
    assert {"example.com", "one.example"} == domains(accepted(own)), seed


def domains(recipients: Counter[str]) -> set[str]:
    return {each.rpartition("@")[2] for each in recipients}
