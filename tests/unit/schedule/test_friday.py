from datetime import UTC, date, datetime

import pytest

from newsletter.schedule import ScheduleRule, next_date


@pytest.mark.parametrize(
    ("expected", "now"),
    [
        (date(2026, 11, 27), datetime(2026, 11, 22, 12, tzinfo=UTC)),
        (date(2026, 11, 27), datetime(2026, 11, 27, 0, 0, tzinfo=UTC)),
        (date(2026, 11, 27), datetime(2026, 11, 27, 23, 59, tzinfo=UTC)),
        (date(2026, 12, 4), datetime(2026, 11, 28, 0, 0, tzinfo=UTC)),
        # In London it is Friday already: British Summer Time is an hour ahead of UTC.
        (date(2026, 7, 24), datetime(2026, 7, 23, 23, 30, tzinfo=UTC)),
    ],
)
def test_next_date_is_today_all_day_long_or_the_next_friday(expected: date, now: datetime) -> None:
    assert expected == next_date(ScheduleRule(), now)
