"""`newsletter approve`, `log`, and approvals that `send` asks for, with the installed command."""

import json
import sqlite3
from collections.abc import Iterator

import pytest

from tests.acceptance.publication import Publication
from tests.acceptance.schedule_world import Desk, needs_faketime, open_desk
from tests.pictures import photo, saved

NAME = "2026-11-27"
FILE = f"issues/{NAME}.md"
FRIDAY = f"{NAME} 07:00:00"
LATER = f"{NAME} 07:30:00"

pytestmark = [needs_faketime, pytest.mark.slow]


@pytest.fixture
def desk(publication: Publication) -> Iterator[Desk]:
    yield from open_desk(publication, 3)


def test_approval_is_shown_and_holds(desk: Desk) -> None:
    desk.write(NAME)

    approved = desk.run("approve", FILE, "--by", "Ada Lovelace")
    status = desk.run("status", NAME)

    assert (0, 0) == (approved.status, status.status), approved.err + status.err
    assert 1 == approved.out.count("Ada Lovelace"), approved.out
    assert f"`newsletter schedule {FILE}` puts it in its slot." in approved.out
    assert "holds  Ada Lovelace" in status.out


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        (FILE, "tills", "cashiers", FILE),
        ("newsletter.toml", '# accent = "#c2410c"', 'accent = "#0c41c2"', "[theme]"),
        ("newsletter.toml", "<friday@news", "<thursday@news", "[sender]"),
        ("newsletter.toml", "Example Media Ltd", "Example Media plc", "[publication]"),
        ("templates/issue.txt.j2", "{# The", "Hello\n{# The", "templates/issue.txt.j2"),
    ],
)
def test_any_change_voids_the_approval_and_status_names_it(
    file: str, old: str, new: str, named: str, desk: Desk
) -> None:
    desk.write(NAME)
    desk.run("templates", "eject", "issue.txt.j2")
    desk.run("approve", FILE, "--by", "Ada Lovelace")
    path = desk.folder / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    done = desk.run("status", FILE)

    changed = next(line for line in done.out.splitlines() if "Changed since Ada" in line)
    assert named in changed
    assert "void  Ada Lovelace" in done.out


def test_other_picture_voids_the_approval_and_status_names_it(desk: Desk) -> None:
    desk.write(NAME)
    picture, path = desk.folder / "images/tram.jpg", desk.folder / FILE
    picture.parent.mkdir()
    picture.write_bytes(saved(photo(90, 60), "JPEG"))
    headline, _, body = path.read_text("utf-8").partition("\n\n## 2. ")
    path.write_text(f"{headline}\n\n![A tram](images/tram.jpg)\n\n## 2. {body}", "utf-8")
    desk.run("approve", FILE, "--by", "Ada Lovelace")
    picture.write_bytes(saved(photo(90, 61), "JPEG"))

    done = desk.run("status", FILE)

    changed = next(line for line in done.out.splitlines() if "Changed since Ada" in line)
    assert changed.endswith("): images/tram.jpg")
    assert "void  Ada Lovelace" in done.out


def test_status_shows_the_first_lines_of_what_has_changed(desk: Desk) -> None:
    path = desk.write(NAME, "Before.")
    desk.run("approve", FILE, "--by", "Ada Lovelace")
    path.write_text(path.read_text(encoding="utf-8").replace("Before.", "After."), encoding="utf-8")

    lines = desk.run("status", FILE).out.splitlines()

    assert any(line.strip().startswith("-") and "Before." in line for line in lines)
    assert any(line.strip().startswith("+") and "After." in line for line in lines)


def test_author_may_not_approve_but_may_override_with_a_reason(desk: Desk) -> None:
    desk.write(NAME, author="Ada Lovelace")

    refused = desk.run("approve", FILE, "--by", "ada  LOVELACE")
    bare = desk.run("approve", FILE, "--by", "Ada Lovelace", "--force")
    forced = desk.run("approve", FILE, "--by", "Ada Lovelace", "--force", "--reason", "alone here")
    log = desk.run("log", NAME)

    assert (2, 2, 0) == (refused.status, bare.status, forced.status), forced.err
    assert "authors may not approve their own issue" in refused.err
    assert 'add --reason "…"' in bare.err
    assert "Overridden by Ada Lovelace: alone here" in forced.out
    assert "overridden    2026-11-27  alone here" in log.out


