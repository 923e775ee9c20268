"""`newsletter run`, really run: it starts slots, stops cleanly, survives, and tells systemd."""

import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.publication import Publication
from tests.acceptance.schedule_world import Desk, needs_faketime, open_desk
from tests.pace import passing, patience

NAME = "2026-11-27"
FILE = f"issues/{NAME}.md"

pytestmark = [needs_faketime, pytest.mark.slow]


@pytest.fixture
def desk(publication: Publication) -> Iterator[Desk]:
    yield from open_desk(publication, 3)


@pytest.fixture
def daemons() -> Iterator[list[subprocess.Popen[str]]]:
    """Whatever happens, none is left behind."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        if process.poll() is None:
            process.kill()
            process.communicate(timeout=patience(30))


def wait_for(condition: Callable[[], bool], seconds: float = patience(60)) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def stop(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> str:
    """What it said on standard error; it must stop by itself, with status 0."""
    process.send_signal(number)
    _, err = process.communicate(timeout=patience(60))
    assert process.returncode == 0, err
    assert "Traceback" not in err
    return err


def test_daemon_sends_at_the_slot_and_stops_when_told(
    desk: Desk, daemons: list[subprocess.Popen[str]]
) -> None:
    desk.approved()
    daemons.append(desk.start("run", "--tick", "1", moment="2026-11-27 06:59:56"))

    wait_for(lambda: len(desk.mails("boss@example.com")) == 1)
    status = desk.run("status", moment="2026-11-27 07:00:10")
    err = stop(daemons[0])

    assert ["reader0", "reader1", "reader2"] == desk.readers()
    assert "Z info started: 2026-11-27 is sent to 3 people" in err
    assert "06:59:5" not in next(line for line in err.splitlines() if "started:" in line)
    assert 1 == err.count("finished: 2026-11-27 The books balance: 3 = 3.")
    assert err.rstrip().endswith("Z info stopped: nothing is left under way")
    assert f"process {daemons[0].pid} since" in status.out
    assert "last heard from" in status.out
    assert "last heard from" not in desk.run("status").out


def test_two_daemons_do_no_harm(desk: Desk, daemons: list[subprocess.Popen[str]]) -> None:
    desk.approved()
    for _ in range(2):
        daemons.append(desk.start("run", "--tick", "0.5", moment="2026-11-27 06:59:57"))

    wait_for(lambda: len(desk.mails("boss@example.com")) == 1)
    time.sleep(2)
    said = [stop(process) for process in daemons]

    assert ["reader0", "reader1", "reader2"] == desk.readers()
    # Both say so where one comes upon a slot that the other took and has no run for yet.
    assert any("started:" in err for err in said)
    assert 1 == len(desk.mails("boss@example.com"))


def test_daemon_that_is_stopped_in_mid_send_hands_over(
    desk: Desk, daemons: list[subprocess.Popen[str]]
) -> None:
    desk.run("subscribers", "import", desk.publication.people(60), "--yes")
    desk.approved()
    slow = {"NEWSLETTER_TRANSPORT": "directory:sent/?rate=15/s"}
    daemons.append(desk.start("run", "--tick", "1", moment="2026-11-27 07:00:00", env=slow))
    wait_for(lambda: len(desk.readers()) >= 5)

    stop(daemons[0])
    had = len(desk.readers())
    daemons.append(desk.start("run", "--tick", "1", moment="2026-11-27 07:01:00"))
    wait_for(lambda: len(desk.mails("boss@example.com")) == 1)
    err = stop(daemons[1])

    assert had < 60
    assert "resumed: 2026-11-27" in err
    assert (60, 60) == (len(desk.readers()), len(set(desk.readers())))


def test_daemon_that_is_killed_in_mid_send_is_taken_over(
    desk: Desk, daemons: list[subprocess.Popen[str]]
) -> None:
    desk.run("subscribers", "import", desk.publication.people(60), "--yes")
    desk.approved()
    slow = {"NEWSLETTER_TRANSPORT": "directory:sent/?rate=15/s"}
    daemons.append(desk.start("run", "--tick", "1", moment="2026-11-27 07:00:00", env=slow))
    wait_for(lambda: len(desk.readers()) >= 5)
    daemons[0].kill()
    daemons[0].communicate(timeout=patience(30))

    daemons.append(desk.start("run", "--tick", "1", moment="2026-11-27 07:01:00"))
    wait_for(lambda: len(desk.mails("boss@example.com")) == 1)
    stop(daemons[1])

    readers = desk.readers()
    assert len(readers) == len(set(readers))
    assert 59 <= len(readers) <= 60  # one was in doubt, at the most, and is held


def put_in_place(path: Path, text: str) -> None:
    """Whole or not at all: a daemon may read it at any moment."""
    path.with_suffix(".new").write_text(text, encoding="utf-8")
    path.with_suffix(".new").rename(path)


def test_daemon_outlives_settings_that_are_broken_for_a_while(
    desk: Desk, daemons: list[subprocess.Popen[str]]
) -> None:
    """The issue comes when they are sound again: no start is so slow that its slot comes first."""
    settings = desk.folder / "newsletter.toml"
    sound = settings.read_text(encoding="utf-8")
    process = desk.start("run", "--tick", "0.5", moment="2026-11-27 06:59:55")
    daemons.append(process)
    assert process.stderr
    assert "running" in process.stderr.readline()

    put_in_place(settings, sound.replace('"Europe/London"', '"Europe/Nowhere"'))
    fault = next(line for line in iter(process.stderr.readline, "") if " error " in line)
    time.sleep(2)
    put_in_place(settings, sound)
    desk.approved()
    wait_for(lambda: len(desk.mails("boss@example.com")) == 1)
    process.send_signal(signal.SIGTERM)
    rest = process.stderr.read()
    process.communicate(timeout=patience(30))

    assert 0 == process.returncode
    assert "Europe/Nowhere" in fault
    assert "Europe/Nowhere" not in rest  # the same line is not said at every tick
    assert ["reader0", "reader1", "reader2"] == desk.readers()


def test_daemon_tells_the_service_manager(desk: Desk, daemons: list[subprocess.Popen[str]]) -> None:
    path = desk.folder / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        manager.settimeout(patience(60))
        environment = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "1000000"}
        daemons.append(desk.start("run", moment="2026-11-25 10:00:00", env=environment))
        heard = [manager.recv(100).decode()]
        while "READY=1" not in heard or heard.count("WATCHDOG=1") < 3:
            heard.append(manager.recv(100).decode())
        daemons[0].send_signal(signal.SIGTERM)
        while heard[-1] != "STOPPING=1":
            heard.append(manager.recv(100).decode())
        daemons[0].communicate(timeout=patience(30))

    assert (0, 1, 1) == (
        daemons[0].returncode,
        heard.count("READY=1"),
        heard.count("STOPPING=1"),
    )
    assert heard.count("WATCHDOG=1") >= 3


def test_daemon_that_could_never_send_says_so_at_once(desk: Desk) -> None:
    done = desk.run("run", env={"NEWSLETTER_TRANSPORT": "carrier-pigeon:"})

    assert (2, True) == (done.status, "carrier-pigeon" in done.err)


def test_daemon_logs_for_machines_and_says_each_thing_once(
    desk: Desk, daemons: list[subprocess.Popen[str]]
) -> None:
    """An issue that nobody has approved is refused at every look."""
    desk.run("schedule", desk.write(NAME))
    arguments = ("run", "--tick", "0.2", "--log-format", "json")
    daemons.append(desk.start(*arguments, moment="2026-11-27 07:00:00"))
    wait_for(lambda: len(desk.mails("desk@example.com")) == 1)
    time.sleep(2)

    records = [json.loads(line) for line in stop(daemons[0], signal.SIGHUP).splitlines()]

    keys = ("time", "level", "event", "issue", "run", "delivery", "text")
    assert {keys} == {tuple(each) for each in records}
    assert ["running", "refused", "stopping", "stopped"] == [each["event"] for each in records]
    assert ["info", "warning", "info", "info"] == [each["level"] for each in records]
    assert ["", NAME, "", ""] == [each["issue"] for each in records]
    assert records[1]["text"].startswith("is not sent: it is not approved")
    assert records[0]["time"].startswith("2026-11-27T07:0")


def test_slot_begins_on_time_while_another_run_is_slow(
    desk: Desk, daemons: list[subprocess.Popen[str]]
) -> None:
    """That is, before the first one is done; the two share the rate."""
    desk.run("subscribers", "import", desk.publication.people(40), "--yes")
    for name, at in (("first", "07:00"), ("second", "07:01")):
        path = desk.write(name, name)
        assert 0 == desk.run("schedule", path, "--at", f"2026-11-27 {at}").status
        assert 0 == desk.run("approve", path, "--by", "Ada Lovelace").status
    slow = {"NEWSLETTER_TRANSPORT": "directory:sent/?rate=4/s"}
    daemons.append(desk.start("run", "--tick", "1", moment="2026-11-27 07:00:56", env=slow))

    wait_for(lambda: len(desk.readers()) >= 24)  # the first one has ten seconds to go
    status = desk.run("status", moment="2026-11-27 07:01:20").out
    wait_for(lambda: len(desk.mails("boss@example.com")) == 2)
    err = stop(daemons[0])

    said = [
        line for line in err.splitlines() if "Z info started" in line or "Z info finished" in line
    ]
    assert ["first", "second", "first", "second"] == [line.split()[4] for line in said]
    assert 2 == status.count("to be sent")
    assert 80 == len(desk.readers())
    began, other, *_, ended = (seconds_of(line.split()[1]) for line in said)
    assert seconds_of("07:01:00") <= other
    assert 18 <= ended - began <= passing(60)


def seconds_of(clock: str) -> int:
    hours, minutes, seconds = map(int, clock.rstrip("Z").split(":"))
    return (hours * 60 + minutes) * 60 + seconds


def test_run_that_is_paused_does_not_end_the_daemon(
    desk: Desk, daemons: list[subprocess.Popen[str]]
) -> None:
    desk.run("subscribers", "import", desk.publication.people(60), "--yes")
    desk.approved()
    slow = {"NEWSLETTER_TRANSPORT": "directory:sent/?rate=8/s"}
    daemons.append(desk.start("run", "--tick", "0.5", moment="2026-11-27 07:00:00", env=slow))
    wait_for(lambda: len(desk.readers()) >= 5)

    assert 0 == desk.run("pause", NAME, moment="2026-11-27 07:00:30").status
    time.sleep(3)
    had = len(desk.readers())
    assert 0 == desk.run("resume", NAME, moment="2026-11-27 07:00:40").status
    wait_for(lambda: len(desk.mails("boss@example.com")) == 1)
    err = stop(daemons[0])

    assert had < 60 == len(desk.readers())
    assert f"Z info paused: {NAME} by " in err
    assert f"Z info resumed: {NAME}" in err
