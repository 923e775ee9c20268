"""What a title says of the number of stories: "The five biggest ..." says five."""

import re
from collections.abc import Iterable
from functools import cache

from newsletter.issue.cues import ENGLISH, Cues

_FILLER = (
    r"(?:[\s-]+(?!(?:of|in|on|at|for|from|by|to|with|the|this|other|more)\b)[\w&'’/]+){0,8}?\s+"
)
_WITHOUT_SPACES = re.compile(r"[\u3040-\u9fff]")
"""The signs of languages that put a number right before what it counts: ニュース五本."""


@cache
def _patterns(cues: Cues) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, int]]:
    """A number, what may follow it, and the values of the number words."""
    words, things = map(_any_of, (sorted(cues.numbers, key=len, reverse=True), cues.things))
    number = rf"({words}|[2-9]|1\d|20)"
    count = rf"(?<![\w$£€.,-]){number}(?=\s|-[a-z]+est\b)"
    values = {word.lower(): number for number, word in enumerate(cues.numbers, start=2)}
    if all(map(_WITHOUT_SPACES.match, cues.things)):
        return re.compile(rf"(?<!\d){number}"), re.compile(things), values
    return (
        re.compile(count, re.IGNORECASE),
        re.compile(rf"{_FILLER}(?:{things})\b", re.IGNORECASE),
        values,
    )


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, words))


def title_count(title: str, cues: Cues = ENGLISH) -> int | None:
    """The number of stories a title announces, or None where it announces none.

    A theme may hold a number of its own, so a number is believed only where it counts "stories" or
    the like: nothing but a few describing words may stand between the two.

    >>> title_count("Two mergers and the five biggest retail news stories of the week")
    5
    >>> title_count("The four-day week, and this week's stories")
    """
    count, things, values = _patterns(cues)
    for match in count.finditer(title):
        if things.match(title, match.end()):
            return int(match[1]) if match[1].isdigit() else values[match[1].lower()]
    return None
