"""A headline that lost its number in text without marks: a short line where a story is missing.

It is looked for only between two headlines whose numbers leave others out, and believed only where
there are exactly as many such lines as stories are missing.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from newsletter.issue.numerals import read_mark, read_numeral
from newsletter.issue.pieces import Kind, Piece
from newsletter.issue.source import Source
from newsletter.issue.sponsor_cue import heads_sponsor

_LEAST_WORDS, _MOST_WORDS = 2, 20
_CLOSED = re.compile(r"[.;:,!?…][\"”’')*_]*\s*\Z")
_NO_HEADLINE = re.compile(r"\s*(?:[-+•>#|<(]|\*\s|!?\[|https?:|\d+[.)])|.*(?:https?://|@)")


def find_unnumbered(
    source: Source,
    pieces: Sequence[Piece],
    found: Sequence[tuple[int, int]],
    *,
    is_marked: bool,
    sponsor: str,
) -> Iterator[int]:
    """The lines of headlines without a number, given each headline's line and place.

    Beside headlines with the mark of a heading, only a line in bold is one. What begins as the
    heading of a sponsor's block, by its cue `sponsor`, is none: written with a mark it would be
    that heading.
    """
    if not any(after - place > 1 for (_, place), (_, after) in pairwise([(0, 0), *found])):
        return
    texts = [piece for piece in pieces if piece.kind in {Kind.TEXT, Kind.UNDERLINE}]
    at = 0
    for (line, place), (end, after) in pairwise([(0, 0), *found]):
        inside = []
        while at < len(texts) and texts[at].last < end:
            if texts[at].first > line:
                inside.append(at)
            at += 1
        missing = after - place - 1
        if missing > 0:
            # Text above it belongs to the story before; that above the first is title and intro.
            likely = inside[1 if line else 2 :]
            lines = list(_like_headlines(source, texts, likely, sponsor))
            bold = [number for number in lines if _is_bold(source.line(number))]
            lines = bold or ([] if is_marked else lines)
            yield from lines if len(lines) == missing else ()


def _like_headlines(
    source: Source, texts: Sequence[Piece], inside: Sequence[int], sponsor: str
) -> Iterator[int]:
    for at in inside[:-1]:
        piece = texts[at]
        text = source.line(piece.first)
        if piece.is_one_line and _is_short_and_open(text) and not _heads_sponsor(text, sponsor):
            yield piece.first


def _heads_sponsor(text: str, cue: str) -> bool:
    return heads_sponsor(text.strip().removeprefix("__"), cue, is_heading=True)


def _is_short_and_open(text: str) -> bool:
    is_short = _LEAST_WORDS <= len(text.split(maxsplit=_MOST_WORDS)) <= _MOST_WORDS
    if not is_short or _CLOSED.search(text[-20:]) or _NO_HEADLINE.match(text):
        return False
    if read_numeral(text, read_mark(text).end):
        return False
    return not text.lstrip(" \t*_\"“‘'«„")[:1].islower()


def _is_bold(text: str) -> bool:
    words = text.strip()
    return words.startswith(("**", "__")) and words.endswith(words[:2])
