"""The day of an issue: its own, else its slot's, else the next one of the rule."""

from dataclasses import replace
from datetime import date, datetime

from newsletter.issue import Issue
from newsletter.schedule import next_date
from newsletter.settings import Settings


def issue_date(issue: Issue, settings: Settings, now: datetime) -> date:
    """The issue's own date, else the next day of the rule."""
    return issue.date or next_date(settings.schedule, now)


def slot_moment(issue: Issue, settings: Settings, now: datetime) -> datetime:
    """The moment at which the issue is to go out by the rule, aware."""
    day = issue_date(issue, settings, now)
    return datetime.combine(day, settings.schedule.time, settings.schedule.zone)


def days_ahead(day: date | None, settings: Settings, now: datetime) -> int:
    """How many days from today a day is, by the clocks of [schedule]; 0 for none, or one past."""
    today = now.astimezone(settings.schedule.zone).date()
    return max((day - today).days, 0) if day else 0


def dated(issue: Issue, day: date | None) -> Issue:
    """The issue with the date of its slot, where it has none of its own."""
    return issue if issue.date or day is None else replace(issue, date=day)
