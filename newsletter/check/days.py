"""Which days of the calendar a written date can mean, and whether there is such a day at all."""

from calendar import isleap
from datetime import date, timedelta

from newsletter.check.dates import WrittenDate

_LEAP_YEAR = 2000
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEARS = range(1910, 2090)
"""The years in which an issue may be sent; every fourth of them is a leap year."""

_HALF_A_YEAR_AWAY = timedelta(days=60)
"""Where two years bring a date almost equally near, by how much their distances may differ."""


def days_in(month: int, year: int | None) -> int:
    """The days of a month; of February 29 where the year is not known."""
    is_long = month == 2 and isleap(_LEAP_YEAR if year is None else year)
    return _LENGTHS[month - 1] + is_long


def exists(written: WrittenDate) -> bool:
    return 1 <= written.day <= days_in(written.month, written.year)


def days_meant(written: WrittenDate, near: date | None) -> tuple[date, ...]:
    """The days a date can mean: in its own year, else in the year that brings it nearest.

    Half a year away, both last year's and next year's day are given. There are none without a year
    to go by, and for a day that does not exist.
    """
    if not exists(written):
        return ()
    if written.year is not None:
        return (date(written.year, written.month, written.day),)
    if near is None or near.year not in _YEARS:
        return ()
    days = [
        date(year, written.month, written.day)
        for year in range(near.year - 4, near.year + 5)
        if written.day <= days_in(written.month, year)
    ]
    least = min(abs(day - near) for day in days)
    return tuple(day for day in days if abs(day - near) <= least + _HALF_A_YEAR_AWAY)


def ending_of(day: int, endings: tuple[str, ...]) -> str | None:
    """The ending of a day, where endings are four: of the first, second, third and all others.

    >>> ending_of(22, ("st", "nd", "rd", "th")), ending_of(12, ("st", "nd", "rd", "th"))
    ('nd', 'th')
    """
    if len(endings) != 4:
        return None
    is_teen = day % 100 // 10 == 1
    return endings[3 if is_teen or not 1 <= day % 10 <= 3 else day % 10 - 1]
