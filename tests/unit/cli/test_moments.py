"""Moments as people say and read them: the wall time of --at, how long until then, DST."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.cli.moments import check_ahead, clock_change_note, in_time, wall_time_said
from newsletter.errors import NewsletterError

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-27 07:05", "2026-11-27T07:05", " 2026-11-27 07:05 "])
def test_wall_time_is_read(text: str) -> None:
    assert (date(2026, 11, 27), time(7, 5)) == wall_time_said(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "friday", "2026-11-31 07:00", "2026-11-27 24:00", "2026-11-27 7:00", "2026-11-27"),
        *("2026-11-27 07:00 UTC", "٢٠٢٦-11-27 07:00", "2026-11-27 07:00:00", "0000-01-01 00:00"),
    ],
)
def test_impossible_wall_time_is_refused(text: str) -> None:
    with pytest.raises(NewsletterError, match="is no date and time"):
        wall_time_said(text)


@pytest.mark.parametrize(
    ("expected", "seconds"),
    [
        ("in 0 s", 0),
        ("in 59 s", 59),
        ("in 1 min", 60),
        ("in 2 h 5 min", 7_500),
        ("in 2 h", 7_210),
        ("in 1 day", 86_400),
        ("in 3 days 4 h", 3 * 86_400 + 4 * 3_600),
        ("5 min ago", -300),
    ],
)
def test_time_until_then_has_two_figures_at_most(expected: str, seconds: int) -> None:
    assert expected == in_time(NOW + timedelta(seconds=seconds), NOW)


@pytest.mark.parametrize(
    ("expected", "day", "at", "zone"),
    [
        ("goes out at 2026-04-24 01:30", date(2026, 4, 24), time(0, 30), "Africa/Cairo"),
        ("goes out at 2026-03-27 03:30", date(2026, 3, 27), time(2, 30), "Asia/Jerusalem"),
        ("comes twice", date(2026, 10, 29), time(23, 30), "Africa/Cairo"),
        ("goes out at 2011-12-31 07:00", date(2011, 12, 30), time(7, 0), "Pacific/Apia"),
    ],
)
def test_clocks_that_change_are_told(expected: str, day: date, at: time, zone: str) -> None:
    assert expected in clock_change_note(day, at, ZoneInfo(zone))


def test_clocks_that_do_not_change_need_no_word() -> None:
    assert "" == clock_change_note(date(2026, 11, 27), time(7, 0), ZoneInfo("Europe/London"))


def test_moment_must_be_to_come_and_near() -> None:
    check_ahead(NOW + timedelta(seconds=1), "then", NOW)
    with pytest.raises(NewsletterError, match="is in the past"):
        check_ahead(NOW, "then", NOW)
    with pytest.raises(NewsletterError, match="is the year right"):
        check_ahead(NOW + timedelta(days=367), "then", NOW)
