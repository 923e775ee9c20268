"""SIGTERM and SIGHUP drain; a process that slept past its lease may not send when it wakes."""

import asyncio
import fcntl
import os
import signal
import sqlite3
import termios
import time
from contextlib import closing, suppress

import pytest

from tests.acceptance.publication import COMMAND, Publication
from tests.crash.send import (
    ISSUE,
    Ended,
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
from tests.pace import patience


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_stop_drains_and_leaves_nobody_in_doubt(number: signal.Signals, some: Publication) -> None:
    async def scenario() -> tuple[Ended, Ended, Peer]:
        messages = 0

        def watch(here: Point) -> None:
            nonlocal messages
            messages += here is Point.REPLY
            if messages == 30 and here is Point.REPLY:
                kill(process, number)

        async with Peer(watch=watch) as peer:
            url = transport_url(peer, connections=4, options="&rate=200/s")
            process = await start(some, url)
            stopped = await end_of(process)
            assert set() == books(some).of("in_doubt", "claimed")
            assert 30 <= len(books(some).of("accepted")) < 200
            return stopped, await send(some, transport_url(peer, connections=4)), peer

    stopped, resumed, peer = asyncio.run(scenario())

    assert 75 == stopped.status, stopped
    assert "The same command resumes" in stopped.err
    assert 0 == resumed.status, resumed
    assert {1} == set(accepted(peer).values())
    assert 200 == len(accepted(peer))


def test_nohup_keeps_its_promise(few: Publication) -> None:
    async def scenario() -> tuple[Ended, Peer]:
        def watch(here: Point) -> None:
            if here is Point.RCPT:
                kill(process, signal.SIGHUP)

        async with Peer(watch=watch) as peer:
            process = await start(few, transport_url(peer), wrapper=["nohup"])
            return await end_of(process), peer

    ended, peer = asyncio.run(scenario())

    assert 0 == ended.status, ended
    assert 3 == len(accepted(peer))


def test_terminal_that_is_closed_drains_too(some: Publication) -> None:
    """As when the line to a server is lost: SIGHUP, and not a word can be said any more."""

    async def scenario() -> tuple[int, Peer]:
        ours, theirs = os.openpty()
        loop = asyncio.get_running_loop()
        loop.add_reader(ours, os.read, ours, 2**16)
        messages = 0

        def watch(here: Point) -> None:
            nonlocal messages
            messages += here is Point.REPLY
            if messages == 30 and here is Point.REPLY:
                loop.remove_reader(ours)
                os.close(ours)

        async with Peer(watch=watch) as peer:
            url = transport_url(peer, connections=4, options="&rate=200/s")
            process = await asyncio.create_subprocess_exec(
                COMMAND,
                "send",
                ISSUE,
                "--yes",
                cwd=some.folder,
                env={**some.environment, "NEWSLETTER_TRANSPORT": url, "TERM": "xterm"},
                stdin=theirs,
                stdout=theirs,
                stderr=theirs,
                start_new_session=True,
                preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            )
            os.close(theirs)
            async with asyncio.timeout(patience()):
                return await process.wait(), peer

    status, peer = asyncio.run(scenario())
    found = books(some)

    assert 75 == status
    assert set() == found.of("in_doubt", "claimed")
    assert 30 <= len(found.of("accepted")) < 200
    assert found.of("accepted") == set(accepted(peer))


def test_relay_that_is_started_again_in_mid_run_is_waited_for(some: Publication) -> None:
    async def scenario() -> tuple[Ended, Peer, Peer]:
        is_half_done, messages = asyncio.Event(), 0

        def watch(here: Point) -> None:
            nonlocal messages
            messages += here is Point.REPLY
            if messages == 30 and here is Point.MAIL:
                is_half_done.set()

        async with Peer(watch=watch) as before:
            process = await start(some, transport_url(before, options="&rate=100/s"))
            async with asyncio.timeout(patience()):
                await is_half_done.wait()
        await asyncio.sleep(1)
        async with Peer(port=before.port) as after:
            return await end_of(process), before, after

    ended, before, after = asyncio.run(scenario())
    found = books(some)

    assert "The relay is tried again at" in ended.err
    assert len(found.of("in_doubt")) <= 1
    assert (1 if found.of("in_doubt") else 0) == ended.status, ended
    assert found.of("accepted") == set(accepted(before)) | set(accepted(after))
    assert 200 == len(found.of("accepted", "in_doubt"))
    assert not set(accepted(before)) & set(accepted(after))


@pytest.mark.parametrize("point", [Point.MAIL, Point.RCPT, Point.DOT])
def test_stopped_process_may_not_send_when_it_wakes_after_another_took_over(
    point: Point, few: Publication
) -> None:
    """Its lease has run out, the second sends to all that are not in doubt, then it wakes."""

    async def scenario() -> tuple[Ended, Ended, Peer]:
        is_stopped = asyncio.Event()

        def watch(here: Point) -> None:
            if here is point and not is_stopped.is_set():
                _stop_between_two_commits(first, few)
                is_stopped.set()

        async with Peer(watch=watch) as peer:
            url = transport_url(peer)
            first = await start(few, url)
            async with asyncio.timeout(patience()):
                await is_stopped.wait()
            refused = await send(few, url)
            assert (75, "") == (refused.status, refused.err), refused
            assert "is sending 2021-11-26 at this moment" in refused.out
            assert "in doubt" not in refused.out
            _let_the_lease_run_out(few)
            second = await send(few, url)
            kill(first, signal.SIGCONT)
            return await end_of(first), second, peer

    woken, second, peer = asyncio.run(scenario())
    found = books(few)

    assert second.status in (0, 1), second
    assert 0 != woken.status, woken
    assert set() == doubled(peer)
    assert set() == lost(found, peer)
    assert 3 == len(found.of("accepted", "in_doubt"))
    assert len(found.of("in_doubt")) <= (1 if point is Point.DOT else 0)


def _stop_between_two_commits(
    process: asyncio.subprocess.Process, publication: Publication
) -> None:
    """A process that is stopped with SQLite's write lock in its hand would stop everybody else.

    The relay answers nothing meanwhile, so the session stays where it is.
    """
    for _ in range(500):
        kill(process, signal.SIGSTOP)
        time.sleep(0.01)
        path = publication.folder / "newsletter.db"
        database = sqlite3.connect(path, timeout=0, isolation_level=None)
        with closing(database), suppress(sqlite3.OperationalError):
            database.execute("BEGIN IMMEDIATE")
            return
        kill(process, signal.SIGCONT)
        time.sleep(0.01)
    pytest.fail("the database is always locked")


def _let_the_lease_run_out(publication: Publication) -> None:
    """As if so many minutes had gone; nobody would wait for them in a test."""
    with closing(sqlite3.connect(publication.folder / "newsletter.db")) as connection, connection:
        assert 1 == connection.execute("UPDATE shards SET lease_until = 1").rowcount
