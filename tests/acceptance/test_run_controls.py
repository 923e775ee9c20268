"""Pause, resume and cancel with the installed command, and the limits of one command."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsletter.inbox import Inbox, open_inbox
from tests.acceptance.publication import Publication
from tests.pace import patience

ISSUE = "issues/2021-11-26.md"
NAME = "2021-11-26"


@pytest.fixture
def inbox(publication: Publication) -> Iterator[Inbox]:
    folder = publication.folder / "inbox"
    folder.mkdir()
    with open_inbox(folder) as inbox:
        yield inbox


def wait_for(condition: Callable[[], bool], seconds: float = patience(30)) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def slow(inbox: Inbox) -> dict[str, str]:
    return {"NEWSLETTER_TRANSPORT": f"{inbox.url}&rate=10/s&connections=2"}


def fast(inbox: Inbox) -> dict[str, str]:
    return {"NEWSLETTER_TRANSPORT": inbox.url}


def start(publication: Publication, inbox: Inbox, people: Path) -> subprocess.Popen[str]:
    """A send that is under way and takes some seconds more."""
    arguments = ("send", ISSUE, "--subscribers", str(people), "--yes")
    process = publication.start(*arguments, env=slow(inbox))
    wait_for(lambda: inbox.count >= 3)
    return process


def test_pause_stops_a_running_send_and_resume_lets_it_go_on(
    publication: Publication, inbox: Inbox
) -> None:
    process = start(publication, inbox, publication.people(300))

    paused = publication.run("pause", NAME)
    _, err = process.communicate(timeout=patience(30))
    before = inbox.count
    refused = publication.run("send", ISSUE, "--yes", env=fast(inbox))
    resumed = publication.run("resume", ISSUE)
    again = publication.run("send", ISSUE, "--yes", env=fast(inbox))

    assert (0, 75, 75, 0, 0) == (
        paused.status,
        process.returncode,
        refused.status,
        resumed.status,
        again.status,
    ), err + again.err
    assert "will finish what is under way" in paused.out
    assert "Paused by " in err
    assert before < 300
    assert f"newsletter resume {NAME}" in refused.out
    assert 300 == inbox.count


def test_cancel_is_final_and_the_books_say_so(publication: Publication, inbox: Inbox) -> None:
    process = start(publication, inbox, publication.people(600))

    cancelled = publication.run("cancel", NAME, "--yes")
    _, err = process.communicate(timeout=patience(30))
    status = publication.run("status", NAME)
    again = publication.run("send", ISSUE, "--yes", env=fast(inbox))
    resumed = publication.run("resume", NAME)

    had = inbox.count
    assert (0, 2, 2) == (cancelled.status, again.status, resumed.status), cancelled.err
    assert "Cancelled by " in err
    assert f"{600 - had}  cancelled: the run was ended before their turn" in status.out
    assert "The books balance: 600 = 600." in status.out
    assert "was cancelled by" in again.err
    assert "cannot be resumed" in resumed.err


def test_cancel_ends_a_run_whose_process_is_dead(publication: Publication, inbox: Inbox) -> None:
    process = start(publication, inbox, publication.people(600))
    process.kill()
    process.communicate(timeout=patience(30))

    done = publication.run("cancel", NAME, "--yes")
    status = publication.run("status", NAME)

    assert 0 == done.status, done.err
    assert "planned" not in status.out
    assert "claimed" not in status.out


@pytest.mark.parametrize("command", ["pause", "resume", "cancel"])
def test_controls_name_a_run_that_is_not_there(publication: Publication, command: str) -> None:
    yes = ["--yes"] if command == "cancel" else []

    done = publication.run(command, "2031-01-01", *yes)

    assert 2 == done.status
    assert "2031-01-01: this issue has never been sent" in done.err


def test_killed_send_is_taken_over_at_once(publication: Publication, inbox: Inbox) -> None:
    """The lease has ten minutes to run, but its process is known to be dead."""
    process = start(publication, inbox, publication.people(60))
    process.kill()

    again = publication.run("send", ISSUE, "--yes", env=fast(inbox))
    process.communicate(timeout=patience(30))

    assert "is sending this issue" not in again.err
    assert again.status in (0, 1), again.err
    assert 58 <= inbox.count <= 60


def test_second_send_says_who_has_the_run(publication: Publication, inbox: Inbox) -> None:
    process = start(publication, inbox, publication.people(900))

    second = publication.run("send", ISSUE, "--yes", env=fast(inbox))
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=patience(30))

    assert (75, "") == (second.status, second.err)
    assert f"process {process.pid} since " in second.out
    assert "its lease runs until" in second.out
    assert (75, True) == (process.returncode, "The same command resumes" in err)


def test_limit_stops_after_so_many(publication: Publication, inbox: Inbox) -> None:
    people = publication.people(9)

    first = publication.run(
        "send", ISSUE, "--subscribers", people, "--limit", "4", "--yes", env=fast(inbox)
    )
    had = inbox.count
    second = publication.run("send", ISSUE, "--yes", env=fast(inbox))

    assert (75, 4) == (first.status, had), first.err
    assert (0, 9) == (second.status, inbox.count), second.err


def test_json_lines_are_all_there_is_on_standard_output(
    publication: Publication, inbox: Inbox
) -> None:
    people = publication.people(30)
    pace = ("--rate", "20/s", "--connections", "2")

    done = publication.run(
        "send", ISSUE, "--subscribers", people, "--yes", "--json-lines", *pace, env=fast(inbox)
    )

    records = [json.loads(line) for line in done.out.splitlines()]
    assert 0 == done.status, done.err
    assert ["progress", "end"] == [records[0]["event"], records[-1]["event"]]
    assert 3 <= len(records) <= 6  # one a second: 30 messages at 20/s
    assert {"accepted": 30} == records[-1]["counts"]
    assert (True, "complete", 0) == tuple(
        records[-1][key] for key in ("complete", "state", "exit_status")
    )


def test_changed_issue_is_refused_with_what_has_changed(
    publication: Publication, inbox: Inbox
) -> None:
    people = publication.people(3)
    publication.run(
        "send", ISSUE, "--subscribers", people, "--limit", "1", "--yes", env=fast(inbox)
    )
    path = publication.folder / ISSUE
    path.write_text(path.read_text().replace("Jason Derulo", "Jason Donovan", 1))

    done = publication.run("send", ISSUE, "--yes", env=fast(inbox))

    assert (2, 1) == (done.status, inbox.count)
    changed = [line for line in done.out.splitlines() if line[:1] in "+-" and "Jason D" in line]
    assert ["-", "+"] == [line[0] for line in changed]
    assert "being sent as" in done.err
