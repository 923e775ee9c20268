"""What people say on the command line, read: days, moments, names, reasons."""

import re
from datetime import date, time

from newsletter.books import checked_name
from newsletter.errors import NewsletterError

_WALL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]((?:[01][0-9]|2[0-3]):[0-5][0-9])")


def day_said(text: str | None, *, option: str) -> date | None:
    """The day of an option, None where it was not given. Raises NewsletterError for no date."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise NewsletterError(
            f"“{text}” is not a date",
            where=option,
            next_step="write the year, the month and the day: 2026-12-04",
        ) from error


def wall_time_said(text: str) -> tuple[date, time]:
    """`2026-11-27 07:00`. Raises NewsletterError for what no calendar and no clock has."""
    found = _WALL.fullmatch(text.strip())
    day, clock_time = found.groups() if found else ("", "")
    try:
        return date.fromisoformat(day), time.fromisoformat(clock_time)
    except ValueError as error:
        raise NewsletterError(
            f"“{text}” is not a date and time",
            where="--at",
            next_step='write it as --at "2026-12-04 07:00", by the clocks of [schedule] timezone',
        ) from error


def person_said(name: str) -> str:
    """A person's name as it was given, on one line. Raises NewsletterError for none."""
    try:
        return checked_name(name)
    except NewsletterError as error:
        step = 'give one: --by "Ada Lovelace"'
        raise NewsletterError(error.what, where="--by", next_step=step) from error


def on_one_line(text: str) -> str:
    """A reason as the log has it."""
    return " ".join(text.split())


def reason_said(*, force: bool, reason: str) -> str | None:
    """Why somebody goes against the rule; None where nobody does."""
    said = on_one_line(reason)
    if force and not said:
        raise NewsletterError(
            "an override needs a reason", where="--force", next_step='add --reason "…"'
        )
    if said and not force:
        raise NewsletterError(
            "a reason goes with an override", where="--reason", next_step="add --force"
        )
    return said if force else None
