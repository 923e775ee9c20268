"""The section [schedule] of newsletter.toml: the rule of the week and its holidays."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newsletter.schedule import WEEKDAYS, HolidayRule, Move, ScheduleRule, region_fault
from newsletter.settings.table import Table

_COUNTRY = re.compile(r"([A-Z]{2,3})(?:-([A-Z0-9]{1,8}))?")
_MAX_GRACE = 24 * 60
_MAX_REMINDER = 6 * 24


def schedule(table: Table) -> ScheduleRule:
    """Whatever is not set is as in the default rule: Fridays at 07:00 in London."""
    default = ScheduleRule()
    weekday = table.parsed("weekday", _weekday, f"one of {', '.join(WEEKDAYS)}")
    at = table.parsed("time", _time, 'a wall time such as "07:00"')
    zone = table.parsed("timezone", _zone, 'an IANA zone such as "Europe/London"')
    holidays = _holidays(table)
    grace, remind = _minutes(default.grace), _minutes(default.remind_before) // 60
    found = ScheduleRule(
        weekday=default.weekday if weekday is None else weekday,
        time=at or default.time,
        zone=zone or default.zone,
        holidays=holidays or default.holidays,
        grace=timedelta(minutes=table.number("grace_minutes", grace, least=1, most=_MAX_GRACE)),
        remind_before=timedelta(
            hours=table.number("remind_hours", remind, least=0, most=_MAX_REMINDER)
        ),
    )
    table.no_other()
    return found


def _holidays(table: Table) -> HolidayRule | None:
    place = table.parsed("holidays", _place, 'a country or a part of one, such as "GB" or "GB-ENG"')
    days = table.parsed("skip", _days, 'a list of days, ["2026-12-25"]')
    move = table.parsed("move", Move, f"one of {', '.join(Move)}")
    country, subdivision = place or ("", "")
    if country and (fault := region_fault(country, subdivision)):
        table.fault("holidays", f"a country whose holidays are known: {fault}")
    return table.made(
        lambda: HolidayRule(
            country=country,
            subdivision=subdivision,
            days=days or frozenset(),
            move=move or Move.SKIP,
        )
    )


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds()) // 60


def _weekday(value: str) -> int:
    return WEEKDAYS.index(value.lower())


def _time(value: str) -> time:
    if not re.fullmatch(r"\d{2}:\d{2}", value):
        raise ValueError
    return time.fromisoformat(value)


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError from error


def _place(value: str) -> tuple[str, str]:
    found = _COUNTRY.fullmatch(value.upper())
    if found is None:
        raise ValueError
    return found[1], found[2] or ""


def _days(value: object) -> frozenset[date]:
    """TOML has dates of its own; both ways of writing one are understood."""
    if not isinstance(value, list):
        raise TypeError
    return frozenset(_day(item) for item in value)


def _day(item: object) -> date:
    if isinstance(item, datetime):
        raise TypeError
    return item if isinstance(item, date) else date.fromisoformat(str(item))
