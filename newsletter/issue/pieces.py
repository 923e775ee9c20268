"""The lines of a text cut into pieces: runs of text, thematic breaks, underlines and comments.

This knows blank lines and nothing of stories. A line that holds only spaces of any kind is blank.
Where a text has no blank line at all, as pasted text often has none, every line is a piece of its
own but for lists and quotes; `newsletter.issue.headlines` then finds the stories in it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from newsletter.issue.markdown import without_comments
from newsletter.issue.source import Source

LONG_LINE = 120
"""Characters. Nobody wraps prose by hand at more, so a longer line is a paragraph of its own."""

_WORD = re.compile(r"[^\s\u00ad\u200b\u2060\ufeff]")
_RULE = re.compile(r"\s{0,3}([-*_])(?:\s*\1){2,}\s*")
_HEADING = re.compile(r"\s{0,3}#{1,6}(?:\s|$)")
_GROUPED = re.compile(r"\s{0,3}(?:([-*+])\s|(>))")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|(-{2,}))\s*")
_NUMBERED = re.compile(r"\s{0,3}(\d{1,3})[.)]\s+\S")
_MARKED = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+\d{1,3}[.)]", re.MULTILINE)
_SPACES = re.compile(r"[\s\u00ad\u200b\u2060\ufeff]*")
_LISTED = re.compile(r"\s{0,3}(?:[-*+]\s|>|\d{1,9}[.)]\s)")


class Kind(Enum):
    TEXT = auto()
    RULE = auto()
    UNDERLINE = auto()
    """The line below a title or headline that makes it one (a setext heading)."""
    COMMENT = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines `first` to `last`, both included, counted from one."""

    kind: Kind
    first: int
    last: int

    @property
    def is_one_line(self) -> bool:
        return self.first == self.last

    @property
    def numbers(self) -> range:
        return range(self.first, self.last + 1)


def is_blank(line: str) -> bool:
    return _WORD.search(line) is None


def has_no_blank_lines(source: Source, start: int) -> bool:
    """Whether nothing separates the blocks from line `start` on, as in much pasted text."""
    words = [number for number in range(start, len(source.lines) + 1) if _has_words(source, number)]
    return len(words) > 1 and words[-1] - words[0] == len(words) - 1


def _has_words(source: Source, number: int) -> bool:
    return not is_blank(source.line(number))


def cut(source: Source, start: int, *, lines_are_blocks: bool) -> list[Piece]:
    """The pieces of a source from line `start` on, in order."""
    pieces: list[Piece] = []
    for piece in _runs(source, start):
        if piece.kind is not Kind.TEXT:
            pieces.append(piece)
        elif lines_are_blocks:
            pieces += _one_line_each(source, piece)
        else:
            pieces += _at_headings(source, piece)
    return pieces


def split_long_lines(source: Source, piece: Piece) -> list[Piece]:
    """Unwrapped lines are a paragraph each; a list, a quote or wrapped text stays whole."""
    inner = [source.line(number) for number in piece.numbers]
    is_long = any(len(line) > LONG_LINE for line in inner[:-1])
    if not is_long or any(_LISTED.match(line) for line in inner):
        return [piece]
    return [Piece(Kind.TEXT, number, number) for number in piece.numbers]


def _runs(source: Source, start: int) -> Iterator[Piece]:
    """Runs of lines between blank lines, with breaks, underlines and comments apart."""
    marks = _Marks(source, start)
    first: int | None = None
    number = start
    while number <= len(source.lines):
        kind, last = marks.kind_at(number, is_below_one_line=first == number - 1)
        if kind is Kind.TEXT:
            first = first or number
        elif first is not None:
            yield Piece(Kind.TEXT, first, number - 1)
            first = None
        if kind is not None and kind is not Kind.TEXT:
            yield Piece(kind, number, last)
        number = last + 1
    if first is not None:
        yield Piece(Kind.TEXT, first, len(source.lines))


