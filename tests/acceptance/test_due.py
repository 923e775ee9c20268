"""`newsletter due` and the corrections of `send`, with the installed command, under any clock."""

import json
import shutil
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Self

import pytest

from tests.acceptance.publication import Publication
from tests.acceptance.schedule_world import Desk, needs_faketime, open_desk
from tests.pace import patience

NAME = "2026-11-27"
FILE = f"issues/{NAME}.md"
EVERYONE = ["reader0", "reader1", "reader2"]

pytestmark = [needs_faketime, pytest.mark.slow]


@pytest.fixture
def desk(publication: Publication) -> Iterator[Desk]:
    yield from open_desk(publication, 3)


def test_due_sends_at_the_slot_and_then_says_nothing(desk: Desk) -> None:
    desk.approved()

    before = desk.run("due", moment="2026-11-27 06:59:40")
    then = desk.run("due", "--json", moment="2026-11-27 07:00:00")
    after = desk.run("due", moment="2026-11-27 07:01:00")

    found = json.loads(then.out)
    assert (0, "", "") == (before.status, before.out, before.err)
    assert ["started", "finished"] == [event["event"] for event in found["events"]]
    assert (0, 0) == (then.status, found["exit_status"]), then.err
    assert (0, "") == (after.status, after.out), after.err
    assert EVERYONE == desk.readers()
    assert (0, 1) == (len(desk.mails("desk@example.com")), len(desk.mails("boss@example.com")))


def test_ten_hosts_at_the_same_second_send_once(desk: Desk) -> None:
    desk.approved()

    processes = [desk.start("due", moment="2026-11-27 07:00:00") for _ in range(4)]
    said = [process.communicate(timeout=patience(120)) for process in processes]
    last = desk.run("due", moment="2026-11-27 07:02:00")

    assert {0, 75} >= {process.returncode for process in processes}, said
    assert (0, EVERYONE) == (last.status, desk.readers())


def test_due_that_finds_no_approval_exits_with_one_and_tells_the_desk(desk: Desk) -> None:
    desk.run("schedule", desk.write(NAME))

    done = desk.run("due", moment="2026-11-27 07:00:00")

    assert (1, []) == (done.status, desk.readers())
    assert "is not sent: it is not approved" in done.err
    assert 1 == len(desk.mails("desk@example.com"))


def test_alert_that_no_relay_takes_is_said_on_standard_error(desk: Desk) -> None:
    desk.run("schedule", desk.write(NAME))
    nobody = {"NEWSLETTER_TRANSPORT": "smtp://127.0.0.1:9?tls=none&timeout=2"}

    done = desk.run("due", moment="2026-11-27 07:00:00", env=nobody)

    assert 1 == done.status
    assert "is not sent" in done.err
    assert "told" in done.err


def test_wrong_password_is_tried_once_a_tick_and_less_and_less_often(desk: Desk) -> None:
    """Four sessions would log in, and an alert is to be mailed over the same relay."""
    desk.approved()
    with Doorkeeper() as keeper:
        url = f"smtp://ada@127.0.0.1:{keeper.port}?tls=none&connections=4"
        wrong = {"NEWSLETTER_TRANSPORT": url, "NEWSLETTER_TRANSPORT_PASSWORD": "wrong"}
        ticks = [
            desk.run("due", moment=f"2026-11-27 07:{minute:02}:00", env=wrong)
            for minute in (0, 1, 2, 6, 7, 15, 22)
        ]
        by_hand = desk.run("send", FILE, "--yes", moment="2026-11-27 07:23:00", env=wrong)
    mended = desk.run("send", FILE, "--yes", moment="2026-11-27 07:24:00")

    assert [2, 75, 75, 2, 75, 75, 2] == [tick.status for tick in ticks]
    assert "the relay refused user name or password" in ticks[0].err
    assert "nobody is told by mail before 2026-11-27 07:05:" in ticks[0].err
    assert (4, 2, 0) == (keeper.logins, by_hand.status, mended.status)
    assert EVERYONE == desk.readers()


class Doorkeeper:
    """A relay that lets nobody in, and counts."""

    def __init__(self) -> None:
        self.logins = 0
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self.port = self._server.server_address[1]

    def _handler(self) -> type[socketserver.StreamRequestHandler]:
        keeper = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"220 relay\r\n")
                for line in self.rfile:
                    if line.startswith(b"AUTH"):
                        keeper.logins += 1
                        self.wfile.write(b"535 5.7.8 authentication failed\r\n")
                    else:
                        self.wfile.write(b"250-relay\r\n250 AUTH PLAIN\r\n")

        return Handler

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def test_restored_database_sends_nothing_until_a_person_says_so(desk: Desk) -> None:
    desk.approved()
    backup = desk.folder / "backup"
    backup.mkdir()
    for path in desk.folder.glob("newsletter.db*"):
        shutil.copy(path, backup)
    desk.run("due", moment="2026-11-27 07:00:00")
    for path in desk.folder.glob("newsletter.db*"):
        path.unlink()
    for path in backup.iterdir():
        shutil.copy(path, desk.folder)

    refused = desk.run("due", moment="2026-11-27 07:05:00")
    by_hand = desk.run("send", FILE, "--yes", moment="2026-11-27 07:05:30")
    bare = desk.run("due", "--accept-restored", moment="2026-11-27 07:06:00")
    accepted = desk.run(
        "due", "--accept-restored", "--reason", "disk died", moment="2026-11-27 09:00:00"
    )
    late = desk.run("due", moment="2026-11-27 09:01:00")
    log = desk.run("log")

    assert (2, 2, 2, 0) == (refused.status, by_hand.status, bare.status, accepted.status)
    assert "was restored" in refused.err
    assert "newsletter due --accept-restored --reason TEXT" in by_hand.err
    assert "2026-11-27 is not started" in accepted.out or "2026-11-27" in accepted.out
    assert (0, EVERYONE) == (late.status, desk.readers()), late.out
    assert "missed" in log.out
    assert "disk died" in log.out


