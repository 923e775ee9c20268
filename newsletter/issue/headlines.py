"""Which lines are headlines of stories: the one hard question of pasted text.

Where the file marks its headlines (`## 1. Headline`), only marked lines count. Elsewhere a
headline is known by its number alone, and a list inside a story, "2...There", "3.5 million" and
"2020 will" are none. So the next expected number is believed readily, any other number only when
the line stands alone like a headline and is followed by text like one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.issue.pieces import Kind, Piece
from newsletter.issue.source import Source

_NUMBER = r"(\d{1,3})(?:\\?[.)](?![\d.])\s*|\s+[.)]\s+|\s*[:–—-]\s+)(?:\*\*\s+)?"
"""The full stop may be escaped and the number alone be bold, as word processors export it."""

_MARKED = re.compile(rf"\s{{0,3}}(#{{1,6}})\s+(?:(?:\*\*)?{_NUMBER})?(?=\S)")
_PLAIN = re.compile(rf"\s{{0,3}}(?:\*\*)?{_NUMBER}(?=\S)")
_FULL_STOP = re.compile(r"(?<!\.)[.;:,][\"”’')*]*\s*$")
MAX_NUMBER = 30
"""No round-up has more stories; a larger number opens a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Headline:
    """A headline's line, its number, and where its words begin (`column`) and end."""

    line: int
    number: int | None
    marker: str
    column: int
    end_column: int
    is_sponsor: bool = False


def find_headlines(
    source: Source, pieces: Sequence[Piece], *, lines_are_blocks: bool
) -> tuple[Headline, ...]:
    """The headlines of a text, in order."""
    marked = tuple(_marked(source, pieces))
    if any(headline.number is not None for headline in marked):
        return marked
    unnumbered = tuple(headline for headline in marked if headline.marker.strip() == "##")
    if len(unnumbered) > 1:
        return unnumbered
    return tuple(_plain(source, pieces, lines_are_blocks=lines_are_blocks))


def is_marked(headlines: Sequence[Headline]) -> bool:
    return any("#" in headline.marker for headline in headlines)


def _marked(source: Source, pieces: Sequence[Piece]) -> Iterator[Headline]:
    """Headings with a number, and headings of level 1 and 2 without one (but not the title)."""
    found = [
        (number, match)
        for number in _text_lines(pieces)
        if (match := _MARKED.match(source.line(number)))
    ]
    headings = [match for _, match in found]
    title = _title_among(headings)
    if found and found[0][0] == next(_text_lines(pieces), None):
        title = _lower_title(headings) or title
    for number, match in found:
        if match is not title and (match[2] is not None or len(match[1]) <= 2):
            yield _headline(source, number, match, match[2])


def _title_among(headings: Sequence[re.Match[str]]) -> re.Match[str] | None:
    """The first heading of level 1, unless it has a number and there is no lower level."""
    title = next((match for match in headings if len(match[1]) == 1), None)
    if title is None or title[2] is None:
        return title
    has_lower = any(len(match[1]) == 2 or (match[1] != "#" and match[2]) for match in headings)
    return title if has_lower else None


def _lower_title(headings: Sequence[re.Match[str]]) -> re.Match[str] | None:
    """The first heading where it is `## Title` above headlines such as `## 1. Headline`."""
    first, *others = headings
    is_title = len(first[1]) == 2 and first[2] is None
    has_numbered = any(match[2] is not None for match in others)
    return first if is_title and has_numbered else None


def _text_lines(pieces: Sequence[Piece]) -> Iterator[int]:
    for piece in pieces:
        if piece.kind is Kind.TEXT:
            yield from piece.numbers


def _headline(source: Source, line: int, match: re.Match[str], number: str | None) -> Headline:
    text = source.line(line)
    words = text[match.end() :].rstrip()
    if text[: match.end()].startswith("#") or "#" in match[0]:
        words = re.sub(r"(?<=\S)\s+#+$", "", words)
    if match[0].count("**") == 1:
        words = words.removesuffix("**").rstrip()
    return Headline(
        line=line,
        number=int(number) if number is not None else None,
        marker=match[0],
        column=match.end() + 1,
        end_column=match.end() + 1 + len(words),
    )


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that opens with a number, and what stands round it."""

    piece: int
    line: int
    number: int
    match: re.Match[str]
    stands_alone: bool


def _plain(
    source: Source, pieces: Sequence[Piece], *, lines_are_blocks: bool
) -> Iterator[Headline]:
    candidates = list(_candidates(source, pieces))
    numbered_pieces = {candidate.piece for candidate in candidates}
    last_with = {candidate.number: index for index, candidate in enumerate(candidates)}
    expected, rejected = 1, -1
    for index, candidate in enumerate(candidates):
        text = source.line(candidate.line)
        if candidate.number == expected:
            # The third item of a loose list in story 2, when story 3 is still to come.
            goes_on = rejected == candidate.piece - 1 and last_with[expected] > index
            believed = not goes_on and _believed(candidate, text, lines_are_blocks=lines_are_blocks)
        else:
            believed = (
                candidate.stands_alone
                and not _FULL_STOP.search(text)
                and rejected != candidate.piece - 1
                and candidate.piece + 1 not in numbered_pieces
                and _is_text(pieces, candidate.piece + 1)
            )
        if believed:
            expected = candidate.number + 1
            yield _headline(source, candidate.line, candidate.match, candidate.match[1])
        else:
            rejected = candidate.piece


def _candidates(source: Source, pieces: Sequence[Piece]) -> Iterator[_Candidate]:
    for index, piece in enumerate(pieces):
        if piece.kind is not Kind.TEXT:
            continue
        matches = [(line, _PLAIN.match(source.line(line))) for line in piece.numbers]
        if len(matches) > 1 and all(match for _, match in matches):
            continue  # every line numbered, nothing between: a list
        for line, match in matches:
            if match is not None and int(match[1]) <= MAX_NUMBER:
                yield _Candidate(index, line, int(match[1]), match, piece.is_one_line)


def _believed(candidate: _Candidate, text: str, *, lines_are_blocks: bool) -> bool:
    """Whether a line with the expected number is a headline.

    Alone between blank lines it is; otherwise it must not end as a sentence does.
    """
    if candidate.stands_alone and not lines_are_blocks:
        return True
    return not _FULL_STOP.search(text)


def _is_text(pieces: Sequence[Piece], index: int) -> bool:
    return index < len(pieces) and pieces[index].kind in {Kind.TEXT, Kind.UNDERLINE}
