"""Which lines head a sponsor's block: a heading, or a line of its own, that begins with the cue.

"Sponsored by Acme Tills" is told by its first words, which are data; it is never a story, has no
number, and ends where the next headline or the footer begins. As with headlines, where a file
marks them only marked lines count.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from newsletter.issue.headlines import Headline, is_marked
from newsletter.issue.pieces import Kind, Piece
from newsletter.issue.source import Source

_HEADING = r"\s{0,3}(?:(#{1,6})\s+)?(?:\*\*)?"
_FULL_STOP = re.compile(r"[.;:,!?][\"”’')*]*\s*\Z")
_CLOSING = re.compile(r"(?<=\S)\s+#+\Z")
MAX_WORDS = 12
"""Of a line that no mark makes a heading; what is longer is a sentence."""


def without_sponsors(source: Source, pieces: Sequence[Piece], cue: str) -> list[Piece]:
    """The pieces that may be headlines of stories: the headings of sponsors are none."""
    marked = {found.line for found in _sponsors(source, pieces, _pattern(cue), only_marked=True)}
    return [piece for piece in pieces if piece.first not in marked]


def with_sponsors(
    source: Source, pieces: Sequence[Piece], headlines: Sequence[Headline], cue: str
) -> tuple[Headline, ...]:
    """The headlines, those of sponsors among them, in order. Without any story there is none."""
    if not headlines:
        return ()
    found = list(_sponsors(source, pieces, _pattern(cue), only_marked=is_marked(headlines)))
    if not found:
        return tuple(headlines)
    by_line = {headline.line: headline for headline in (*found, *headlines)}
    return tuple(by_line[line] for line in sorted(by_line))


def heads_sponsor(words: str, cue: str, *, is_heading: bool) -> bool:
    """Whether words without marks head a sponsor's block: those of a heading, or of a line."""
    match = _pattern(cue).match(words.strip())
    return match is not None and (is_heading or _is_like_a_heading(words, match))


@lru_cache(maxsize=8)
def _pattern(cue: str) -> re.Pattern[str]:
    return re.compile(rf"{_HEADING}(?:{cue})(?:\s+(?=\S)|\s*\Z)", re.IGNORECASE)


def _sponsors(
    source: Source, pieces: Sequence[Piece], pattern: re.Pattern[str], *, only_marked: bool
) -> Iterator[Headline]:
    texts = [piece for piece in pieces if piece.kind is Kind.TEXT]
    for place, piece in enumerate(texts):
        line = source.line(piece.first)
        match = pattern.match(line)
        if match is None or (place == 0 and _may_be_title(match)):
            continue
        if match[1] or (not only_marked and piece.is_one_line and _is_like_a_heading(line, match)):
            yield _headline(source, piece.first, match)


def _may_be_title(match: re.Match[str]) -> bool:
    """Of the first line of all: a block needs the mark of a lower heading to stand above it."""
    return match[1] in {None, "#"}


def _is_like_a_heading(line: str, match: re.Match[str]) -> bool:
    """Short, not closed like a sentence, and with a name behind the cue."""
    is_short = len(line.split(maxsplit=MAX_WORDS)) <= MAX_WORDS
    has_name = match.end() < len(match.string.rstrip())
    return is_short and has_name and not _FULL_STOP.search(line)


def _headline(source: Source, line: int, match: re.Match[str]) -> Headline:
    words = source.line(line)[match.end() :].rstrip()
    if match[1]:
        words = _CLOSING.sub("", words)
    if match[0].count("**") == 1:
        words = words.removesuffix("**").rstrip()
    return Headline(
        line=line,
        number=None,
        marker=match[0],
        column=match.end() + 1,
        end_column=match.end() + 1 + len(words),
        is_sponsor=True,
    )
