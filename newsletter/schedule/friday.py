"""The rule of the week: a weekday and a wall time in a zone. It knows dates, and starts nothing."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduleRule:
    """`weekday` counts from Monday, zero. Wall time and zone are kept as said, never as UTC."""

    weekday: int = 4
    time: time = time(7, 0)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/London"))


def next_date(rule: ScheduleRule, now: datetime) -> date:
    """The rule's next day as seen in its zone: today, all day long, if today is one.

    This dates an issue that has no date of its own; `now` is aware.
    """
    today = now.astimezone(rule.zone).date()
    return today + timedelta(days=(rule.weekday - today.weekday()) % 7)