def test_author_may_approve_where_the_settings_say_so(desk: Desk) -> None:
    desk.settings("approval", "author_may_approve = true")
    desk.write(NAME, author="Ada Lovelace")

    done = desk.run("approve", FILE, "--by", "Ada Lovelace")

    assert 0 == done.status, done.err


def test_two_people_are_two_however_often_one_says_yes(desk: Desk) -> None:
    desk.settings("approval", "required = 2")
    desk.write(NAME)

    desk.run("approve", FILE, "--by", "Ada Lovelace")
    again = desk.run("approve", FILE, "--by", "ada lovelace")
    second = desk.run("approve", FILE, "--by", "Grace Hopper")

    assert "1 of 2 approvals" in again.out
    assert "somebody else must approve it" in again.out
    assert "2 of 2" not in again.out
    assert "Grace Hopper and" in second.out or "and Grace Hopper" in second.out


def test_issue_with_errors_is_not_approved(desk: Desk) -> None:
    path = desk.write(NAME)
    path.write_text("# Nothing\n", encoding="utf-8")

    done = desk.run("approve", FILE, "--by", "Ada Lovelace")
    log = desk.run("log")

    assert (1, True) == (done.status, "It is not approved" in done.out), done.err
    assert ["imported"] == [line.split()[3] for line in log.out.splitlines()]


@pytest.mark.parametrize("name", ["", "   ", "Ada\x1b[31m", "A" * 201])
def test_approval_wants_a_name(name: str, desk: Desk) -> None:
    desk.write(NAME)

    done = desk.run("approve", FILE, "--by", name)

    assert (2, True) == (done.status, "this is not a name" in done.err)


def test_send_by_hand_asks_for_approvals_where_the_settings_say_so(desk: Desk) -> None:
    desk.settings("approval", "send_too = true")
    desk.write(NAME)

    refused = desk.run("send", FILE, "--yes")
    forced = desk.run(
        "send", FILE, "--yes", "--force", "--reason", "the desk is ill", moment=FRIDAY
    )
    log = json.loads(desk.run("log", "--format", "json").out)

    assert (1, 0) == (refused.status, forced.status), refused.out + forced.err
    assert "Nothing was sent: it is not approved." in refused.out
    assert 3 == len(desk.readers())
    imported, *since = log
    assert "imported" == imported["action"]
    assert ["overridden", "started", "finished"] == [entry["action"] for entry in since]
    assert "the desk is ill" == since[0]["detail"]
    assert 1 == len({entry["digest"] for entry in since})


def test_approved_issue_is_sent_by_hand(desk: Desk) -> None:
    desk.settings("approval", "send_too = true")
    desk.write(NAME)
    desk.run("approve", FILE, "--by", "Ada Lovelace")

    done = desk.run("send", FILE, "--yes", moment=FRIDAY)
    status = desk.run("status", NAME)

    assert (0, 3) == (done.status, len(desk.readers())), done.out + done.err
    assert "approved by Ada Lovelace" in status.out


def test_approval_that_is_taken_back_keeps_the_issue_from_its_slot(desk: Desk) -> None:
    desk.approved()

    stranger = desk.run("approve", NAME, "--by", "Grace Hopper", "--withdraw")
    done = desk.run(
        "approve", NAME, "--by", "ada  LOVELACE", "--withdraw", "--reason", "a wrong figure"
    )
    status, scheduled = desk.run("status", FILE), desk.run("scheduled")
    due = desk.run("due", moment=FRIDAY)
    log = desk.run("log", NAME)

    assert (2, 0) == (stranger.status, done.status), stranger.err + done.err
    assert "no approval by Grace Hopper to withdraw: it is approved by Ada Lovelace" in (
        " ".join(stranger.err.split())
    )
    assert "It would not be sent at 2026-11-27 07:00 Europe/London" in done.out
    assert "withdrawn  Ada Lovelace, 2026-11-25 10:00 UTC" in status.out
    assert "taken back 2026-11-25 10:00 UTC: a wrong figure" in status.out
    assert "0 of 1 approvals: Ada Lovelace has withdrawn theirs" in scheduled.out
    assert (1, []) == (due.status, desk.readers()), due.out
    assert "withdrawn     2026-11-27  a wrong figure  by Ada Lovelace" in log.out


