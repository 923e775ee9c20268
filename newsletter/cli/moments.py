"""Moments for people: wall time with its zone, the same in UTC, and how long until then."""

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.errors import NewsletterError
from newsletter.schedule import slot_instant

if TYPE_CHECKING:
    from newsletter.books import SlotRow
    from newsletter.schedule import ScheduleRule

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
            f"{shown} is in the past: it is {now:%Y-%m-%d %H:%M} UTC now",
            where="--at",
            next_step="name a moment to come, or send it now: `newsletter send`",
        )
    if moment - now > _FARTHEST:
        raise NewsletterError(
            f"{shown} is more than a year ahead", where="--at", next_step="is the year right?"
        )


def slot_words(slot: "SlotRow") -> str:
    """`2026-11-27 07:00 Europe/London (07:00 UTC)`."""
    moment = slot_instant(slot)
    day = "" if moment.date() == slot.local_date else f"{moment.date().isoformat()} "
    return f"{slot} ({day}{moment:%H:%M} UTC)"


def clock_change_note(day: date, at: time, zone: ZoneInfo) -> str:
    """What the clocks of the zone do to a wall time on their day of change; "" on all others."""
    wall = datetime.combine(day, at)
    first, second = wall.replace(tzinfo=zone), wall.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before is None or after is None or before == after:
        return ""
    if before < after:
        shown = (wall + (after - before)).strftime("%Y-%m-%d %H:%M")
        return f"Clocks in {zone} jump over {at:%H:%M} on that day: it goes out at {shown}."
    return f"{at:%H:%M} comes twice in {zone} on that day: it goes out at the first one."


def in_time(moment: datetime, now: datetime) -> str:
    """`in 3 days 4 h`, `in 2 h 5 min`, `in 40 s`, `5 min ago`."""
    seconds = round(abs((moment - now).total_seconds()))
    days, hours, minutes = seconds // 86_400, seconds % 86_400 // 3_600, seconds % 3_600 // 60
    if days:
        words = f"{days} day{'' if days == 1 else 's'}" + (f" {hours} h" if hours else "")
    elif hours:
        words = f"{hours} h" + (f" {minutes} min" if minutes else "")
    else:
        words = f"{minutes} min" if minutes else f"{seconds} s"
    return f"in {words}" if moment >= now else f"{words} ago"


def rule_words(rule: "ScheduleRule") -> str:
    from newsletter.schedule import WEEKDAYS

    return f"{WEEKDAYS[rule.weekday].capitalize()} {rule.time:%H:%M} {rule.zone}"
