"""A Sunday that is a Monday: readers turn up on the wrong day."""

from collections.abc import Iterator
from datetime import date, timedelta

from newsletter.check.dates import WrittenDate, dates_in
from newsletter.check.days import days_meant
from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.house_format import Calendar
from newsletter.check.offsets import place_in_source
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if not issue.stories:
        return
    calendar, near = context.house.calendar, context.send_date or issue.date
    wrong = [date for date in dates_in(issue.source, calendar) if _is_wrong(date, near)]
    if not wrong:
        return
    place = place_in_source(issue.source)
    for written in wrong:
        day = min(days_meant(written, near), key=lambda day: abs(day - (near or day)))
        yield Finding(
            span=place(written.start, written.end),
            message=_message(written, day, calendar),
            hint=_hint(written, day, calendar),
        )


def _is_wrong(written: WrittenDate, near: date | None) -> bool:
    days = days_meant(written, near) if written.weekday is not None else ()
    return bool(days) and all(day.weekday() != written.weekday for day in days)


def _message(written: WrittenDate, day: date, calendar: Calendar) -> str:
    is_day, named = calendar.weekdays[day.weekday()], calendar.weekdays[written.weekday or 0]
    return f"{_said(day, calendar)} is a {is_day}, not a {named}"


def _hint(written: WrittenDate, day: date, calendar: Calendar) -> str:
    """The nearest day that has the weekday."""
    ahead = ((written.weekday or 0) - day.weekday() + 3) % 7 - 3
    nearest = day + timedelta(days=ahead)
    return f"the nearest {calendar.weekdays[nearest.weekday()]} is {_said(nearest, calendar)}"


def _said(day: date, calendar: Calendar) -> str:
    return f"{day.day} {calendar.months[day.month - 1]} {day.year}"


RULE = Rule(
    code="C005",
    slug="weekday-date",
    summary="A weekday and the date beside it are the same day.",
    severity=Severity.ERROR,
    check=check,
)
