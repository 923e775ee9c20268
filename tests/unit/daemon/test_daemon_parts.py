"""The parts of the daemon: the wish to stop, patience after faults, the service manager."""

import asyncio
import os
import signal
import socket
import threading
import time
from pathlib import Path

from newsletter.daemon import (
    ALIVE,
    READY,
    beating,
    service_manager,
    stop_on_signals,
)
from newsletter.stopping import stopped_within
from tests.pace import patience


def test_stop_hears_a_signal_while_it_waits() -> None:
    async def wait() -> tuple[bool, float]:
        with stop_on_signals() as stop:
            began = time.monotonic()
            return await stopped_within(stop, 2 * patience()), time.monotonic() - began

    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
    is_stopped, seconds = asyncio.run(wait())

    assert is_stopped
    assert seconds < patience()
    assert signal.SIG_DFL == signal.getsignal(signal.SIGTERM)


def test_stop_is_told_to_whoever_is_at_work_and_once() -> None:
    heard: list[str] = []

    async def wait() -> bool:
        with stop_on_signals(lambda: heard.append("at work")) as stop:
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGTERM)
            return await stopped_within(stop, 0.2)

    assert asyncio.run(wait())
    assert ["at work"] == heard


def test_stop_is_heard_by_whoever_looks_up_once_between_two_steps_of_work() -> None:
    async def work() -> bool:
        with stop_on_signals() as stop:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0)
            return stop.is_set()

    assert asyncio.run(work())


def test_stop_hears_the_end_of_a_terminal_unless_that_was_to_be_ignored() -> None:
    async def wait() -> bool:
        with stop_on_signals() as stop:
            os.kill(os.getpid(), signal.SIGHUP)
            return await stopped_within(stop, 0.2)

    assert asyncio.run(wait())
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does it
    try:
        assert not asyncio.run(wait())
    finally:
        signal.signal(signal.SIGHUP, before)


def test_stop_that_nobody_wished_for_waits_its_time() -> None:
    async def wait() -> bool:
        with stop_on_signals() as stop:
            return await stopped_within(stop, 0.01)

    assert not asyncio.run(wait())


def test_service_manager_hears_one_datagram_each(tmp_path: Path) -> None:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        listening.settimeout(patience())
        manager = service_manager({"NOTIFY_SOCKET": str(path)}, os.getpid())
        manager.tell(READY, "STATUS=fine")
        manager.tell(ALIVE)

        assert b"READY=1\nSTATUS=fine" == listening.recv(100)
        assert b"WATCHDOG=1" == listening.recv(100)


def test_service_manager_hears_that_we_live_while_our_loop_turns(tmp_path: Path) -> None:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(path))
        listener.settimeout(patience(10))
        address = {"NOTIFY_SOCKET": str(path)}

        async def alive() -> list[bytes]:
            watched = service_manager({**address, "WATCHDOG_USEC": "20000"}, os.getpid())
            async with beating(watched), beating(service_manager(address, os.getpid())):
                return [await asyncio.to_thread(listener.recv, 100) for _ in range(3)]

        heard = asyncio.run(alive())

    assert 3 * [b"WATCHDOG=1"] == heard


def test_service_manager_may_have_an_abstract_socket() -> None:
    name = f"newsletter-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name}")
        listening.settimeout(patience())
        service_manager({"NOTIFY_SOCKET": f"@{name}"}, 1).tell(READY)

        assert b"READY=1" == listening.recv(100)


def test_service_manager_that_is_gone_stops_nobody(tmp_path: Path) -> None:
    service_manager({"NOTIFY_SOCKET": str(tmp_path / "gone")}, 1).tell(READY)
    service_manager({}, 1).tell(READY)


def test_watchdog_is_fed_twice_in_its_time_and_only_by_its_own_process() -> None:
    address = {"NOTIFY_SOCKET": "/run/notify"}

    assert 15.0 == service_manager({**address, "WATCHDOG_USEC": "30000000"}, 7).watchdog
    assert (
        15.0
        == service_manager(
            {**address, "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"}, 7
        ).watchdog
    )
    assert (
        None
        is service_manager(
            {**address, "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"}, 7
        ).watchdog
    )
    assert None is service_manager({**address, "WATCHDOG_USEC": "soon"}, 7).watchdog
    assert None is service_manager({"WATCHDOG_USEC": "30000000"}, 7).watchdog
