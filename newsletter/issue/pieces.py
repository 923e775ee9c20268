"""The lines of a text cut into pieces: runs of text, thematic breaks and comments.

This knows blank lines and nothing of stories. A line that holds only spaces of any kind is blank.
Where a text has no blank line at all, as pasted text often has none, every line is a piece of its
own but for lists and quotes; `newsletter.issue.headlines` then finds the stories in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from newsletter.issue.markdown import without_comments
from newsletter.issue.plain import plain_spaces
from newsletter.issue.source import Source

LONG_LINE = 120
"""Characters. Nobody wraps prose by hand at more, so a longer line is a paragraph of its own."""

_RULE = re.compile(r"\s{0,3}([-*_])(?:\s*\1){2,}\s*")
_HEADING = re.compile(r"\s{0,3}#{1,6}(?:\s|$)")
_GROUPED = re.compile(r"\s{0,3}(?:([-*+])\s|(>))")
_LISTED = re.compile(r"\s{0,3}(?:[-*+]\s|>|\d{1,9}[.)]\s)")


class Kind(Enum):
    TEXT = auto()
    RULE = auto()
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
    return not plain_spaces(line).strip()


def has_no_blank_lines(source: Source, start: int) -> bool:
    """Whether nothing separates the blocks from line `start` on, as in much pasted text."""
    body = source.lines[start - 1 :]
    while body and is_blank(body[0]):
        body = body[1:]
    while body and is_blank(body[-1]):
        body = body[:-1]
    return len(body) > 1 and not any(is_blank(line) for line in body)


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
    """Runs of lines between blank lines, with breaks and comments apart."""
    first: int | None = None
    number = start
    last_end = max((at for at, line in enumerate(source.lines, 1) if "-->" in line), default=0)
    while number <= len(source.lines):
        line = source.line(number)
        comment_end = _comment_end(source, number, last_end)
        is_rule = _RULE.fullmatch(line) is not None
        ends_run = is_blank(line) or is_rule or comment_end is not None
        if ends_run and first is not None:
            yield Piece(Kind.TEXT, first, number - 1)
            first = None
        if comment_end is not None:
            yield Piece(Kind.COMMENT, number, comment_end)
            number = comment_end
        elif is_rule:
            yield Piece(Kind.RULE, number, number)
        elif not ends_run and first is None:
            first = number
        number += 1
    if first is not None:
        yield Piece(Kind.TEXT, first, len(source.lines))


def _comment_end(source: Source, number: int, last_end: int) -> int | None:
    """The last line of a comment that has its lines to itself, or None where there is none.

    Below line `last_end` no comment ends.
    """
    opening = source.line(number).lstrip()
    if not opening.startswith("<!--"):
        return None
    rest = opening[4:]
    for end in range(number, last_end + 1):
        rest = rest if end == number else source.line(end)
        if "-->" in rest:
            after = rest[rest.index("-->") + 3 :]
            return end if is_blank(without_comments(after)) else None
    return None


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
