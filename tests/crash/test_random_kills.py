"""`kill -9` at random moments of a run to 2,000 people, until it is through.

10 kills, or as many as the environment's KILLS says (`make crash`: 200). The seed is printed by a
failing assert; it decides after how many messages of each attempt the kill comes, and how many
microseconds later.
"""

import asyncio
import os
import random

import pytest

from tests.acceptance.publication import Publication
from tests.crash.send import (
    accepted,
    books,
    doubled,
    end_of,
    kill,
    lost,
    send,
    start,
    transport_url,
)
from tests.faults.peer import Peer, Point

KILLS = int(os.environ.get("KILLS", "10"))
CONNECTIONS = 8
AUDIENCE = 2000


async def kill_often(many: Publication, kills: int, chance: random.Random) -> Peer:
    """So many killed attempts, evenly over the audience, then one that is left in peace."""
    points = [point for point in Point if point is not Point.QUIT]

    async with Peer() as peer:
        url = transport_url(peer, connections=CONNECTIONS)
        for _ in range(kills):
            countdown = chance.randrange(1, max(2 * AUDIENCE // (kills + 1), 3))
            point, delay = chance.choice(points), chance.random() * 0.003
            peer.watch = Killer(countdown, point, delay)
            process = await start(many, url)
            peer.watch.process = process
            ended = await end_of(process)
            assert ended.status in (-9, 0, 1), ended
            if ended.status != -9:
                break
        peer.watch = lambda point: None
        last = await send(many, url)
        assert "The run is complete" in last.out, last
        return peer


class Killer:
    """Kills its process at a point of some session, a moment after so many messages were taken."""

    def __init__(self, countdown: int, point: Point, delay: float) -> None:
        self._countdown = countdown
        self._point = point
        self._delay = delay
        self.process: asyncio.subprocess.Process | None = None

    def __call__(self, here: Point) -> None:
        self._countdown -= here is Point.REPLY
        if self._countdown <= 0 and here in (self._point, Point.REPLY) and self.process:
            process, self.process = self.process, None
            asyncio.get_running_loop().call_later(self._delay, kill, process)


@pytest.mark.timeout(120 + 5 * KILLS)
def test_random_kills_lose_and_double_nobody(many: Publication) -> None:
    seed = random.randrange(2**32)

    peer = asyncio.run(kill_often(many, KILLS, random.Random(seed)))
    found = books(many)

    assert set() == lost(found, peer), seed
    assert set() == doubled(peer), seed
    assert AUDIENCE == len(found.of("accepted", "in_doubt")), seed
    assert len(found.of("in_doubt")) <= CONNECTIONS * KILLS, seed
    assert found.of("accepted") <= set(accepted(peer)), seed
    print(f"{KILLS} kills: lost 0, doubled 0, in doubt {len(found.of('in_doubt'))}")
