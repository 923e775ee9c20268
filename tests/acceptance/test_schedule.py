"""`newsletter schedule`, `scheduled`, `unschedule` and `cancel`, with the installed command."""

from collections.abc import Iterator

import pytest

from tests.acceptance.publication import Publication
from tests.acceptance.schedule_world import Desk, needs_faketime, open_desk

NAME = "2026-11-27"
FILE = f"issues/{NAME}.md"

pytestmark = [needs_faketime, pytest.mark.slow]


@pytest.fixture
def desk(publication: Publication) -> Iterator[Desk]:
    yield from open_desk(publication, 2)


def test_issue_goes_into_the_next_slot_and_out_of_it_again(desk: Desk) -> None:
    desk.write(NAME)

    scheduled = desk.run("schedule", FILE, moment="2026-11-25 10:30:00")
    listed = desk.run("scheduled")
    taken_out = desk.run("unschedule", NAME, "--reason", "not this week")
    empty = desk.run("scheduled")
    log = desk.run("log")

    assert 0 == scheduled.status, scheduled.err
    assert "2026-11-27 07:00 Europe/London (07:00 UTC), in 1 day 20 h" in scheduled.out
    assert "0 of 1 approvals" in scheduled.out
    assert "Fri 2026-11-27 07:00 Europe/London  2026-11-27 07:00 UTC" in listed.out
    assert (0, True) == (taken_out.status, "Nothing is scheduled." in empty.out)
    assert "unscheduled   2026-11-27  not this week" in log.out


def test_issue_without_a_date_is_dated_by_its_slot(desk: Desk) -> None:
    """What is approved before and after it is scheduled has another date on it."""
    path = desk.write("special")
    desk.run("schedule", path, "--at", "2026-12-10 15:30")
    approved = desk.run("approve", path, "--by", "Ada Lovelace")

    assert "Dated      2026-12-10" in approved.out
    assert "It goes out at 2026-12-10 15:30 Europe/London." in approved.out


def test_second_issue_goes_into_the_slot_after(desk: Desk) -> None:
    desk.run("schedule", desk.write("first"))

    second = desk.run("schedule", desk.write("second"))
    third = desk.run("schedule", desk.write("third"), "--at", "2026-12-04 07:00")

    assert "second goes out at 2026-12-04 07:00" in second.out
    assert 2 == third.status
    assert "the slot 2026-12-04 07:00 Europe/London is taken by the issue second" in third.err


def test_issue_of_a_later_week_goes_into_the_slot_of_its_own_day(desk: Desk) -> None:
    done = desk.run("schedule", desk.write("2026-12-11"))

    assert "2026-12-11 goes out at 2026-12-11 07:00 Europe/London" in done.out


@pytest.mark.parametrize(
    ("expected", "name", "options"),
    [
        ("is in the past", NAME, ["--at", "2026-11-20 07:00"]),
        ("is in the past", NAME, ["--at", "2026-11-25 10:00"]),
        ("“tomorrow” is not a date and time", NAME, ["--at", "tomorrow"]),
        ("“2026-02-30 07:00” is not a date and time", NAME, ["--at", "2026-02-30 07:00"]),
        ("“2026-11-27 25:00” is not a date and time", NAME, ["--at", "2026-11-27 25:00"]),
        ("is more than a year ahead", NAME, ["--at", "2062-11-27 07:00"]),
        (
            "is dated Friday 2026-11-27, and the slot is Saturday 2026-11-28",
            NAME,
            ["--at", "2026-11-28 07:00"],
        ),
        (
            "is dated Wednesday 2026-12-02, and the next free slot is Friday 2026-12-04",
            "2026-12-02",
            [],
        ),
        ("no such file", "gone", []),
    ],
)
def test_impossible_slot_is_refused_in_words(
    expected: str, name: str, options: list[str], desk: Desk
) -> None:
    path = desk.folder / f"issues/{name}.md"
    if name != "gone":
        undated = "undated" if "the past" in expected or "year" in expected else name
        path = desk.write(undated)

    done = desk.run("schedule", path, *options)

    assert (2, True) == (done.status, expected in done.err), done.err
    assert "Nothing is scheduled." in desk.run("scheduled").out


def test_unknown_zone_is_a_fault_of_the_settings(desk: Desk) -> None:
    path = desk.folder / "newsletter.toml"
    path.write_text(path.read_text().replace("Europe/London", "Europe/Londinium"))

    done = desk.run("schedule", desk.write(NAME))

    assert 2 == done.status
    assert '[schedule] timezone = "Europe/Londinium": must be an IANA zone' in done.err


def test_issue_is_scheduled_once_and_not_after_it_was_sent(desk: Desk) -> None:
    desk.run("schedule", desk.write(NAME))

    again = desk.run("schedule", FILE)
    desk.run("send", FILE, "--yes", "--date-is-right")
    sent = desk.run("schedule", FILE)
    listed = desk.run("scheduled", "--all")

    assert (2, 2) == (again.status, sent.status)
    assert "it is already scheduled for 2026-11-27 07:00 Europe/London" in again.err
    assert "an issue is sent once" in sent.err
    assert "done" in listed.out


def test_issue_with_errors_is_not_scheduled(desk: Desk) -> None:
    path = desk.write(NAME)
    path.write_text("# Nothing\n", encoding="utf-8")

    done = desk.run("schedule", FILE)

    assert (1, True) == (done.status, "It is not scheduled" in done.out)