def test_what_has_begun_is_not_stopped_by_taking_an_approval_back(desk: Desk) -> None:
    desk.settings("approval", "send_too = true")
    desk.write(NAME)
    desk.run("approve", FILE, "--by", "Ada Lovelace")
    desk.run("send", FILE, "--yes", "--limit", "1", moment=FRIDAY)

    # A clock runs on while a command starts: its own moment would be before that of a slow send.
    done = desk.run("approve", FILE, "--by", "Ada Lovelace", "--withdraw", moment=LATER)
    rest = desk.run("send", FILE, "--yes", moment=LATER)
    after = desk.run("approve", NAME, "--by", "Ada Lovelace", "--withdraw", moment=LATER)
    status = desk.run("status", NAME, moment=LATER)

    assert "The sending of 2026-11-27 has begun, and goes on." in done.out
    assert f"`newsletter pause {NAME}` stops it for now, `newsletter cancel {NAME}` for good." in (
        done.out
    )
    assert (0, 2, 3) == (rest.status, after.status, len(desk.readers())), rest.err
    assert "approved by Ada Lovelace, who took it back on 2026-11-27 07:30 UTC" in status.out


@pytest.mark.parametrize("other", [["--force"], ["--segment", "tag:uk"]])
def test_withdrawal_is_of_everything_that_was_approved(other: list[str], desk: Desk) -> None:
    done = desk.run("approve", NAME, "--by", "Ada", "--withdraw", *other)

    assert (2, True) == (done.status, "leave out --force and --segment" in done.err)


def test_correction_wants_approvals_as_its_issue_does(desk: Desk) -> None:
    path = desk.write(NAME)
    desk.run("send", FILE, "--yes", moment=FRIDAY)
    path.write_text(
        "---\ncorrection: Getir shrinks.\n---\n"
        + path.read_text("utf-8").replace("Getir grows", "Getir shrinks"),
        "utf-8",
    )
    later = f"{NAME} 09:00:00"

    changed = desk.run("send", FILE, "--yes", moment=later)
    seen = desk.run("send", FILE, "--correction", "--dry-run", moment=later)
    refused = desk.run("send", FILE, "--correction", "--yes", moment=later)
    approved = desk.run("approve", FILE, "--by", "Ada Lovelace", moment=later)
    sent = desk.run("send", FILE, "--correction", "--yes", moment=later)

    assert (2, True) == (changed.status, f"newsletter send {NAME} --correction" in changed.err)
    missing = f"nobody has approved it; `newsletter approve {FILE} --by NAME`"
    assert missing in " ".join(seen.out.split())
    assert (1, True) == (refused.status, "the correction is not approved" in refused.out)
    forced = f"`newsletter send {FILE} --correction --force --reason TEXT`"
    assert forced in " ".join(refused.out.split())
    assert (0, 0, 6) == (approved.status, sent.status, len(desk.readers())), sent.out + sent.err


def test_log_that_was_tampered_with_says_so(desk: Desk) -> None:
    desk.write(NAME)
    desk.run("approve", FILE, "--by", "Ada Lovelace")
    desk.run("schedule", FILE)
    whole = desk.run("log", "--verify")
    with sqlite3.connect(desk.folder / "newsletter.db") as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE audit SET done_by = 'Grace Hopper' WHERE id = 1")

    broken = desk.run("log", "--verify")

    assert (0, True) == (whole.status, "The log is whole: 3 entries." in whole.out)
    assert (1, True) == (broken.status, "Entry 1 does not follow" in broken.out)


def test_approval_of_an_issue_that_is_out_names_no_slot_for_it(desk: Desk) -> None:
    """It would be refused: an issue is sent once."""
    desk.write(NAME)
    desk.run("send", FILE, "--yes", "--date-is-right")

    approved = desk.run("approve", FILE, "--by", "Ada Lovelace")

    assert 0 == approved.status, approved.err
    assert f"sending has begun already: see `newsletter status {NAME}`." in approved.out
    assert "puts it in its slot" not in approved.out
