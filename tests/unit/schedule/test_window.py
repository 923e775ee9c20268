"""The delivery window: its hours and days, and what a change of the clocks does to them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.schedule import Window, parse_window

LONDON = ZoneInfo("Europe/London")
HOURS = ["08:00-18:00", "22:00-06:00", "monday-friday 09:00-17:00", "sunday 01:30-02:30"]


def at(text: str, zone: ZoneInfo = LONDON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("window", "now", "opens", "closes"),
    [
        ("08:00-18:00", "2026-11-27 07:59", "2026-11-27 08:00", None),
        ("08:00-18:00", "2026-11-27 08:00", "2026-11-27 08:00", "2026-11-27 18:00"),
        ("08:00-18:00", "2026-11-27 18:00", "2026-11-28 08:00", None),
        ("22:00-06:00", "2026-11-27 03:00", "2026-11-27 03:00", "2026-11-27 06:00"),
        ("friday 22:00-06:00", "2026-11-28 03:00", "2026-11-28 03:00", "2026-11-28 06:00"),
        ("friday 22:00-06:00", "2026-11-27 03:00", "2026-11-27 22:00", None),
        ("monday-friday 08:00-18:00", "2026-11-27 18:30", "2026-11-30 08:00", None),
        ("tuesday 00:00-24:00", "2026-12-01 23:59", "2026-12-01 23:59", "2026-12-02 00:00"),
        ("monday-tuesday 00:00-24:00", "2026-11-30 12:00", "2026-11-30 12:00", "2026-12-02 00:00"),
        ("saturday-monday 08:00-18:00", "2026-11-27 12:00", "2026-11-28 08:00", None),
    ],
)
def test_a_window_opens_and_closes_by_the_zones_clocks(
    window: str, now: str, opens: str, closes: str | None
) -> None:
    found = parse_window(window)

    assert at(opens) == found.opening(at(now), LONDON)
    assert at(closes or now) == found.closing(at(now), LONDON)
    assert (closes is not None) is found.is_open(at(now), LONDON)


def test_an_end_that_the_clocks_jump_over_is_read_with_the_time_before() -> None:
    """01:00 to 02:00 is missing in London on 2026-03-29."""
    window, night = parse_window("01:30-05:00"), datetime(2026, 3, 29, tzinfo=UTC)

    assert night + timedelta(hours=1.5) == window.opening(night, LONDON)
    assert night + timedelta(hours=4) == window.closing(night + timedelta(hours=2), LONDON)


def test_of_an_end_that_comes_twice_the_first_is_meant() -> None:
    """01:00 to 02:00 comes twice in London on 2026-10-25."""
    window, night = parse_window("00:00-01:30"), datetime(2026, 10, 24, 23, tzinfo=UTC)

    assert night + timedelta(hours=1.5) == window.closing(night, LONDON)
    assert not window.is_open(night + timedelta(hours=2.4), LONDON)


@given(
    st.sampled_from(HOURS),
    st.integers(0, 13_000 * 86_400),
)
def test_who_waits_for_the_opening_finds_it_open(hours: str, seconds: int) -> None:
    window, now = parse_window(hours), datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)

    opening = window.opening(now, LONDON)

    assert now <= opening <= now + timedelta(days=8)
    assert window.is_open(opening, LONDON)
    assert window.is_open(now, LONDON) is (opening == now)
    assert not window.is_open(window.closing(opening, LONDON), LONDON)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("08:00-18:00", "08:00-18:00"),
        ("Monday-Friday 08:00 - 18:00", "monday-friday 08:00-18:00"),
        ("tuesday, thursday 22:00-24:00", "tuesday, thursday 22:00-24:00"),
        ("friday-monday 08:00-18:00", "monday, friday, saturday, sunday 08:00-18:00"),
    ],
)
def test_a_window_is_shown_as_it_may_be_written(said: str, shown: str) -> None:
    assert shown == str(parse_window(said))
    assert parse_window(said) == parse_window(shown)


@pytest.mark.parametrize("said", ["", "8-18", "08:00-08:00", "08:00-25:00", "fryday 08:00-18:00"])
def test_what_is_no_window_is_refused(said: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the settings say what is allowed
        parse_window(said)


def test_a_window_of_all_days_is_the_default() -> None:
    assert frozenset(range(7)) == parse_window("08:00-18:00").weekdays
    assert isinstance(parse_window("08:00-18:00"), Window)
