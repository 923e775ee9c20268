"""The store fails in the middle of a run: where it cannot be written, no dot is written (G6).

The relay knows the stage, and breaks the store under the sending process at it.
"""

import asyncio
import os
import resource
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.acceptance.publication import Publication
from tests.crash.send import (
    Ended,
    accepted,
    books,
    doubled,
    end_of,
    lost,
    send,
    start,
    transport_url,
)
from tests.faults.peer import Peer, Point

Break = Callable[[asyncio.subprocess.Process], None]


async def broken_at(
    point: Point, occurrence: int, few: Publication, break_it: Break
) -> tuple[Ended, Peer]:
    """One run, in which the store breaks when a point is reached for the so-many-th time."""
    seen = 0

    def watch(here: Point) -> None:
        nonlocal seen
        if here is point:
            if seen == occurrence:
                break_it(process)
            seen += 1

    async with Peer(watch=watch) as peer:
        process = await start(few, transport_url(peer))
        return await end_of(process), peer


async def sound(few: Publication, before: Peer) -> Ended:
    """The same command with everything in order; what the relay gets is added to its log."""
    async with Peer(log=before.log) as peer:
        return await send(few, transport_url(peer))


def disk_is_full(process: asyncio.subprocess.Process) -> None:
    """No file may grow, or be written behind its first octet, by this process any more."""
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, 1))


def test_disk_full_before_the_dot_sends_no_dot(few: Publication) -> None:
    async def scenario() -> tuple[Ended, int, Ended, Peer]:
        ended, peer = await broken_at(Point.RCPT, 0, few, disk_is_full)
        dots = len(peer.log)
        return ended, dots, await sound(few, peer), peer

    ended, dots, resumed, peer = asyncio.run(scenario())

    assert 0 == dots
    assert 2 == ended.status, ended
    assert "full" in ended.err or "I/O" in ended.err
    assert 0 == resumed.status, resumed
    assert {"accepted": 3} == books(few).counts()
    assert {1} == set(accepted(peer).values())


def test_disk_full_after_the_dot_leaves_that_one_in_doubt(few: Publication) -> None:
    """The reply comes and cannot be written down: it is not guessed, and nobody gets it twice."""

    async def scenario() -> tuple[Ended, set[str], Ended, Peer]:
        ended, peer = await broken_at(Point.DOT, 0, few, disk_is_full)
        in_doubt = books(few).of("in_doubt")
        return ended, in_doubt, await sound(few, peer), peer

    ended, in_doubt, resumed, peer = asyncio.run(scenario())
    found = books(few)

    assert 2 == ended.status, ended
    assert 1 == len(in_doubt)
    assert 1 == resumed.status, resumed
    assert in_doubt == found.of("in_doubt")
    assert 2 == len(found.of("accepted"))
    assert set() == doubled(peer)
    assert set() == lost(found, peer)


def test_locked_database_is_waited_for(few: Publication) -> None:
    """Somebody else writes for a while: the run waits, and then goes on."""
    locks = []

    def lock(process: asyncio.subprocess.Process) -> None:
        connection = sqlite3.connect(few.folder / "newsletter.db", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        locks.append(connection)
        asyncio.get_running_loop().call_later(1.5, connection.close)

    ended, peer = asyncio.run(broken_at(Point.RCPT, 1, few, lock))

    assert 1 == len(locks)
    assert 0 == ended.status, ended
    assert {"accepted": 3} == books(few).counts()
    assert {1} == set(accepted(peer).values())


@pytest.mark.parametrize("damage", ["zeroed", "cut"])
def test_damaged_database_is_never_taken_for_an_empty_one(few: Publication, damage: str) -> None:
    """What cannot be read is not nothing: nobody is sent the issue again for it."""
    path = few.folder / "newsletter.db"

    async def scenario() -> tuple[Ended, Ended, Peer]:
        async with Peer() as peer:
            first = await send(few, transport_url(peer))
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            size = path.stat().st_size
            whole = path.read_bytes()
            path.write_bytes(b"\0" * size if damage == "zeroed" else whole[: size // 2])
            return first, await send(few, transport_url(peer)), peer

    first, second, peer = asyncio.run(scenario())

    assert 0 == first.status, first
    assert 2 == second.status, second
    assert "newsletter.db" in second.err
    assert 3 == len(peer.log)


def test_lost_database_sends_nothing_to_a_list_that_is_gone(few: Publication) -> None:
    """The file is gone altogether: a new one is empty, and an empty audience is refused."""
    for path in few.folder.glob("newsletter.db*"):
        path.unlink()

    async def scenario() -> tuple[Ended, Peer]:
        async with Peer() as peer:
            return await send(few, transport_url(peer)), peer

    ended, peer = asyncio.run(scenario())

    assert 2 == ended.status, ended
    assert [] == peer.log


READ_ONLY = 'mount --bind . . && mount -o remount,ro,bind . && cd "$PWD" && exec "$@"'


def read_only(few: Publication) -> list[str]:
    """How to start a command that finds its folder read-only. To root, a file's mode is nothing."""
    (few.folder / "newsletter.db").chmod(0o444)
    if os.getuid() != 0:
        return []
    wrapper = ["unshare", "--mount", "sh", "-c", READ_ONLY, "sh"]
    if subprocess.run([*wrapper, "true"], cwd=few.folder, check=False).returncode != 0:
        pytest.skip("nothing can be mounted here, and root may write to any file")
    return wrapper


def test_read_only_database_sends_nothing(few: Publication) -> None:
    with closing(sqlite3.connect(few.folder / "newsletter.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    wrapper = read_only(few)

    async def scenario() -> tuple[Ended, Peer]:
        async with Peer() as peer:
            return await end_of(await start(few, transport_url(peer), wrapper=wrapper)), peer

    ended, peer = asyncio.run(scenario())

    assert 2 == ended.status, ended
    assert "cannot be written to" in ended.err
    assert [] == peer.log


def test_spoilt_recipient_fails_by_name_and_stops_nobody_else(few: Publication) -> None:
    """Something else has written into the row: nothing of it reaches the wire."""
    spoilt = "reader1@example.com>\r\nRCPT TO:<everyone@example.com"

    async def scenario() -> tuple[Ended, Ended, Peer]:
        async with Peer() as peer:
            first = await send(few, transport_url(peer), "--limit", "1")
            with closing(sqlite3.connect(few.folder / "newsletter.db")) as connection, connection:
                connection.execute("UPDATE deliveries SET recipient = ? WHERE id = 2", (spoilt,))
            return first, await send(few, transport_url(peer)), peer

    first, second, peer = asyncio.run(scenario())

    assert 75 == first.status, first
    assert 1 == second.status, second
    assert "cannot go in a header" in second.out
    assert {"accepted": 2, "failed": 1} == books(few).counts()
    assert {"reader0@example.com": 1, "reader2@example.com": 1} == accepted(peer)
