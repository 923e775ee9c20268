"""Holidays of a country and of our own, and what becomes of the issue of that week."""

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from newsletter.errors import SettingsError
from newsletter.schedule import (
    HolidayRule,
    Move,
    ScheduleRule,
    holiday_name,
    instant,
    next_date,
    next_slot_date,
    region_fault,
)

ENGLAND = HolidayRule(country="GB", subdivision="ENG")


def following(rule: ScheduleRule, after: str, count: int) -> list[str]:
    """The rule's next slots, each asked for from the one before it."""
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    days = []
    for _ in range(count):
        day = next_slot_date(rule, moment)
        days.append(f"{day:%a %Y-%m-%d}")
        moment = instant(day, rule.time, rule.zone)
    return days


def test_next_slot_date_is_later_than_the_moment_even_within_a_second() -> None:
    at = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)

    assert date(2026, 11, 27) == next_slot_date(ScheduleRule(), at - timedelta(seconds=1))
    assert date(2026, 12, 4) == next_slot_date(ScheduleRule(), at)


@pytest.mark.parametrize(
    ("expected", "move"),
    [
        # Friday the 25th and Friday the 1st: no issue.
        (["Fri 2026-12-18", "Fri 2027-01-08", "Fri 2027-01-15"], Move.SKIP),
        (["Fri 2026-12-18", "Thu 2026-12-24", "Thu 2026-12-31", "Fri 2027-01-08"], Move.BEFORE),
        # Saturday, Sunday, and Monday instead of Boxing Day on Saturday; then New Year's Day.
        (["Fri 2026-12-18", "Tue 2026-12-29", "Mon 2027-01-04", "Fri 2027-01-08"], Move.AFTER),
    ],
)
def test_next_slot_date_keeps_englands_holidays(expected: list[str], move: Move) -> None:
    rule = ScheduleRule(holidays=HolidayRule(country="GB", subdivision="ENG", move=move))

    assert expected == following(rule, "2026-12-14", len(expected))


def test_next_slot_date_keeps_days_of_our_own() -> None:
    summer = HolidayRule(days=frozenset({date(2026, 8, 7), date(2026, 8, 14)}))

    assert ["Fri 2026-07-31", "Fri 2026-08-21"] == following(
        ScheduleRule(holidays=summer), "2026-07-27", 2
    )


@pytest.mark.parametrize(
    ("expected", "move"), [("Fri 2026-08-21", Move.BEFORE), ("Mon 2026-08-17", Move.AFTER)]
)
def test_week_without_a_working_day_has_no_issue(expected: str, move: Move) -> None:
    """A move further than the week would put two issues on one day, or change their order."""
    off = frozenset(date(2026, 8, 1) + timedelta(days=count) for count in range(14))
    rule = ScheduleRule(holidays=HolidayRule(days=off, move=move))

    assert ["Fri 2026-07-31", expected] == following(rule, "2026-07-27", 2)


def test_move_knows_the_weekend_of_the_country() -> None:
    """Independence Day on a Thursday; in Israel, Friday and Saturday are no working days."""
    rule = ScheduleRule(
        weekday=3,
        zone=ZoneInfo("Asia/Jerusalem"),
        holidays=HolidayRule(country="IL", days=frozenset({date(2026, 6, 11)}), move=Move.AFTER),
    )

    assert ["Sun 2026-06-14"] == following(rule, "2026-06-08", 1)


def test_rule_without_any_day_left_says_so() -> None:
    off = frozenset(date(2026, 11, 27) + timedelta(weeks=count) for count in range(-3, 70))
    rule = ScheduleRule(holidays=HolidayRule(days=off))

    with pytest.raises(SettingsError) as raised:
        next_slot_date(rule, datetime(2026, 11, 23, tzinfo=UTC))

    assert ("[schedule] every friday of the year is a holiday",) == raised.value.faults


def test_next_date_dates_an_issue_with_a_day_that_it_can_go_out_on() -> None:
    rule = ScheduleRule(holidays=HolidayRule(country="GB", subdivision="ENG", move=Move.BEFORE))

    assert date(2026, 12, 24) == next_date(rule, datetime(2026, 12, 20, tzinfo=UTC))
    assert date(2026, 12, 24) == next_date(rule, datetime(2026, 12, 24, 22, tzinfo=UTC))
    assert date(2026, 12, 31) == next_date(rule, datetime(2026, 12, 25, tzinfo=UTC))


