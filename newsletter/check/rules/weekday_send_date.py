"""An intro that says Friday in an issue that is sent on a Thursday."""

import re
from collections.abc import Iterator
from functools import cache

from newsletter.check.dates import find_dates
from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.house_format import Calendar
from newsletter.check.offsets import place_in_block, without_comments
from newsletter.check.rule import Context, Rule
from newsletter.issue import Block, Issue

_SENTENCE_END = re.compile(r"[.!?][”’\"')]*\s")
_WORD_BEFORE = re.compile(r"([^\W\d_][\w'’]*)[\s\u200b*_]{1,4}\Z")
_NAMED_DAYS = frozenset(
    (
        *("ash", "black", "cyber", "easter", "giving", "good", "green", "holy", "maundy", "palm"),
        *("pancake", "prime", "shrove", "super"),
    )
)
"""Black Friday has its name on any day of the week."""


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    """Only the first sentence says what day it is; the right day anywhere in the intro is enough.

    A weekday beside a date is for the rule weekday-date.
    """
    send_date, calendar = context.send_date, context.house.calendar
    block = next((block for block in issue.intro if not block.comment), None)
    if send_date is None or block is None or not issue.stories:
        return
    sent_on = calendar.weekdays[send_date.weekday()]
    if sent_on.casefold() in issue.intro_text.casefold():
        return
    for start, end, named in _days_said(block, calendar):
        yield Finding(
            span=place_in_block(block)(start, end),
            message=f"the intro says {named}, but the issue is sent on a {sent_on}",
            hint=f"write {sent_on}, or send it on a {named}; the send date is {send_date}",
        )
        return


def _days_said(block: Block, calendar: Calendar) -> Iterator[tuple[int, int, str]]:
    """Where the first sentence of the intro says what day it is, and which."""
    text = without_comments(block.markdown)
    sentence_end = _SENTENCE_END.search(text)
    text = text[: sentence_end.end()] if sentence_end else text
    dated = [range(found.start, found.end) for found in find_dates(text, calendar)]
    for match in _weekday(calendar).finditer(text):
        in_date = any(match.start() in span for span in dated)
        if not in_date and not _is_a_name(text, match.start()):
            yield match.start(), match.end(), match[0]


def _is_a_name(text: str, start: int) -> bool:
    """Whether the word before makes it the name of a special day, such as Black Friday."""
    before = _WORD_BEFORE.search(text[max(start - 40, 0) : start])
    if before is None:
        return False
    opens_sentence = not text[: max(start - len(before[0]), 0)].strip(" \t*_“‘\"'(")
    return before[1].lower() in _NAMED_DAYS or (before[1][0].isupper() and not opens_sentence)


@cache
def _weekday(calendar: Calendar) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/-])(?:{'|'.join(map(re.escape, calendar.weekdays))})(?!\w)")


RULE = Rule(
    code="C004",
    slug="weekday-send-date",
    summary="The weekday in the intro is the day of the send.",
    severity=Severity.WARNING,
    check=check,
)
