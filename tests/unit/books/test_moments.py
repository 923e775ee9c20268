"""Moments as people read them: in UTC to the minute, how long, and how long until then."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.books import in_time, in_words, minute, second

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)


def test_moment_is_shown_in_utc_whatever_its_zone() -> None:
    there = datetime(2026, 11, 28, 5, 30, 9, tzinfo=ZoneInfo("Pacific/Kiritimati"))

    assert "2026-11-27 15:30 UTC" == minute(there)
    assert "2026-11-27 15:30:09 UTC" == second(there)


@pytest.mark.parametrize(
    ("expected", "seconds"),
    [
        ("0 s", 0.4),
        ("12 s", 12),
        ("5 min", 300),
        ("5 min 12 s", 312),
        ("1 h 5 min", 3_909),
        ("2 h", 7_210),
        ("1 day", 86_400 + 300),
        ("1 day 6 h", 30 * 3_600),
        ("1,200 days 1 h", 1_200 * 86_400 + 3_600),
    ],
)
def test_duration_has_two_figures_at_most(expected: str, seconds: float) -> None:
    assert expected == in_words(timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("expected", "seconds"),
    [
        ("in 0 s", 0),
        ("in 59 s", 59),
        ("in 1 min", 119),
        ("in 2 h 5 min", 7_500),
        ("in 2 h", 7_210),
        ("in 1 day", 86_400),
        ("in 3 days 4 h", 3 * 86_400 + 4 * 3_600),
        ("5 min ago", -300),
    ],
)
def test_time_until_then_has_no_seconds_beside_minutes(expected: str, seconds: int) -> None:
    assert expected == in_time(NOW + timedelta(seconds=seconds), NOW)
