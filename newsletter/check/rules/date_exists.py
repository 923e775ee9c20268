"""Days the calendar does not have, and endings a day does not have."""

import re
from collections.abc import Iterator

from newsletter.check.dates import WrittenDate, dates_in
from newsletter.check.days import days_in, ending_of, exists
from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.house_format import Calendar
from newsletter.check.offsets import lines_joined, place_in_source
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, Source, Span

_NUMBER_BEFORE = re.compile(r"(?<![\w.,:/=&%#-])\d{1,4}\Z")
_LONGEST_MONTH = 31
_LEAP_YEAR = 2000


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if not issue.stories:
        return
    calendar = context.house.calendar
    dates = dates_in(issue.source, calendar)
    missing = [written for written in dates if not exists(written) and _is_meant(written)]
    endings = {**dict(_elsewhere(issue.source, calendar)), **dict(_in_dates(dates, calendar))}
    if not missing and not endings:
        return
    place = place_in_source(issue.source)
    for written in missing:
        yield Finding(
            span=place(written.start, written.end),
            message=_message(written, calendar),
            hint="correct the day or the month",
        )
    for (start, end), ending in sorted(endings.items()):
        yield _wrong_ending(place(start, end), *ending)


def _is_meant(written: WrittenDate) -> bool:
    """In "the 45 November orders" the figure is no day."""
    has_more = written.ordinal or written.year or written.weekday is not None
    return written.day <= _LONGEST_MONTH or bool(has_more)


def _message(written: WrittenDate, calendar: Calendar) -> str:
    month, year = calendar.months[written.month - 1], f" {written.year}" if written.year else ""
    last, longest = days_in(written.month, written.year), days_in(written.month, _LEAP_YEAR)
    shortest = days_in(written.month, _LEAP_YEAR + 1)
    most = " at most" if last == longest != shortest else ""
    return f"there is no {written.day} {month}{year}: the month has {last} days{most}"


Ending = tuple[int, str, str]
"""A number, the ending it has in the text, the ending it should have."""


def _in_dates(
    dates: tuple[WrittenDate, ...], calendar: Calendar
) -> Iterator[tuple[tuple[int, int], Ending]]:
    for written in dates:
        right = ending_of(written.day, calendar.ordinals)
        if right and written.ordinal and written.ordinal.lower() != right.lower():
            found = (written.day, written.ordinal, right)
            yield (written.day_end - len(written.ordinal), written.day_end), found


def _elsewhere(source: Source, calendar: Calendar) -> Iterator[tuple[tuple[int, int], Ending]]:
    """Outside dates only the ending of most days is judged: "11st" may be a weight."""
    last = calendar.ordinals[-1] if ending_of(1, calendar.ordinals) else ""
    figures = [figure for figure in "123" if last and figure + last in source.text]
    text = lines_joined(source) if figures else ""
    for figure in figures:
        at = text.find(figure + last)
        while at >= 0:
            end = at + 1 + len(last)
            number = _NUMBER_BEFORE.search(text[max(at - 5, 0) : at + 1])
            right = ending_of(int(number[0]), calendar.ordinals) if number else None
            if number and right and right != last and not text[end : end + 1].isalnum():
                yield (at + 1, end), (int(number[0]), last, right)
            at = text.find(figure + last, end)


def _wrong_ending(span: Span, number: int, found: str, right: str) -> Finding:
    text = right.upper() if found.isupper() else right
    edit = Edit(span=span, text=text)
    return Finding(
        span=span,
        message=f"the ending of {number} is “{text}”, not “{found}”",
        hint=f"write {number}{text}, or correct the number",
        fix=Fix(title=f"Write {number}{text}", edits=(edit,)),
    )


RULE = Rule(
    code="C006",
    slug="date-exists",
    summary="A date is one that the calendar has, with the right ending.",
    severity=Severity.ERROR,
    check=check,
)
