"""What `newsletter send` asks and shows before it begins, and an issue asked for by its name."""

from collections.abc import Iterator

import pytest

from tests.acceptance.publication import Publication
from tests.acceptance.schedule_world import Desk, at, needs_faketime, open_desk

NAME = "2026-12-11"
FORTNIGHT_BEFORE = "2026-11-27 12:00:00"

pytestmark = [needs_faketime, pytest.mark.slow]


@pytest.fixture
def desk(publication: Publication) -> Iterator[Desk]:
    yield from open_desk(publication, 3)


def test_issue_of_a_day_to_come_is_not_sent_unless_the_date_is_said_to_be_right(desk: Desk) -> None:
    desk.write(NAME)

    dry = desk.run("send", NAME, "--dry-run", moment=FORTNIGHT_BEFORE)
    refused = desk.run("send", NAME, "--yes", moment=FORTNIGHT_BEFORE)
    before = desk.readers()
    done = desk.run("send", NAME, "--yes", "--date-is-right", moment=FORTNIGHT_BEFORE)
    again = desk.run("send", NAME, "--yes", moment=FORTNIGHT_BEFORE)

    words = "2026-12-11 is dated Friday 2026-12-11, 14 days from now"
    assert (0, 2, 0, 0) == (dry.status, refused.status, done.status, again.status), done.err
    assert words in dry.out
    assert words in refused.err
    assert "say --date-is-right to send it now" in refused.err
    assert ([], 3) == (before, len(desk.readers()))


@pytest.mark.parametrize(("answers", "sent"), [("n\n", 0), ("y\nn\n", 0), ("y\ny\n", 3)])
def test_issue_of_a_day_to_come_is_asked_about_twice(answers: str, sent: int, desk: Desk) -> None:
    desk.write(NAME)

    done = desk.publication.run_on_terminal("send", NAME, answers=answers, env=at(FORTNIGHT_BEFORE))

    assert (0 if sent else 2) == done.status, done.err
    assert "14 days from now. Send it now all the same?" in done.out
    assert answers.startswith("y") == ("to 3 people over directory:" in done.out)
    assert sent == len(desk.readers())


@pytest.mark.parametrize(
    "moment", ["2026-12-10 08:00:00", "2026-12-11 23:00:00", "2027-03-01 08:00:00"]
)
def test_issue_of_tomorrow_today_or_a_day_past_is_nobodys_business(moment: str, desk: Desk) -> None:
    desk.write(NAME)

    done = desk.run("send", NAME, "--yes", moment=moment)

    assert (0, 3) == (done.status, len(desk.readers())), done.err


def test_issue_without_a_date_of_its_own_is_of_the_day_of_its_slot(desk: Desk) -> None:
    path = desk.write("harbour")
    assert 0 == desk.run("schedule", path, "--at", "2026-12-11 07:00").status

    done = desk.run("send", "harbour", "--yes", moment=FORTNIGHT_BEFORE)

    assert (2, True) == (done.status, "dated Friday 2026-12-11" in done.err), done.err


def test_question_shows_the_subject(desk: Desk) -> None:
    desk.write(NAME, subject="A shop on Twitter")

    done = desk.publication.run_on_terminal(
        "send", NAME, answers="n\n", env=at("2026-12-11 07:00:00")
    )

    assert "Send 2026-12-11, “A shop on Twitter”, to 3 people over directory:" in done.out


def test_many_warnings_are_counted_and_shown_where_they_are_asked_for(desk: Desk) -> None:
    path = desk.write(NAME)
    many = "".join(f"[Shop {number}](http://{number}.example.com) opens. " for number in range(12))
    path.write_text(path.read_text().replace("Walmart sells", f"{many}Walmart sells"))

    send = desk.run("send", NAME, "--yes", moment="2026-12-11 07:00:00")
    dry = desk.run("send", NAME, "--dry-run", moment="2026-12-11 07:00:00")
    check = desk.run("check", NAME)

    assert 0 == send.status, send.err
    assert "warnings" in send.out
    assert "4 more; `newsletter check issues/2026-12-11.md` shows them all" in send.out
    assert all(len(line) < 120 for line in send.out.splitlines() if "link-https" in line)
    assert (8, 12, 12) == tuple(each.out.count("link-https") for each in (send, dry, check))


@pytest.mark.parametrize("asked", ["2026-12-11", "2026-12-11.md", "issues/2026-12-11"])
def test_every_command_takes_a_name_or_a_path(asked: str, desk: Desk) -> None:
    desk.write(NAME)
    arguments = (
        ("show", asked),
        ("check", asked),
        ("fmt", "--check", asked),
        ("render", asked),
        ("schedule", asked),
        ("approve", asked, "--by", "Ada Lovelace"),
        ("status", asked),
        ("unschedule", asked),
        ("send", asked, "--dry-run"),
        ("send", asked, "--yes", "--date-is-right"),
        ("report", asked),
        ("resolve", asked),
        ("log", asked),
    )

    for each in arguments:
        done = desk.run(*each, moment=FORTNIGHT_BEFORE)
        assert 0 == done.status, (each, done.out, done.err)
