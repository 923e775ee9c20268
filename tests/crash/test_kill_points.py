"""`kill -9` at each named point of a session: nobody lost, nobody doubled, one in doubt at most.

No hook in the program: the relay knows the stage and kills the sending process at it.
"""

import asyncio

import pytest

from tests.acceptance.publication import Publication
from tests.crash.send import (
    Books,
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

SAFE = frozenset({Point.BANNER, Point.MAIL, Point.RCPT})
"""Where, in a session's first message, no dot is on its way."""

RATE = "&rate=3/s"
"""Leaves time between two messages to be killed in."""

TRIES = 10


async def killed_at(point: Point, occurrence: int, few: Publication) -> tuple[Books, Books, Peer]:
    """The books after the kill and after the same command was given again, and the relay.

    A journal that is quick enough lets the dot arrive in one packet with the body: then there is
    no moment before it, and another sending is asked for one.
    """
    database = few.folder / "newsletter.db"
    laid_out = database.read_bytes()
    for _ in range(TRIES):
        found = await _killed_at(point, occurrence, few)
        if found is not None:
            return found
        for path in (*few.folder.glob("newsletter.db*"), *few.folder.glob("newsletter.witness")):
            path.unlink()
        database.write_bytes(laid_out)
    raise AssertionError(f"the point was never reached in {TRIES} sendings")


async def _killed_at(
    point: Point, occurrence: int, few: Publication
) -> tuple[Books, Books, Peer] | None:
    """None where the dot overtook the kill."""
    seen = 0

    def watch(here: Point) -> None:
        nonlocal seen
        if here is point:
            if seen == occurrence:
                kill(process)
            seen += 1

    async with Peer(watch=watch) as peer:
        url = transport_url(peer, options=RATE if point is Point.BETWEEN else "")
        process = await start(few, url)
        ended = await end_of(process)
        if point is Point.BEFORE_DOT and ended.status == 0:
            return None
        assert -9 == ended.status, f"the point was never reached: {ended}"
        after_the_kill = books(few)
        resumed = await send(few, transport_url(peer))
        assert resumed.status in (0, 1), resumed
        assert "The run is complete" in resumed.out
        return after_the_kill, books(few), peer


POINTS = [
    *((point, 0) for point in Point),
    # MAIL of the second message comes with the dot of the first: that one may be in doubt.
    *((point, 1) for point in (Point.MAIL, Point.BEFORE_DOT, Point.DOT, Point.REPLY)),
]


@pytest.mark.parametrize(
    ("point", "occurrence"), POINTS, ids=lambda part: getattr(part, "name", str(part)).lower()
)
def test_kill_at_a_named_point_loses_and_doubles_nobody(
    point: Point, occurrence: int, few: Publication
) -> None:
    killed, resumed, peer = asyncio.run(killed_at(point, occurrence, few))

    assert set() == lost(resumed, peer)
    assert set() == doubled(peer)
    assert len(killed.of("in_doubt")) <= (0 if point in SAFE and not occurrence else 1)
    assert killed.of("in_doubt") == resumed.of("in_doubt")
    assert 3 == len(resumed.of("accepted", "in_doubt"))
    assert resumed.of("accepted") <= set(accepted(peer))


def test_kill_before_the_dot_is_found_resent_when_the_journal_has_no_dot(
    few: Publication,
) -> None:
    """Killed while the relay waits for MAIL's answer to be used: it is planned, and sent again."""
    killed, resumed, peer = asyncio.run(killed_at(Point.RCPT, 0, few))

    assert set() == killed.of("accepted", "in_doubt")
    assert {"accepted": 3} == resumed.counts()
    assert {1} == set(accepted(peer).values())
