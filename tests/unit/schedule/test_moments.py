"""The schedule's moments as people read them: a slot, the rule, and clocks that change."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from newsletter.books import Slot, SlotState
from newsletter.schedule import ScheduleRule, clock_change_note, rule_words, slot_words


@pytest.mark.parametrize(
    ("expected", "zone"),
    [
        ("2026-11-27 07:00 Europe/London (07:00 UTC)", "Europe/London"),
        ("2026-11-27 07:00 Asia/Tokyo (2026-11-26 22:00 UTC)", "Asia/Tokyo"),
    ],
)
def test_slot_is_said_by_its_clock_and_in_utc(expected: str, zone: str) -> None:
    slot = Slot(
        issue="2026-11-27",
        path="issues/2026-11-27.md",
        local_date=date(2026, 11, 27),
        local_time=time(7, 0),
        zone=zone,
        state=SlotState.SCHEDULED,
        scheduled_by="Grace",
        scheduled_at=datetime(2026, 11, 25, tzinfo=UTC),
        digest="d1",
    )

    assert expected == slot_words(slot)


def test_rule_is_said_with_its_zone() -> None:
    assert "Friday 07:00 Europe/London" == rule_words(ScheduleRule())


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
