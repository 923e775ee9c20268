"""Days and times as the studio's pages say them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from newsletter.web.studio.dates import ago, ahead, lasted, long_day, short_day

NOW = datetime(2026, 6, 17, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 6, 19), "Fri 19 June"),
        (date(2026, 11, 27), "Fri 27 Nov"),
        (date(2021, 11, 26), "26 Nov 2021"),
    ],
)
def test_short_day_has_its_year_where_that_is_not_near(day: date, said: str) -> None:
    assert said == short_day(day, NOW.date())


def test_long_day_has_its_year_where_that_is_another_one() -> None:
    assert "Friday 19 June" == long_day(date(2026, 6, 19), NOW.date())
    assert "Friday 1 January 2027" == long_day(date(2027, 1, 1), NOW.date())


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(hours=13), "yesterday"),
        (timedelta(days=2), "Monday"),
        (timedelta(days=15), "2 June"),
        (timedelta(days=400), "13 May 2025"),
    ],
)
def test_ago_is_the_coarser_the_longer_ago(before: timedelta, said: str) -> None:
    assert said == ago(NOW - before, NOW)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(hours=5, minutes=3), "in 5 h 3 min"),
        (timedelta(hours=19), "tomorrow"),
        (timedelta(days=2), "in 2 days"),
    ],
)
def test_ahead_counts_days_as_a_calendar_does(after: timedelta, said: str) -> None:
    assert said == ahead(NOW + after, NOW)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "less than a second"),
        (1, "1 second"),
        (262, "4 minutes 22 seconds"),
        (7_200, "2 hours"),
        (90_061, "1 day 1 hour"),
    ],
)
def test_lasted_has_two_figures_at_the_most(seconds: float, said: str) -> None:
    assert said == lasted(timedelta(seconds=seconds))
