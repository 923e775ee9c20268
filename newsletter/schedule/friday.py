"""The rule of the week: a weekday and a wall time in a zone, and which instant that is.

A slot is kept as it was said, wall time and zone, and becomes an instant as late as can be: zones
change their rules. A wall time that the clocks jump over is read with the offset from before the
jump, and of one that comes twice the first is meant (RFC 5545, 3.3.5). What is due, `due` says.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newsletter.errors import SettingsError
from newsletter.schedule.holiday import HolidayRule, moved

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_WEEK = timedelta(weeks=1)
_WEEKS_AHEAD = 60
"""How far the rule looks for a day that is no holiday."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduleRule:
    """`weekday` counts from Monday, zero. Wall time and zone are kept as said, never as UTC.

    A slot may start from its instant until `grace` later, and is missed then. `remind_before` is
    how long before an empty slot people are told; zero is never.
    """

    weekday: int = 4
    time: time = time(7, 0)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/London"))
    holidays: HolidayRule = field(default_factory=HolidayRule)
    grace: timedelta = timedelta(minutes=60)
    remind_before: timedelta = timedelta(hours=18)


def instant(local_date: date, local_time: time, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which clocks in the zone show (or would have shown) that wall time.

    >>> instant(date(2026, 11, 27), time(7, 0), ZoneInfo("Europe/Berlin")).isoformat()
    '2026-11-27T06:00:00+00:00'
    """
    wall = datetime.combine(local_date, local_time.replace(fold=0), tzinfo=zone)
    # With fold=0, PEP 495 gives just what RFC 5545 asks for, in a gap as in a fold.
    return wall.astimezone(UTC)


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone. Raises SettingsError for a name that is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            [f"there is no time zone “{name}”"],
            next_step="give an IANA zone, such as Europe/London",
        ) from error


def next_date(rule: ScheduleRule, now: datetime) -> date:
    """The rule's next day as seen in its zone: today, all day long, if today is one.

    This dates an issue that has no date of its own; `now` is aware.
    """
    today = now.astimezone(rule.zone).date()
    return next(day for day in _days(rule, today) if day >= today)


def next_slot_date(rule: ScheduleRule, after: datetime) -> date:
    """The day of the first of the rule's slots that is later than `after`, an aware moment.

    Raises SettingsError when the rule has none left within a year.
    """
    near = after.astimezone(rule.zone).date()
    return next(day for day in _days(rule, near) if instant(day, rule.time, rule.zone) > after)


def _days(rule: ScheduleRule, near: date) -> Iterator[date]:
    """The rule's days, in order, from a week or more before `near` on."""
    first = near + timedelta(days=(rule.weekday - near.weekday()) % 7) - 2 * _WEEK
    for count in range(_WEEKS_AHEAD):
        day = moved(rule.holidays, first + count * _WEEK)
        if day is not None:
            yield day
    raise SettingsError(
        [f"[schedule] every {WEEKDAYS[rule.weekday]} of the year is a holiday"],
        where="newsletter.toml",
        next_step="choose another weekday, or move = “before” or “after”",
    )


def iso_week_name(day: date) -> str:
    """The week as ISO 8601 counts it: Friday 2027-01-01 is of 2026-W53."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
