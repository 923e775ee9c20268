"""Dates of Japanese and Chinese, which are figures and signs: 2027年11月26日（金曜日）."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

FIRST_MONTH = "1月"
"""By the name of January a calendar of figures is known."""


@dataclass(frozen=True, slots=True)
class FigureDate:
    """`match` has the groups year, month and day, the first of which may be None.

    `weekday` counts from Monday, 0; None where none stands by the date.
    """

    match: re.Match[str]
    weekday: int | None


def figure_dates(text: str, weekdays: Sequence[str]) -> Iterator[FigureDate]:
    """Every date of a text, in order. A weekday may be short: 金曜 or 金 for 金曜日."""
    for match in _pattern(tuple(weekdays)).finditer(text):
        sign = match["weekday"]
        if 1 <= int(match["month"]) <= 12:
            yield FigureDate(match, None if sign is None else _first_signs(weekdays).index(sign))


def _first_signs(weekdays: Sequence[str]) -> str:
    return "".join(_sign(name) for name in weekdays)


def _sign(weekday: str) -> str:
    """The one sign that tells a weekday: 金 of 金曜日, 五 of 星期五."""
    return weekday.removeprefix("星期").removeprefix("週").removeprefix("周")[:1]


@cache
def _pattern(weekdays: tuple[str, ...]) -> re.Pattern[str]:
    sign = f"(?P<weekday>[{re.escape(_first_signs(weekdays))}])"
    word = rf"(?:星期|週|周)?{sign}(?:曜日?)?"
    return re.compile(
        r"(?:(?P<year>(?:19|20)\d\d)\s?年\s?)?(?<!\d)(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日"
        rf"(?:\s?[（(]{word}[）)])?"
    )
