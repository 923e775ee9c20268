"""Dates as people write them in a text: "Sunday, 28th November", "26. November (Freitag)".

The words are the calendar's. Only a day beside a month's name is a date here; figures alone
(28/11/2021) mean different days in different countries, and of a range ("26-28 November") nobody
can say which day its weekday belongs to. What those days are is for `newsletter.check.days`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from newsletter.check.figure_dates import FIRST_MONTH, figure_dates
from newsletter.check.house_format import Calendar
from newsletter.check.offsets import lines_joined
from newsletter.issue import Source

_SPACE = r"[ \t\u00a0\u2000-\u200b\u202f\u205f\u2060\u3000*_]"
_GAP = rf"(?:{_SPACE}{{1,6}}(?:\n{_SPACE}{{0,6}})?|\n{_SPACE}{{0,6}})"
"""Spaces of any kind, marks of emphasis, one line end: a blank line parts what is no date."""

_JOINING = rf"(?:(?:the|of|an?|den|dem|der|le|du|del?|el|di|van){_GAP})?"
"""The small words inside a date in the languages we know; none means "to" or "and" in another."""

_YEAR = rf"(?:[,،]?{_GAP}(?P<year>(?:19|20)\d\d)(?![\w%]|[.,]\d))?"
_BEFORE_MONTH, _BEFORE_DAY, _BEFORE_WEEKDAY = 24, 40, 24
"""Characters to look at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenDate:
    """A date in a text: where it begins and ends, its weekday and year where they stand by it.

    `weekday` counts from Monday, 0, as `datetime.date.weekday` does; `month` from January, 1.
    The day stands from `day_start` to `day_end`; `ordinal` is its ending, as in "28th".
    """

    start: int
    end: int
    day: int
    day_start: int
    day_end: int
    ordinal: str
    month: int
    year: int | None
    weekday: int | None


@lru_cache(maxsize=1)
def dates_in(source: Source, calendar: Calendar) -> tuple[WrittenDate, ...]:
    """The dates of an issue, as offsets in its `lines_joined`; kept for the next rule that asks."""
    return tuple(find_dates(lines_joined(source), calendar))


def find_dates(text: str, calendar: Calendar) -> Iterator[WrittenDate]:
    """Every date in a text, in order."""
    if calendar.months[0] == FIRST_MONTH:
        yield from _found_in_figures(text, calendar)
        return
    words = _words(calendar)
    for stem in words.stem.finditer(text):
        month = words.month.match(text, stem.start())
        if month is None or (month.start() and text[month.start() - 1].isalnum()):
            continue
        found = words.day_first(text, month) or words.month_first(text, month)
        if found:
            yield found