def test_holiday_name_is_the_countrys_own() -> None:
    assert "Christmas Day" == holiday_name(ENGLAND, date(2026, 12, 25))
    assert "" == holiday_name(ENGLAND, date(2026, 12, 24))
    ours = HolidayRule(days=frozenset({date(2026, 12, 24)}))
    assert "a holiday" == holiday_name(ours, date(2026, 12, 24))
    # Scotland has its own; St Andrew's Day, on a Monday.
    scotland = HolidayRule(country="GB", subdivision="SCT")
    assert ["", "Saint Andrew's Day"] == [
        holiday_name(rule, date(2026, 11, 30)) for rule in (ENGLAND, scotland)
    ]


@pytest.mark.parametrize(
    ("expected", "country", "subdivision"),
    [
        ("", "GB", ""),
        ("", "GB", "ENG"),
        ("", "DE", "BY"),
        ("GB has no part EGN with holidays of its own; did you mean ENG?", "GB", "EGN"),
        ("GB has no part sct with holidays of its own; did you mean SCT?", "GB", "sct"),
        ("GB has no part X with holidays of its own; the codes are ENG, NIR, SCT, WLS", "GB", "X"),
        ("VA has no part ROM with holidays of its own", "VA", "ROM"),
    ],
)
def test_region_fault_names_near_ones(expected: str, country: str, subdivision: str) -> None:
    assert expected == region_fault(country, subdivision)


def test_region_fault_names_near_countries() -> None:
    fault = region_fault("gb")

    assert fault.startswith("no holidays are known for gb; did you mean GB")


def test_unknown_country_is_a_fault_of_the_settings_wherever_it_is_met() -> None:
    rule = ScheduleRule(holidays=HolidayRule(country="XX"))

    with pytest.raises(SettingsError) as raised:
        next_slot_date(rule, datetime(2026, 11, 23, tzinfo=UTC))

    assert "[schedule] holidays: no holidays are known for XX" in raised.value.faults[0]


def test_door_loads_the_holidays_package_only_when_a_country_is_asked_for() -> None:
    script = (
        "import sys; from datetime import date;"
        "from newsletter.schedule import HolidayRule, holiday_name;"
        "holiday_name(HolidayRule(days=frozenset({date(2026, 1, 1)})), date(2026, 1, 2));"
        "first = 'holidays' in sys.modules;"
        "holiday_name(HolidayRule(country='GB'), date(2026, 1, 1));"
        "print(first, 'holidays' in sys.modules, 'sqlalchemy' in sys.modules)"
    )

    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)

    assert "False True False" == ran.stdout.strip()


RULES = st.builds(
    ScheduleRule,
    weekday=st.integers(0, 6),
    time=st.times().map(lambda wall: wall.replace(microsecond=0)),
    zone=st.sampled_from(
        ["Europe/London", "Africa/Cairo", "Asia/Jerusalem", "America/St_Johns", "Pacific/Apia"]
    ).map(ZoneInfo),
    holidays=st.builds(
        HolidayRule,
        country=st.sampled_from(["", "GB", "IL", "JP", "CN"]),
        days=st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=60),
        move=st.sampled_from(Move),
    ),
)
MOMENTS = st.datetimes(datetime(2025, 12, 1), datetime(2027, 11, 30)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(RULES, MOMENTS)
def test_next_slot_date_is_the_rules_weekday_or_moved_by_its_rule(
    rule: ScheduleRule, after: datetime
) -> None:
    day = next_slot_date(rule, after)

    assert instant(day, rule.time, rule.zone) > after
    assert "" == holiday_name(rule.holidays, day)
    if day.weekday() != rule.weekday:
        assert rule.holidays.move is not Move.SKIP
        back = (day.weekday() - rule.weekday) % 7
        if rule.holidays.move is Move.BEFORE:
            back -= 7
        regular = day - timedelta(days=back)
        assert "" != holiday_name(rule.holidays, regular)


@given(RULES, MOMENTS)
def test_next_slot_date_passes_over_no_slot(rule: ScheduleRule, after: datetime) -> None:
    """From just before the slot found, the same one is found; from it on, a later one."""
    day = next_slot_date(rule, after)
    moment = instant(day, rule.time, rule.zone)
    second = timedelta(seconds=1)
    assume(moment - second > after)

    assert day == next_slot_date(rule, moment - second)
    assert day < next_slot_date(rule, moment)
    assert time(0) <= rule.time
