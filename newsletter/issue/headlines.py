"""Which lines are headlines of stories: the one hard question of pasted text.

No line is judged by itself. A list inside a story, "2...There", "3.5 million", "2020 will" are no
headlines, and a headline may have lost its full stop, its mark or its number; so of all sequences
of lines the best is taken, by dynamic programming: lines that look like headlines, whose numbers
go up by one. Where the file marks its headlines (`## 1. Headline`), other lines only fill gaps.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.issue.candidates import NESTED, Candidate, read_openings, weighed
from newsletter.issue.cues import ENGLISH, Cues
from newsletter.issue.numerals import MAX_NUMBER, SURE
from newsletter.issue.pieces import Kind, Piece
from newsletter.issue.source import Source
from newsletter.issue.title import title_count
from newsletter.issue.unnumbered import find_unnumbered

_GAP, _AGAIN, _WRONG, _RESTART = 4, 8, 5, 8
"""Off for a number that leaves others out, that was there, that is another than is due, and for a
list that begins anew where stories are counted already."""

_NO_NUMBER = 2
"""Off for a heading whose number is taken for the first of its words."""

_TOP = MAX_NUMBER + 1
_LONGEST_TITLE = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Headline:
    """A headline's line, its number, and where its words begin (`column`) and end."""

    line: int
    number: int | None
    marker: str
    column: int
    end_column: int
    is_sponsor: bool = False
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class _Path:
    """A sequence of candidates, from its last one backwards; `number` is how that one is read."""

    before: "_Path | None"
    candidate: Candidate
    number: int | None
    place: int


def find_headlines(
    source: Source, pieces: Sequence[Piece], *, lines_are_blocks: bool, cues: Cues = ENGLISH
) -> tuple[Headline, ...]:
    """The headlines of a text, in order."""
    openings = list(read_openings(source, pieces))
    if not openings:
        return ()
    candidates = _without_titles(pieces, openings)
    if _is_canonical(candidates):
        return tuple(_headline(source, one, one.number) for one in candidates)
    headings = [one for one in candidates if one.is_heading]
    if not any(one.numeral and one.numeral.kind == SURE for one in headings):
        unnumbered = [one for one in headings if one.mark.level == 2]
        if len(unnumbered) > 1 and not _counts(unnumbered):
            return tuple(_headline(source, replace(one, numeral=None), None) for one in unnumbered)
        candidates = [one for one in candidates if one.numeral]
    announced = _announced(source, pieces, cues)
    known = weighed(
        source, pieces, candidates, lines_are_blocks=lines_are_blocks, announced=announced
    )
    chosen = _best(known)
    if announced and len(chosen) < announced:
        # Perhaps what looked like a list that begins anew is the stories, counted wrongly.
        other = _best([replace(one, opens_list=False, weight=_as_new(one)) for one in known])
        chosen = other if len(other) == announced else chosen
    found = [_headline(source, path.candidate, path.number) for path in chosen]
    places = [(path.candidate.line, path.place) for path in chosen]
    more = find_unnumbered(source, pieces, places, is_marked=is_marked(found), sponsor=cues.sponsor)
    found += [_unnumbered(source, line) for line in more]
    return tuple(sorted(found, key=lambda headline: headline.line))


def _is_canonical(candidates: Sequence[Candidate]) -> bool:
    """Whether all there is are `## 1. Headline`, `## 2. Headline` and on: nothing to decide."""
    return all(
        one.mark.level == 2 and one.number == place and _is_numbered(one)
        for place, one in enumerate(candidates, start=1)
    )


def is_marked(headlines: Sequence[Headline]) -> bool:
    return any(headline.is_heading for headline in headlines)


def _as_new(one: Candidate) -> int:
    return one.weight + (NESTED if one.is_nested else 0)


def _counts(headings: Sequence[Candidate]) -> bool:
    """Whether headings count in a form that is not sure: `## 1 Headline`, `## 2 Headline`."""
    numbers = [one.number for one in headings if one.number]
    return len(numbers) > 1 and any(number + 1 in numbers for number in numbers)


def _announced(source: Source, pieces: Sequence[Piece], cues: Cues) -> int | None:
    """How many stories the title says there are, as far as it can be told so early."""
    texts = (piece.first for piece in pieces if piece.kind is Kind.TEXT)
    line = next(texts, None)
    if line is None:
        return None
    return title_count(source.line(line)[:_LONGEST_TITLE], cues)


