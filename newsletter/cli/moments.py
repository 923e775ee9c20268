"""The moment that an option names: read, and held to be one to come."""

import re
from datetime import date, datetime, time, timedelta

from newsletter.books import minute
from newsletter.errors import NewsletterError

_WALL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]((?:[01][0-9]|2[0-3]):[0-5][0-9])")
_FARTHEST = timedelta(days=366)


def wall_time_said(text: str) -> tuple[date, time]:
    """`2026-11-27 07:00`. Raises NewsletterError for what no calendar and no clock has."""
    found = _WALL.fullmatch(text.strip())
    day, clock_time = found.groups() if found else ("", "")
    try:
        return date.fromisoformat(day), time.fromisoformat(clock_time)
    except ValueError as error:
        raise NewsletterError(
            f"“{text}” is no date and time",
            where="--at",
            next_step='write it as --at "2026-11-27 07:00", by the clocks of [schedule] timezone',
        ) from error


def check_ahead(moment: datetime, shown: str, now: datetime) -> None:
    """Raises NewsletterError for a slot in the past, or so far ahead that the year is wrong."""
    if moment <= now:
        raise NewsletterError(
            f"{shown} is in the past: it is {minute(now)} now",
            where="--at",
            next_step="name a moment to come, or send it now: `newsletter send`",
        )
    if moment - now > _FARTHEST:
        raise NewsletterError(
            f"{shown} is more than a year ahead", where="--at", next_step="is the year right?"
        )
