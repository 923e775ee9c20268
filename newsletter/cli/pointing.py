"""A place in a line of text, pointed at: an excerpt, and carets below it."""

import unicodedata
from collections.abc import Iterator

AROUND = 34
"""Characters of the excerpt before the place, and after it begins."""


def pointed(text: str, at: int, width: int) -> Iterator[str]:
    """Two lines, the second with a caret for each column of the place, one at the least.

    >>> list(pointed("tag:uk adn tag:fr", 7, 3))
    ['tag:uk adn tag:fr', '       ^^^']
    """
    start, end = max(at - AROUND, 0), at + max(width, AROUND)
    before, after = _plain(text[start:at]), _plain(text[at:end])
    lead = "…" if start else ""
    yield f"{lead}{before}{after}{'…' if end < len(text) else ''}"
    carets = _columns(after[:width]) or 1
    yield " " * _columns(lead + before) + "^" * min(carets, 2 * AROUND)


def _plain(text: str) -> str:
    """On one line, a column for each character that a terminal would not show as it is."""
    return "".join(character if character.isprintable() else " " for character in text)


def _columns(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    marks = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - marks