def test_wall_time_that_the_clocks_jump_over_is_told(desk: Desk) -> None:
    path = desk.folder / "newsletter.toml"
    path.write_text(path.read_text().replace("Europe/London", "Africa/Cairo"))

    gap = desk.run(
        "schedule", desk.write("a"), "--at", "2026-04-24 00:30", moment="2026-04-01 00:00:00"
    )
    fold = desk.run(
        "schedule", desk.write("b"), "--at", "2026-10-29 23:30", moment="2026-10-01 00:00:00"
    )

    assert "(2026-04-23 22:30 UTC)" in gap.out, gap.err
    assert "it goes out at 2026-04-24 01:30" in gap.out
    assert "(20:30 UTC)" in fold.out, fold.err
    assert "comes twice in Africa/Cairo" in fold.out


def test_holiday_has_no_slot(desk: Desk) -> None:
    desk.settings("schedule", 'skip = ["2026-11-27"]')

    done = desk.run("schedule", desk.write("special"))

    assert "special goes out at 2026-12-04 07:00" in done.out


def test_cancel_before_the_slot_takes_the_issue_out_of_it(desk: Desk) -> None:
    desk.run("schedule", desk.write(NAME))

    asked = desk.run("cancel", NAME)
    done = desk.run("cancel", NAME, "--yes")
    listed = desk.run("scheduled")

    assert (2, True) == (asked.status, "add --yes" in asked.err)
    assert (0, True) == (done.status, "is no longer scheduled" in done.out), done.err
    assert "Nothing is scheduled." in listed.out


def test_unscheduling_what_has_no_slot_is_an_error(desk: Desk) -> None:
    done = desk.run("unschedule", NAME)

    assert (2, True) == (done.status, "the issue has no slot" in done.err)


def test_install_prints_or_writes_units(desk: Desk) -> None:
    printed = desk.run("schedule", "install", "--systemd")
    written = desk.run("schedule", "install", "--timer", "--user", "news", "--to", "units")
    cron = desk.run("schedule", "install", "--cron")
    none = desk.run("schedule", "install")

    assert (0, 0, 0, 2) == (printed.status, written.status, cron.status, none.status)
    assert "# /etc/systemd/system/newsletter-the-friday-five.service" in printed.out
    assert "newsletter run" in printed.out
    names = {path.name for path in (desk.folder / "units").iterdir()}
    name = "newsletter-the-friday-five-due"
    assert {f"{name}.service", f"{name}.timer"} == names
    assert "User=news" in (desk.folder / f"units/{name}.service").read_text()
    assert f"Unit={name}.service" in (desk.folder / f"units/{name}.timer").read_text()
    assert "* * * * * cd " in cron.out
    assert "use --systemd" in none.err


def test_install_writes_units_for_the_site(desk: Desk) -> None:
    install = ("schedule", "install", "--to", "units")
    both = desk.run(*install, "--timer", "--site", "--port", "8081")
    one = desk.run(*install, "--systemd", "--serve")

    assert (0, 0) == (both.status, one.status), both.err + one.err
    name = "newsletter-the-friday-five"
    assert f"enable --now {name}-due.timer {name}-site.service" in both.err
    names = {path.name for path in (desk.folder / "units").iterdir()}
    assert {f"{name}.service", f"{name}-due.service", f"{name}-due.timer"} < names
    assert (
        "serve --host 127.0.0.1 --port 8081\n"
        in (desk.folder / f"units/{name}-site.service").read_text()
    )
    assert (
        "run --serve --host 127.0.0.1 --port 8080\n"
        in (desk.folder / f"units/{name}.service").read_text()
    )


@pytest.mark.parametrize(
    ("said", "options"),
    [
        ("cron starts what ends, and cannot serve the site", ["--cron", "--site"]),
        ("cron starts what ends, and cannot serve the site", ["--cron", "--serve"]),
        ("served by the daemon or by itself", ["--systemd", "--serve", "--site"]),
        ("only the daemon can serve as well", ["--timer", "--serve"]),
        ("no address in figures", ["--site", "--host", "news.example.com"]),
    ],
)
def test_install_refuses_a_site_that_nothing_would_serve(
    said: str, options: list[str], desk: Desk
) -> None:
    done = desk.run("schedule", "install", *options)

    assert (2, True) == (done.status, said in done.err), done.err


@pytest.mark.parametrize("kind", ["--systemd", "--timer", "--cron", "--site"])
def test_install_writes_over_no_other_publications_files(
    kind: str, desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    units = tmp_path_factory.mktemp("units")
    other = Publication(tmp_path_factory.mktemp("other"), desk.publication.environment)
    other.lay_out()
    install = ("schedule", "install", kind, "--to", units)

    first, again = desk.run(*install), desk.run(*install)
    before = {path.name: path.read_text() for path in units.iterdir()}
    taken = other.run(*install)
    named = other.run(*install, "--name", "friday-six")

    assert (0, 0, 2, 0) == (first.status, again.status, taken.status, named.status), named.err
    assert f"belongs to the publication in {desk.folder}" in taken.err
    assert "--name NAME" in taken.err
    assert before.items() <= {path.name: path.read_text() for path in units.iterdir()}.items()
    assert len(before) < len(list(units.iterdir()))


def test_install_writes_over_nothing_that_is_not_ours(desk: Desk) -> None:
    units = desk.folder / "units"
    units.mkdir()
    (units / "ssh.service").write_text("[Service]\nExecStart=/usr/sbin/sshd\n")

    done = desk.run("schedule", "install", "--systemd", "--name", "ssh", "--to", units)

    assert (2, True) == (done.status, "is no file of ours" in done.err)
    assert "sshd" in (units / "ssh.service").read_text()


def test_schedule_says_who_is_done_when_where_a_warm_up_stretches_it(desk: Desk) -> None:
    desk.settings("limits", "warm_up = { since = 2026-11-27, first_day = 1 }")

    done = desk.run("schedule", desk.write("2026-11-27"))

    assert "By the list of today it is done on Sat 2026-11-28:" in done.out
    assert "Fri 2026-11-27  1" in done.out
