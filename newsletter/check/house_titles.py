"""A title held against the house titles: which part is the house's, and which the week's theme."""

import re
from collections.abc import Iterator
from functools import cache

from newsletter.check.house_format import HouseFormat
from newsletter.issue import Cues, plain_spaces

_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
_LONGEST = 300
"""Characters. A longer title is none of the house's, whatever it says."""


def theme_of(title: str, house: HouseFormat) -> str | None:
    """What stands before the house title: "" for nothing; None where it is no house title.

    With the house title "The {count} biggest stories" the theme of "Robots: the six biggest
    stories" is "Robots".
    """
    if len(title) > _LONGEST:
        return None
    text = plain_text(title)
    patterns = [_pattern(wanted, house.cues) for wanted in house.titles]
    for theme_end, start in _beginnings(text, house.cues):
        if any(pattern.fullmatch(text, start) for pattern in patterns):
            return text[:theme_end]
    return None


def plain_text(title: str) -> str:
    """One kind of space and of apostrophe, as titles are compared."""
    return " ".join(plain_spaces(title).translate(_APOSTROPHES).split())


def _beginnings(text: str, cues: Cues) -> Iterator[tuple[int, int]]:
    """Where a theme may end and the house title begin."""
    yield 0, 0
    for match in _separator(cues.conjunction).finditer(text):
        yield match.start(), match.end()


@cache
def _separator(conjunction: str) -> re.Pattern[str]:
    words = rf"{re.escape(conjunction)}|&|\+"
    return re.compile(rf"\s*[:;–—|]\s+|\s+-\s+|,?\s+(?:{words})\s+|[.,!?]\s+", re.IGNORECASE)


@cache
def _pattern(wanted: str, cues: Cues) -> re.Pattern[str]:
    """A house title as a pattern. Its groups are atomic, so that no title takes long to compare."""
    numbers = "|".join(map(re.escape, cues.numbers))
    count = rf"(?:{numbers}|\d+)"
    first, *others = (
        re.escape(part).replace(r"\{count\}", count) for part in plain_text(wanted).split("*")
    )
    if not others:
        return re.compile(first, re.IGNORECASE)
    *middle, last = others
    between = "".join(rf"(?>.*?{part})" for part in middle)
    return re.compile(f"{first}{between}.*{last}", re.IGNORECASE)
