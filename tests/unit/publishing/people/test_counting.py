"""Weeks by the clocks of the publication."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter.publishing.people.counting import mondays_until


@pytest.mark.parametrize(
    ("now", "zone", "expected"),
    [
        (datetime(2026, 11, 29, 23, 30, tzinfo=UTC), "Europe/London", date(2026, 11, 23)),
        (datetime(2026, 11, 29, 23, 30, tzinfo=UTC), "Europe/Berlin", date(2026, 11, 30)),
        (datetime(2026, 11, 30, 4, 0, tzinfo=UTC), "America/New_York", date(2026, 11, 23)),
    ],
)
def test_week_begins_on_the_zones_monday(now: datetime, zone: str, expected: date) -> None:
    assert expected == mondays_until(now, ZoneInfo(zone), 1)[0]


def test_weeks_are_whole_over_a_change_of_the_clocks() -> None:
    now = datetime(2026, 11, 4, tzinfo=UTC)

    assert [date(2026, 10, 19), date(2026, 10, 26), date(2026, 11, 2)] == list(
        mondays_until(now, ZoneInfo("Europe/London"), 3)
    )