def _without_titles(pieces: Sequence[Piece], openings: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without the title, nor headings of a lower level that have no number."""
    headings = [one for one in openings if one.is_heading]
    first = next((piece.first for piece in pieces if piece.kind is Kind.TEXT), None)
    title = _title_among(headings)
    if title is not None and _is_numbered(title) and title.line != first:
        title = None  # a headline whose mark lost a sign
    if headings and headings[0].line == first:
        title = _lower_title(headings) or title
    return [
        one
        for one in openings
        if one is not title and (one.numeral is not None or one.mark.level <= 2)
    ]


def _is_numbered(one: Candidate) -> bool:
    return one.numeral is not None and one.numeral.kind == SURE


def _title_among(headings: Sequence[Candidate]) -> Candidate | None:
    """The first heading of level 1, unless it has a number and there is no lower level."""
    title = next((one for one in headings if one.mark.level == 1), None)
    if title is None or title.numeral is None:
        return title
    has_lower = any(one.mark.level == 2 or (one.mark.level > 1 and one.numeral) for one in headings)
    alike = [one for one in headings if one.mark.level == 1]
    return title if has_lower or not (_is_numbered(title) or _counts(alike)) else None


def _lower_title(headings: Sequence[Candidate]) -> Candidate | None:
    """The first heading where it is `## Title` above headlines such as `## 1. Headline`."""
    first, *others = headings
    is_title = first.mark.level == 2 and not _is_numbered(first)
    has_numbered = any(map(_is_numbered, others)) or _counts(others)
    is_first = first.number == 1 and _counts(headings)
    return first if is_title and has_numbered and not is_first else None


def _best(candidates: Sequence[Candidate]) -> list[_Path]:
    """The sequence of the greatest weight, less what its numbers have wrong.

    For each place that a story may have there is one best path that ends in it, so that each
    candidate takes the same time: it is put behind each of them, or left out.
    """
    ends: _Ends = {0: (0, None)}
    for one in candidates:
        ends = _with(one, ends)
    _, path = max(ends.values(), key=lambda end: end[0])
    found = []
    while path is not None:
        found.append(path)
        path = path.before
    return found[::-1]


_Ends = dict[int, tuple[int, "_Path | None"]]
"""By place: the best path that ends there, and what it weighs."""

_Way = tuple[int, int, int, int | None]
"""From a place to a place, at which cost, and with which number."""


def _with(one: Candidate, ends: _Ends) -> _Ends:
    """The best paths to each place when there is one candidate more."""
    after = ends.copy()
    for origin, place, cost, number in _ways(one, ends):
        score, path = ends[origin]
        score += one.weight - cost - (_RESTART if one.opens_list and origin else 0)
        if place not in after or score > after[place][0]:
            after[place] = score, _Path(path, one, number, place)
    return after


def _ways(one: Candidate, ends: _Ends) -> list[_Way]:
    number = one.number
    if number is None:
        return _to_next(ends, 0, None)
    ways = _in_order(number, ends) if 0 < number <= MAX_NUMBER else []
    if not one.fits_only:
        ways += _to_next(ends, _WRONG, number)
        ways += [(number, number, _AGAIN, number)] if number and number in ends else []
    elif one.is_heading:
        ways += _to_next(ends, _NO_NUMBER, None)
    return ways


def _in_order(number: int, ends: _Ends) -> list[_Way]:
    """Behind the number before it, or leaving numbers out."""
    ways: list[_Way] = [(number - 1, number, 0, number)] if number - 1 in ends else []
    if number > 1:
        best = max((end for end in ends if end < number - 1), key=lambda end: ends[end][0])
        ways.append((best, number, _GAP, number))
    return ways


def _to_next(ends: _Ends, cost: int, number: int | None) -> list[_Way]:
    """Behind any: the number is not the one that is due. Beyond the last place none is."""
    return [(place, min(place + 1, _TOP), cost if place < _TOP else 0, number) for place in ends]


def _headline(source: Source, one: Candidate, number: int | None) -> Headline:
    text = source.line(one.line)
    end = one.numeral.end if one.numeral and number is not None else one.mark.begin
    marker, words = text[:end], text[end:].rstrip()
    if one.is_heading:
        words = re.sub(r"(?<=\S)\s+#+$", "", words)
    for bold in ("**", "__"):
        if marker.count(bold) == 1 and words.endswith(bold) and len(words) > len(bold):
            words = words[: -len(bold)].rstrip()
    return Headline(
        line=one.line,
        number=number,
        marker=marker,
        column=end + 1,
        end_column=end + 1 + len(words),
        is_heading=one.is_heading,
    )


def _unnumbered(source: Source, line: int) -> Headline:
    """A line of its own that stands where a story is missing."""
    text = source.line(line)
    words = text.strip()
    bold = words[:2] if words[:2] in {"**", "__"} and words.endswith(words[:2]) else ""
    start = len(text) - len(text.lstrip()) + len(bold)
    inner = text.rstrip().removesuffix(bold)[start:].rstrip() if bold else text.rstrip()[start:]
    return Headline(
        line=line,
        number=None,
        marker=text[:start],
        column=start + 1,
        end_column=start + 1 + len(inner),
    )
