"""Days and times as the pages say them: short, with the year where it is another."""

from datetime import date, datetime, timedelta

from newsletter.books import in_time

_HOUR = timedelta(hours=1)
_SHORT = 4
"""Letters of a month that is not cut."""


def short_day(day: date, today: date) -> str:
    """`Fri 19 June`, `Fri 27 Nov`; of a year that is not near, `26 Nov 2021`."""
    if abs(day - today) > timedelta(days=300):
        return f"{day.day} {day:%b} {day.year}"
    month = f"{day:%B}"
    return f"{day:%a} {day.day} {month if len(month) <= _SHORT else month[:3]}"


def long_day(day: date, today: date) -> str:
    """`Friday 19 June`; with its year where that is another one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%A} {day.day} {day:%B}{year}"


def ago(moment: datetime, now: datetime) -> str:
    """`just now`, `14 minutes ago`, `3 hours ago`, `yesterday`, `Monday`, `2 June`.

    >>> now = datetime(2026, 6, 17, 12, 0)
    >>> ago(datetime(2026, 6, 17, 11, 46), now), ago(datetime(2026, 6, 15, 9, 0), now)
    ('14 minutes ago', 'Monday')
    """
    since, days = now - moment, (now.date() - moment.date()).days
    if since < timedelta(minutes=1):
        return "just now"
    if since < _HOUR:
        return _counted(since // timedelta(minutes=1), "minute")
    if days == 0:
        return _counted(since // _HOUR, "hour")
    if days == 1:
        return "yesterday"
    if days < 7:
        return f"{moment:%A}"
    year = "" if moment.year == now.year else f" {moment.year}"
    return f"{moment.day} {moment:%B}{year}"


def ahead(moment: datetime, now: datetime) -> str:
    """`in 2 days`, `tomorrow`, `in 5 h 3 min`: both in one zone."""
    days = (moment.date() - now.date()).days
    if days > 1:
        return f"in {days} days"
    return "tomorrow" if days == 1 else in_time(moment, now)


def lasted(duration: timedelta) -> str:
    """`4 minutes 22 seconds`, `an instant`: two figures at the most.

    >>> lasted(timedelta(seconds=262)), lasted(timedelta(hours=2)), lasted(timedelta(seconds=0.4))
    ('4 minutes 22 seconds', '2 hours', 'less than a second')
    """
    seconds = round(duration.total_seconds())
    figures = [
        (seconds // 86_400, "day"),
        (seconds // 3_600 % 24, "hour"),
        (seconds // 60 % 60, "minute"),
        (seconds % 60, "second"),
    ]
    said = [_plural(count, unit) for count, unit in figures if count]
    return " ".join(said[:2]) or "less than a second"


def place(zone: str) -> str:
    """`London` of `Europe/London`."""
    return zone.rpartition("/")[2].replace("_", " ")


def _counted(number: int, unit: str) -> str:
    return f"{_plural(number, unit)} ago"


def _plural(number: int, unit: str) -> str:
    return f"{number:,} {unit}" if number == 1 else f"{number:,} {unit}s"
