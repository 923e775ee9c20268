"""Which lines head a sponsor's block: a heading, or a line of its own, that begins with the cue.

"Sponsored by Acme Tills" is told by its first words, which are data; it is never a story, has no
number, and ends where the next headline or the footer begins. As with headlines, where a file
marks them only marked lines count.
"""

import re
from collections.abc import Iterator, Sequence

from newsletter.issue.headlines import Headline, is_marked
from newsletter.issue.pieces import Kind, Piece
from newsletter.issue.source import Source
from newsletter.issue.sponsor_cue import is_like_a_heading, sponsor_pattern

_CLOSING = re.compile(r"(?<=\S)\s+#+\Z")


def without_sponsors(source: Source, pieces: Sequence[Piece], cue: str) -> list[Piece]:
    """The pieces that may be headlines of stories: the headings of sponsors are none."""
    marked = {
        found.line for found in _sponsors(source, pieces, sponsor_pattern(cue), only_marked=True)
    }
    return [piece for piece in pieces if piece.first not in marked]


def with_sponsors(
    source: Source, pieces: Sequence[Piece], headlines: Sequence[Headline], cue: str
) -> tuple[Headline, ...]:
    """The headlines, those of sponsors among them, in order. Without any story there is none."""
    if not headlines:
        return ()
    found = list(_sponsors(source, pieces, sponsor_pattern(cue), only_marked=is_marked(headlines)))
    if not found:
        return tuple(headlines)
    by_line = {headline.line: headline for headline in (*found, *headlines)}
    return tuple(by_line[line] for line in sorted(by_line))


def _sponsors(
    source: Source, pieces: Sequence[Piece], pattern: re.Pattern[str], *, only_marked: bool
) -> Iterator[Headline]:
    texts = [piece for piece in pieces if piece.kind is Kind.TEXT]
    for place, piece in enumerate(texts):
        line = source.line(piece.first)
        match = pattern.match(line)
        if match is None or (place == 0 and _may_be_title(match)):
            continue
        if match[1] or (not only_marked and piece.is_one_line and is_like_a_heading(line, match)):
            yield _headline(source, piece.first, match)


def _may_be_title(match: re.Match[str]) -> bool:
    """Of the first line of all: a block needs the mark of a lower heading to stand above it."""
    return match[1] in {None, "#"}


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