def test_full_disk_stops_the_slot_and_loses_nothing(desk: Desk) -> None:
    desk.approved()

    full = desk.run("due", moment="2026-11-27 07:00:00", max_file_bytes=4_096)
    after = desk.run("due", moment="2026-11-27 07:05:00")

    assert 2 == full.status, full.out + full.err
    assert "error:" in full.err or "stopped" in full.err
    assert (0, EVERYONE) == (after.status, desk.readers()), after.err


def test_correction_goes_to_those_who_have_the_first_one_and_only_once(desk: Desk) -> None:
    path = desk.approved()
    desk.run("due", moment="2026-11-27 07:00:00")
    people = desk.folder / "more.csv"
    people.write_text("email,consent\nreader9@example.com,fair\n")
    desk.run("subscribers", "import", people, "--yes")
    desk.run("subscribers", "suppress", "reader1@example.com", "--yes")
    text = path.read_text(encoding="utf-8").replace("Getir grows", "Getir shrinks")

    bare = desk.run("send", FILE, "--correction", "--yes", moment="2026-11-27 08:00:00")
    path.write_text(f"---\ncorrection: Getir shrinks.\n---\n{text}", encoding="utf-8")
    approved = desk.run("approve", NAME, "--by", "Ada Lovelace", moment="2026-11-27 08:00:30")
    first = desk.run("send", FILE, "--correction", "--yes", moment="2026-11-27 08:01:00")
    again = desk.run("send", FILE, "--correction", "--yes", moment="2026-11-27 08:02:00")
    status = desk.run("status", f"{NAME}-correction", moment="2026-11-27 08:02:00")
    log = desk.run("log", f"{NAME}-correction")

    assert (2, 0, 0) == (bare.status, first.status, again.status), bare.err + first.err
    assert "does not say what is corrected" in bare.err
    assert f"`newsletter send {FILE} --correction` sends it to those who have {NAME}." in (
        " ".join(approved.out.split())
    )
    assert "2 to send, 1 suppressed" in first.out
    assert "nothing to send" in again.out
    assert ["reader0", "reader0", "reader1", "reader2", "reader2"] == desk.readers()
    assert "a correction of 2026-11-27" in status.out
    assert "corrected     2026-11-27-correction" in log.out


def test_correction_of_what_was_never_sent_is_refused(desk: Desk) -> None:
    desk.write(NAME, correction="Getir shrinks.")

    done = desk.run("send", FILE, "--correction", "--yes")

    assert (2, True) == (done.status, "has never been sent" in done.err)


def test_second_correction_is_a_run_of_its_own(desk: Desk) -> None:
    desk.settings("approval", "corrections_too = false")
    desk.write(NAME)
    desk.run("send", FILE, "--yes", moment="2026-11-27 07:00:00")
    for number in (1, 2):
        desk.write(NAME, f"Number {number}.", correction=f"Number {number}.")
        done = desk.run("send", FILE, "--correction", "--yes")
        assert 0 == done.status, done.out + done.err

    status = desk.run("status")

    assert f"{NAME}-correction-2" in status.out
    assert 9 == len(desk.readers())


def test_killed_tick_is_gone_on_with_by_the_next(desk: Desk) -> None:
    people = desk.publication.people(60)
    desk.run("subscribers", "import", people, "--yes")
    desk.approved()
    slow = {"NEWSLETTER_TRANSPORT": "directory:sent/?rate=20/s"}
    process = desk.start("due", moment="2026-11-27 07:00:00", env=slow)
    _wait_for_readers(desk, process, 5)
    process.kill()
    process.communicate(timeout=patience(30))

    done = desk.run("due", moment="2026-11-27 07:01:00")

    readers = desk.readers()
    assert done.status in (0, 1), done.out + done.err
    assert len(readers) == len(set(readers))
    assert 59 <= len(readers) <= 60  # one was in doubt, at the most, and is held


def _wait_for_readers(desk: Desk, process: subprocess.Popen[str], count: int) -> None:

    end = time.monotonic() + patience()
    while len(desk.readers()) < count:
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)
