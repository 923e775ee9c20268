"""Lines of plain text that a mail program may flow: where they break, and how that is written.

A soft line break is a space at a line's end and may be taken back; a fixed one stays (RFC 3676,
section 4, with `delsp=no`). Knows columns and words; what a line says is `plain_text`'s business.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from newsletter.issue import MARK, untagged

COLUMNS = 71
"""Of 72; the last is for a soft line break's space."""

SIGNATURE = "-- "
"""Stands before what is no longer the text; neither soft nor fixed (RFC 3676, 4.3)."""

_SPACES = re.compile(r"[ \t\n]+")
_ADDRESS = re.compile(r"https?://|<[^\s<>@]+@[^\s<>]*>", re.IGNORECASE)
_STUFFED = (" ", ">", "From ")
_JOINING = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end; a soft one belongs to a paragraph with the line that follows."""

    text: str
    is_soft: bool = False


def encode(lines: Iterable[Line]) -> str:
    r"""The lines as they are sent, joined by LF, no line end at the end.

    Spaces at a line's end, which would mean something, go; a line that begins as a quotation, a
    stuffed line or a mailbox's separator does is stuffed with a space (RFC 3676, 4.2 and 4.4).

    >>> encode([Line("From us", is_soft=True), Line("to you")])
    ' From us \nto you'
    """
    return "\n".join(map(_encoded, lines))


def _encoded(line: Line) -> str:
    if line.text == SIGNATURE:
        return SIGNATURE
    text = line.text.rstrip(" ")
    stuffing = " " if text.startswith(_STUFFED) else ""
    return f"{stuffing}{text}{' ' if line.is_soft and text else ''}"


def flow(text: str, *, columns: int = COLUMNS) -> list[Line]:
    """Lines of at most `columns`, broken softly at spaces; at least one line.

    An address has a line to itself, as long as it needs. A word that fits no line is cut by fixed
    breaks: a soft one would come back as a space, which Chinese has not. Line ends in the text
    are fixed.
    """
    return [line for paragraph in text.split("\n") for line in _flowed(paragraph, columns)]


@lru_cache(maxsize=1024)
def _flowed(text: str, columns: int) -> tuple[Line, ...]:
    """Kept, as an issue that is being written has nearly the same paragraphs at every key."""
    return tuple(_flow(text, columns))


def _flow(text: str, columns: int) -> Iterator[Line]:
    line = ""
    for word in _SPACES.split(text.strip(" \t")):
        first, *more = _cut(word, columns)
        if not line or _must_go_on(line) or _goes_on(line, first, columns):
            line = f"{line} {first}" if line else first
        else:
            yield Line(line, is_soft=True)
            line = first
        for piece in more:
            yield Line(line)
            line = piece
    yield Line(line)


def _must_go_on(line: str) -> bool:
    """A soft line of two hyphens would be a signature's; one placeholder might be empty."""
    return line == SIGNATURE.rstrip() or MARK.fullmatch(line) is not None


def _goes_on(line: str, word: str, columns: int) -> bool:
    is_alone = _ADDRESS.search(word) or _ADDRESS.search(line)
    return not is_alone and width(line) + 1 + width(word) <= columns


def _cut(word: str, columns: int) -> Iterator[str]:
    """Pieces of at most `columns`, whole characters each; addresses and placeholders uncut."""
    if width(word) > columns and not (_ADDRESS.search(word) or MARK.search(word)):
        start = taken = 0
        for at, character in enumerate(word):
            taken += _width(character)
            if taken > columns and not _joins(word, at):
                yield word[start:at]
                start, taken = at, _width(character)
        word = word[start:]
    yield word


def _joins(word: str, at: int) -> bool:
    """Whether the character there is seen as part of the one before it."""
    return (
        unicodedata.category(word[at]).startswith("M")
        or _JOINING.match(word[at]) is not None
        or word[at - 1 : at] == "\u200d"
    )


def width(text: str) -> int:
    """Columns of a fixed-width font: two for a full-width letter, none for a mark (UAX #11)."""
    text = untagged(text)
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
