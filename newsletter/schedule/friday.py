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
    """The local date of the next slot whose wall time is still to come at `now` (aware)."""
    local = now.astimezone(rule.zone)
    ahead = (rule.weekday - local.weekday()) % 7
    if ahead == 0 and local.time() >= rule.time:
        ahead = 7
    return local.date() + timedelta(days=ahead)
