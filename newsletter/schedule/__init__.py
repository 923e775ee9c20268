"""The door of the schedule room: when an issue is to go out."""

from newsletter.schedule.friday import WEEKDAYS, ScheduleRule, next_date

__all__ = ["WEEKDAYS", "ScheduleRule", "next_date"]