def _found_in_figures(text: str, calendar: Calendar) -> Iterator[WrittenDate]:
    for found in figure_dates(text, calendar.weekdays):
        yield WrittenDate(
            start=found.match.start(),
            end=found.match.end(),
            day=int(found.match["day"]),
            day_start=found.match.start("day"),
            day_end=found.match.end("day"),
            ordinal="",
            month=int(found.match["month"]),
            year=int(found.match["year"]) if found.match["year"] else None,
            weekday=found.weekday,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Words:
    """The names of one calendar with their numbers, and the patterns made of them.

    `full` are the names that are not abbreviated; `stem` finds fast where a month may begin.
    """

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    full: frozenset[str]
    stem: re.Pattern[str]
    month: re.Pattern[str]
    day_before: re.Pattern[str]
    year_after: re.Pattern[str]
    weekday_before: re.Pattern[str]
    day_after: re.Pattern[str]
    other_weekday: re.Pattern[str]
    goes_on: re.Pattern[str]

    def day_first(self, text: str, month: re.Match[str]) -> WrittenDate | None:
        """As in "Sunday, 28th November 2021", and in "28 November (Sunday)"."""
        since = max(month.start() - _BEFORE_MONTH, 0)
        day = self.day_before.search(text[since : month.start()])
        tail = self.year_after.match(text, month.end())
        if day is None or tail is None:
            return None
        start = since + day.start("day")
        before = self._weekday_before(text, start)
        begins = start - len(before[0]) if before else start
        weekday = self._weekday(text, begins, before and before["weekday"], month, tail)
        return self._written(start if weekday is None else begins, day, since, month, tail, weekday)

    def month_first(self, text: str, month: re.Match[str]) -> WrittenDate | None:
        """As in "Sunday, November 28th, 2021". "In May 20 shops" is no date."""
        tail = self.day_after.match(text, month.end())
        if tail is None:
            return None
        before = self._weekday_before(text, month.start())
        if not (before or tail["ordinal"] or tail["year"] or tail["weekday"]):
            return None
        begins = month.start() - len(before[0]) if before else month.start()
        weekday = self._weekday(text, begins, before and before["weekday"], month, tail)
        start = month.start() if weekday is None else begins
        return self._written(start, tail, 0, month, tail, weekday)

    def _weekday_before(self, text: str, at: int) -> re.Match[str] | None:
        return self.weekday_before.search(text[max(at - _BEFORE_DAY, 0) : at])

    def _weekday(
        self,
        text: str,
        begins: int,
        before: str | None,
        month: re.Match[str],
        tail: re.Match[str],
    ) -> int | None:
        """The weekday of a date; None where there is none, or where several days are meant."""
        word = (tail["weekday"] or before or "").rstrip(".")
        if not word or self.goes_on.match(text, tail.end()):
            return None
        if self.other_weekday.search(text[max(begins - _BEFORE_WEEKDAY, 0) : begins]):
            return None
        if word not in self.full and month[0] in self.full:
            return None  # "The Sun, 28 November" is a newspaper
        return self.weekdays[word]

    def _written(
        self,
        start: int,
        day: re.Match[str],
        offset: int,
        month: re.Match[str],
        tail: re.Match[str],
        weekday: int | None,
    ) -> WrittenDate:
        """The record; `offset` is where the text begins in which the day was found."""
        end = tail.end()
        closes = "(" in tail.string[start:end] and tail.string[end : end + 1] == ")"
        return WrittenDate(
            start=start,
            end=end + 1 if closes and ")" not in tail.string[start:end] else end,
            day=int(day["day"]),
            day_start=offset + day.start("day"),
            day_end=offset + day.end("ordinal" if day["ordinal"] else "day"),
            ordinal=day["ordinal"] or "",
            month=self.months[month[0].rstrip(".")],
            year=int(tail["year"]) if tail["year"] else None,
            weekday=weekday,
        )


@cache
def _words(calendar: Calendar) -> _Words:
    months, weekdays = _numbered(calendar.months, first=1), _numbered(calendar.weekdays, first=0)
    month, weekday = _any_of(months, calendar.months), _any_of(weekdays, calendar.weekdays)
    ending = rf"(?P<ordinal>(?i:{'|'.join(map(re.escape, calendar.ordinals))}))?"
    ending = ending if calendar.ordinals else "(?P<ordinal>(?!))?"
    before = rf"(?<!\w)(?P<weekday>{weekday})(?!\w)[*_]{{0,3}}[,،]?{_GAP}"
    after = rf"(?:[,،]?{_GAP}\({_JOINING}(?P<weekday>{weekday})\))?"
    return _Words(
        months=months,
        weekdays=weekdays,
        full=frozenset((*calendar.months, *calendar.weekdays)),
        stem=re.compile("|".join(sorted({re.escape(name[:3]) for name in calendar.months}))),
        month=re.compile(month),
        day_before=re.compile(
            rf"(?<![\w.,:/£$€#+–—-])(?P<day>\d{{1,2}}){ending}\.?{_GAP}{_JOINING}\Z"
        ),
        year_after=re.compile(_YEAR + after),
        weekday_before=re.compile(rf"{before}\(?{_JOINING}\Z"),
        day_after=re.compile(
            rf"{_GAP}(?P<day>\d{{1,2}}){ending}(?![\w%]|[.,:/]\d|\s?[–—-]\s?\d){_YEAR}{after}"
        ),
        other_weekday=re.compile(rf"(?:{weekday})\w{{0,2}}[\s,/&+–—-]{{1,3}}(?:\w{{1,5}}\s)?\Z"),
        goes_on=re.compile(
            rf"\s?[–—-]\s?(?:\d|{month})"
            rf"|{_GAP}\w{{1,7}}{_GAP}(?:\d{{1,2}}\w{{0,3}}\.?{_GAP}{_JOINING}{month}|{month})"
        ),
    )


def _numbered(names: Iterable[str], *, first: int) -> dict[str, int]:
    """Names and their abbreviations of three to five letters ("Nov", "Sept", "Thurs")."""
    full = list(names)
    numbers = {name: number for number, name in enumerate(full, start=first)}
    for name in full:
        for length in (3, 4, 5):
            short = name[:length]
            if sum(other.startswith(short) for other in full) == 1:
                numbers.setdefault(short, numbers[name])
    return numbers


def _any_of(names: Mapping[str, int], full: Iterable[str]) -> str:
    """Any of the names; an abbreviation may have a full stop."""
    words = "|".join(map(re.escape, full))
    short = "|".join(re.escape(name) for name in names if name not in full)
    return rf"(?:(?:{words})\b|(?:{short})\b\.?)"