class _Marks:
    """What each line of a source is, asked for from the top to the bottom."""

    def __init__(self, source: Source, start: int) -> None:
        self._source = source
        # A comment ends on the first of these lines below its beginning. Known beforehand, so
        # that a text of unclosed comments is not searched to its end from every one of them.
        lines = source.lines[start - 1 :]
        self._closing = [number for number, line in enumerate(lines, start) if "-->" in line]
        self._is_alone = {number: _ends_alone(source.line(number)) for number in self._closing}
        self._has_marked = _MARKED.search(source.text) is not None
        self._first_text: int | None = None
        self._underlined = 0

    def kind_at(self, number: int, *, is_below_one_line: bool) -> tuple[Kind | None, int]:
        """The kind of what begins on this line, None for a blank one, and its last line."""
        line = self._source.line(number)
        mark = line.lstrip()[:1]
        if mark == "<" and (end := self._comment_end(number)) is not None:
            return Kind.COMMENT, end
        if mark and mark in "=-" and is_below_one_line and self._is_underline(number):
            return Kind.UNDERLINE, number
        if mark and mark in "-*_" and _RULE.fullmatch(line):
            return Kind.RULE, number
        if is_blank(line):
            return None, number
        self._first_text = self._first_text or number
        return Kind.TEXT, number

    def _comment_end(self, number: int) -> int | None:
        """The last line of a comment that has its lines to itself, or None where there is none."""
        opening = self._source.line(number).lstrip()
        if not opening.startswith("<!--"):
            return None
        rest = opening[_after_comments(opening) :]
        if not rest.startswith("<!--"):
            return number if is_blank(rest) else None
        at = bisect_right(self._closing, number)
        if at == len(self._closing) or not self._is_alone[self._closing[at]]:
            return None
        return self._closing[at]

    def _is_underline(self, number: int) -> bool:
        """Whether the one line above is a title or headline by this line (CommonMark 0.31, 4.3).

        Elsewhere a line of hyphens below text is a thematic break to us, as the one above a footer
        often is. A title is the first text; a headline is the one that is due: the first has
        number 1, and so on, where none is marked in another way.
        """
        match = _UNDERLINE.fullmatch(self._source.line(number))
        if match is None:
            return False
        headline = _NUMBERED.match(self._source.line(number - 1))
        if headline is None:
            return match[1] is None and number - 1 == self._first_text
        if not self._has_marked and int(headline[1]) == self._underlined + 1:
            self._underlined += 1
            return True
        return False


def _after_comments(text: str) -> int:
    """Where in a text that begins with comments what is none begins, or one that does not end."""
    at = 0
    while text.startswith("<!--", at) and (end := text.find("-->", at + 4)) >= 0:
        spaces = _SPACES.match(text, end + 3)
        assert spaces is not None
        at = spaces.end()
    return at


def _ends_alone(text: str) -> bool:
    """Whether nothing but other comments follows the first end of a comment."""
    return is_blank(without_comments(text[text.index("-->") + 3 :]))


def _at_headings(source: Source, piece: Piece) -> Iterator[Piece]:
    """A heading line is a piece of its own, as Markdown has it."""
    first = piece.first
    for number in piece.numbers:
        if _HEADING.match(source.line(number)):
            if first < number:
                yield Piece(Kind.TEXT, first, number - 1)
            yield Piece(Kind.TEXT, number, number)
            first = number + 1
    if first <= piece.last:
        yield Piece(Kind.TEXT, first, piece.last)


def _one_line_each(source: Source, piece: Piece) -> Iterator[Piece]:
    """Each line by itself, but the lines of one list or one quote together."""
    first = piece.first
    for number in piece.numbers:
        if number == piece.last or not _go_together(source.line(number), source.line(number + 1)):
            yield Piece(Kind.TEXT, first, number)
            first = number + 1


def _go_together(line: str, following: str) -> bool:
    here, there = _GROUPED.match(line), _GROUPED.match(following)
    return here is not None and there is not None and here.groups() == there.groups()
