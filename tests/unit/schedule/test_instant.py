"""Wall time and zone to an instant, with what clocks really did or are due to do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import SettingsError
from newsletter.schedule import instant, iso_week_name, zone_named

SHORT = "%Y-%m-%d %H:%M"


@pytest.mark.parametrize(
    ("expected", "day", "wall", "zone"),
    [
        # Clocks go from 00:00 to 01:00: read with the offset from before, +02:00.
        ("2026-04-23 22:30", "2026-04-24", "00:30", "Africa/Cairo"),
        # From 02:00 to 03:00, +02:00 before.
        ("2026-03-27 00:30", "2026-03-27", "02:30", "Asia/Jerusalem"),
        # From 24:00 back to 23:00: it is 23:30 twice, and the first, +03:00, is meant.
        ("2026-10-29 20:30", "2026-10-29", "23:30", "Africa/Cairo"),
        # Two Fridays with the same wall time, 23 hours and six days apart.
        ("2026-03-27 08:00", "2026-03-27", "09:00", "Europe/Berlin"),
        ("2026-04-03 07:00", "2026-04-03", "09:00", "Europe/Berlin"),
        # The island went from Thursday to Saturday: its Friday is read with the offset of Thursday.
        ("2011-12-29 17:00", "2011-12-29", "07:00", "Pacific/Apia"),
        ("2011-12-30 17:00", "2011-12-30", "07:00", "Pacific/Apia"),
        ("2011-12-30 17:00", "2011-12-31", "07:00", "Pacific/Apia"),
        # The Fridays round the end of British Summer Time, and the Sunday itself.
        ("2026-10-23 06:00", "2026-10-23", "07:00", "Europe/London"),
        ("2026-10-25 07:00", "2026-10-25", "07:00", "Europe/London"),
        ("2026-10-25 00:30", "2026-10-25", "01:30", "Europe/London"),
        ("2026-10-30 07:00", "2026-10-30", "07:00", "Europe/London"),
        ("2026-03-29 01:30", "2026-03-29", "01:30", "Europe/London"),
    ],
)
def test_instant_is_what_clocks_there_show(expected: str, day: str, wall: str, zone: str) -> None:
    found = instant(date.fromisoformat(day), time.fromisoformat(wall), ZoneInfo(zone))

    assert expected == found.strftime(SHORT)
    assert UTC is found.tzinfo


def test_instant_takes_the_first_of_two_though_the_time_says_the_second() -> None:
    """A slot is kept in a database, which has no word for the second."""
    twice = time(1, 30, fold=1)

    found = instant(date(2026, 10, 25), twice, ZoneInfo("Europe/London"))

    assert "2026-10-25 00:30" == found.strftime(SHORT)


ZONES = sorted(available_timezones() - {"Factory", "localtime"})
DAYS = st.dates(date(1970, 1, 2), date(2037, 12, 30))
TIMES = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))


@given(DAYS, TIMES, st.sampled_from(ZONES))
def test_instant_shows_its_wall_time_or_lies_in_a_gap(day: date, wall: time, name: str) -> None:
    zone = ZoneInfo(name)
    moment = instant(day, wall, zone)
    shown = moment.astimezone(zone)
    asked = datetime.combine(day, wall)
    naive = shown.replace(tzinfo=None, fold=0)
    offset_before = (moment - timedelta(days=1)).astimezone(zone).utcoffset()
    assert offset_before is not None

    if naive == asked:
        assert 0 == shown.fold  # the first of two
    else:
        assert naive > asked
        assert naive - asked == shown.utcoffset() - offset_before  # type: ignore[operator]


@pytest.mark.parametrize(
    ("expected", "day"),
    [
        ("2026-W53", "2027-01-01"),
        ("2027-W01", "2027-01-08"),
        ("2026-W01", "2025-12-29"),
        ("2026-W48", "2026-11-27"),
    ],
)
def test_iso_week_name_has_the_year_of_its_thursday(expected: str, day: str) -> None:
    assert expected == iso_week_name(date.fromisoformat(day))


@pytest.mark.parametrize("name", ["Europe/Lodnon", "", "../../etc/passwd", "Europe", "a\x00b"])
def test_zone_named_refuses_what_is_no_zone(name: str) -> None:
    with pytest.raises(SettingsError) as raised:
        zone_named(name)

    assert (f"there is no time zone “{name}”",) == raised.value.faults
