"""Lines that may be headlines: how each is marked and numbered, and what stands around it.

Each gets a weight, which says how much it looks like a headline by itself. Which of them are the
headlines is decided over all of them, in `newsletter.issue.headlines`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from newsletter.issue.numerals import (
    MAX_NUMBER,
    ROMAN,
    SURE,
    Mark,
    Numeral,
    may_open_a_story,
    read_mark,
    read_numeral,
)
from newsletter.issue.pieces import Kind, Piece
from newsletter.issue.source import Source

MARKED, BOLD, PLAIN = 30, 16, 12
"""Weights of a line that is marked as the others are, in bold, and by its number alone."""

_SUB_HEADING = 12
_UNDERLINED = 20
_BESIDE_MARKED = {True: 11, False: 8}
"""A bold or plain line among headlines that have `## `: it may fill a gap, and nothing else."""

_WEAK, _ALIKE = 5, 2
"""Off for a form that may be anything else, alone and where several are alike."""

_IN_LIST, _LAST_IN_LIST, _BELOW_COLON = 6, 4, 6
_NO_TEXT, _BELOW_HEADLINE = 5, 3
_SENTENCE, _SENTENCES, _LONG = 5, 8, 3
NESTED = 8
"""Off for a number in a list that begins anew."""
_LONG_WORDS = 30

_FULL_STOP = re.compile(r"(?<!\.)[.;:,][\"”’')*_]*\s*\Z")
_INNER_END = re.compile(r"\w[.!?][\"”’')]*\s+[\"“‘'(]?[^\W\d_a-z]")
_ENDS = (".", "!", "?", "”", '"', "’", ")", "…", ">", ":", "*", "。", "」")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may be a headline, `weight` for how much it looks like one.

    `fits_only` is true of a number that is believed only where it is the next one.
    `opens_list` and `is_nested` tell of a numbering that begins anew inside another one.
    """

    piece: int
    line: int
    mark: Mark
    numeral: Numeral | None
    weight: int = 0
    fits_only: bool = False
    opens_list: bool = False
    is_nested: bool = False

    @property
    def number(self) -> int | None:
        return self.numeral.value if self.numeral else None

    @property
    def numeral_kind(self) -> str:
        return self.numeral.kind if self.numeral else ""

    @property
    def is_heading(self) -> bool:
        return self.mark.level > 0


def read_openings(source: Source, pieces: Sequence[Piece]) -> Iterator[Candidate]:
    """Every line with the mark of a heading or a number at its head, but for tight lists."""
    for index, piece in enumerate(pieces):
        if piece.kind is not Kind.TEXT:
            continue
        found = [_opening(source.line(line), index, line) for line in piece.numbers]
        if len(found) > 1 and _is_list(source, piece, found):
            continue
        yield from (one for one in found if one is not None)


def _opening(text: str, piece: int, line: int) -> Candidate | None:
    if not may_open_a_story(text):
        return None
    mark = read_mark(text)
    numeral = read_numeral(text, mark.end)
    if numeral is None and not (mark.level and mark.has_space):
        return None
    return Candidate(piece, line, mark, numeral)


def _is_list(source: Source, piece: Piece, found: Sequence[Candidate | None]) -> bool:
    """Whether every line of a piece is numbered, or goes on below one that is, indented."""
    numbered = 0
    for line, one in zip(piece.numbers, found, strict=True):
        if one and one.number and one.numeral_kind in {SURE, ROMAN} and not one.is_heading:
            numbered += 1
        elif not numbered or not source.line(line).startswith(("  ", "\t")):
            return False
    return numbered > 1


def weighed(
    source: Source,
    pieces: Sequence[Piece],
    candidates: Sequence[Candidate],
    *,
    lines_are_blocks: bool,
    announced: int | None,
) -> list[Candidate]:
    """The candidates that are worth a thought, each with its weight, in order."""
    around = _Around(source, pieces, candidates, lines_are_blocks, announced)
    found = [around.weighed(at) for at in range(len(candidates))]
    return _nested([one for one in found if one is not None and one.weight > 0])


class _Around:
    """What stands around each candidate, and how the others of its form are."""

    def __init__(
        self,
        source: Source,
        pieces: Sequence[Piece],
        candidates: Sequence[Candidate],
        lines_are_blocks: bool,  # noqa: FBT001 - private
        announced: int | None,
    ) -> None:
        self._source = source
        self._pieces = pieces
        self._candidates = candidates
        self._lines_are_blocks = lines_are_blocks
        self._announced = announced
        texts = (at for at, piece in enumerate(pieces) if piece.kind is Kind.TEXT)
        self._heads = tuple(islice(texts, 2))
        self._lines = {one.line for one in candidates}
        self._alike = _alike(candidates)
        self._in_list = dict(self._lists())
        self._level = _main_level(candidates)
        marked = [one for one in candidates if one.mark.level == self._level]
        self._marked = {one.number for one in marked}
        self._pasted = set(self._like_stories()) - self._marked
        if len(self._pasted) > len(self._marked):  # one mark among many lines that have none
            self._level = 0
        self._first_marked = marked[0].line if marked else 0

    def weighed(self, at: int) -> Candidate | None:
        one = self._candidates[at]
        numeral = one.numeral
        if numeral is None:
            return replace(one, weight=MARKED)
        if not one.is_heading and not 0 < numeral.value <= MAX_NUMBER and not self._is_slip(at):
            return None
        is_sure = numeral.kind == SURE
        if not is_sure and not self._may_be(one, numeral):
            return replace(one, numeral=None, weight=MARKED) if one.is_heading else None
        is_alike = numeral.kind in self._alike
        if one.is_heading and one.mark.level == self._level:
            return replace(one, weight=MARKED, fits_only=not (is_sure or is_alike))
        weight = self._base(one) - (0 if is_sure else _ALIKE if is_alike else _WEAK)
        doubts = self._doubts(at, one, numeral)
        is_beside_marked = self._level > 0 and not one.is_heading
        if is_beside_marked and doubts and not self._is_bold(one):
            return None
        is_odd = is_beside_marked or not (is_sure or is_alike) or self._is_closed(one)
        return replace(one, weight=weight - doubts, fits_only=is_odd and not one.is_heading)

    def _is_slip(self, at: int) -> bool:
        """Whether a number that no story has stands where just one is missing."""
        around = self._candidates[max(at - 1, 0) : at + 2]
        numbers = [one.number or 0 for one in around]
        return len(numbers) == 3 and numbers[0] + 2 == numbers[2]

    def _may_be(self, one: Candidate, numeral: Numeral) -> bool:
        """Whether a form that is not sure is worth a thought at all."""
        if numeral.kind in self._alike:
            return one.is_heading or self._is_capital(one, numeral)
        if numeral.kind == ROMAN or numeral.kind.startswith("word "):
            return False
        if self._heads[0] == one.piece and one.mark.level < 3:
            return False  # a title
        is_beyond = self._announced is not None and numeral.value > self._announced
        return not is_beyond and (one.is_heading or self._is_capital(one, numeral))

    def _is_capital(self, one: Candidate, numeral: Numeral) -> bool:
        return not self._source.line(one.line)[numeral.end : numeral.end + 1].islower()

    def _base(self, one: Candidate) -> int:
        if one.is_heading:
            return _SUB_HEADING if self._level else _UNDERLINED
        is_bold = self._is_bold(one)
        if self._level:
            return _BESIDE_MARKED[is_bold] if self._is_missing(one) else 0
        after = self._after(one)
        if after and after.kind is Kind.UNDERLINE and one.line == self._pieces[one.piece].last:
            return _UNDERLINED
        return BOLD if is_bold else PLAIN

    def _is_missing(self, one: Candidate) -> bool:
        """Whether no marked headline has this number, and one has the number beside it.

        Above a first headline stand title and intro.
        """
        number = one.number or 0
        if self._announced is not None and number > self._announced:
            return False  # all that the title announces are marked
        beside = {number - 1, number + 1} & (self._marked | self._pasted)
        is_first = one.line < self._first_marked
        has_head = is_first == (number == 1) and one.piece not in self._heads
        return number > 0 and number not in self._marked and bool(beside) and has_head

    def _is_bold(self, one: Candidate) -> bool:
        assert one.numeral is not None
        text = self._source.line(one.line).rstrip()
        words = text[one.numeral.end :]
        if not text.endswith(("**", "__")):
            return False
        return one.mark.is_bold or words.startswith(text[-2:])

    def _doubts(self, at: int, one: Candidate, numeral: Numeral) -> int:
        """What speaks against a line that is no heading of the usual level."""
        doubts = self._in_list.get(at, 0) + self._doubts_of_words(one, numeral)
        if not self._has_text(one):
            doubts += _NO_TEXT
        if at and self._is_straight_below(self._candidates[at - 1], one):
            doubts += _BELOW_HEADLINE
        if one.line - 1 in self._pieces[one.piece].numbers:
            above = self._source.line(one.line - 1).rstrip()
            doubts += 2 if above.endswith(_ENDS) else _SENTENCE  # or a wrapped sentence goes on
        return doubts

    def _doubts_of_words(self, one: Candidate, numeral: Numeral) -> int:
        text = self._source.line(one.line)
        is_closed = self._is_closed(one)
        has_more = _INNER_END.search(text, numeral.end) is not None
        is_long = len(text.split(maxsplit=_LONG_WORDS)) > _LONG_WORDS
        doubts = 0
        if is_closed:
            is_alone = self._pieces[one.piece].is_one_line and not self._lines_are_blocks
            is_beyond = self._announced is not None and numeral.value > self._announced
            doubts += _SENTENCE if is_alone and not is_beyond else _SENTENCES
        if is_closed and (has_more or is_long):
            doubts += _SENTENCES
        elif has_more or is_long:
            doubts += _LONG
        return doubts

    def _is_closed(self, one: Candidate) -> bool:
        return _FULL_STOP.search(self._source.line(one.line)[-40:]) is not None

    def _after(self, one: Candidate) -> Piece | None:
        """The piece below, beyond comments."""
        at = one.piece + 1
        while at < len(self._pieces) and self._pieces[at].kind is Kind.COMMENT:
            at += 1
        return self._pieces[at] if at < len(self._pieces) else None

    def _has_text(self, one: Candidate) -> bool:
        """Whether text follows that is no candidate itself."""
        if one.line < self._pieces[one.piece].last:
            return True
        after = self._after(one)
        if after is None or after.kind is Kind.RULE:
            return False
        return after.first not in self._lines

    def _is_straight_below(self, above: Candidate, one: Candidate) -> bool:
        """Whether nothing stands between the two, so that the upper one would have no text."""
        return one.line == above.line + 1 or (
            one.piece == above.piece + 1 and above.line == self._pieces[above.piece].last
        )

    def _like_stories(self) -> Iterator[int | None]:
        """The numbers of lines without a mark that stand as headlines do."""
        for at, one in enumerate(self._candidates):
            is_plain = one.numeral_kind == SURE and not one.is_heading and at not in self._in_list
            if is_plain and self._has_text(one) and not self._is_closed(one):
                yield one.number

    def _lists(self) -> Iterator[tuple[int, int]]:
        """What is in a list: numbers that go up by one with nothing between them."""
        start = 0
        for at in range(1, len(self._candidates) + 1):
            if at < len(self._candidates) and self._goes_on(at):
                continue
            is_below_colon = self._is_below_colon(self._candidates[start])
            for member in range(start, at):
                if at - start > 1:
                    yield member, _LAST_IN_LIST if member == at - 1 else _IN_LIST
                elif is_below_colon:
                    yield member, _BELOW_COLON
            start = at

    def _goes_on(self, at: int) -> bool:
        above, one = self._candidates[at - 1], self._candidates[at]
        if above.number is None or one.number is None or one.is_heading or above.is_heading:
            return False
        return one.number == above.number + 1 and self._is_straight_below(above, one)

    def _is_below_colon(self, one: Candidate) -> bool:
        at = self._pieces[one.piece]
        line = one.line - 1 if one.line > at.first else self._line_above(one.piece)
        return line > 0 and self._source.line(line).rstrip().endswith((":", "："))

    def _line_above(self, piece: int) -> int:
        above = self._pieces[piece - 1] if piece else None
        return above.last if above is not None and above.kind is Kind.TEXT else 0


def _alike(candidates: Sequence[Candidate]) -> frozenset[str]:
    """The forms that count as sure because two that follow each other have them."""
    values: Mapping[str, set[int]] = defaultdict(set)
    for one in candidates:
        if one.numeral and one.numeral.kind != SURE:
            values[one.numeral.kind].add(one.numeral.value)
    return frozenset(kind for kind, found in values.items() if any(n + 1 in found for n in found))


def _main_level(candidates: Sequence[Candidate]) -> int:
    """The level of heading that most numbers have, the highest of several; 0 where none has."""
    levels: dict[int, set[int]] = defaultdict(set)
    for one in candidates:
        if one.is_heading and one.numeral:
            levels[one.mark.level].add(one.numeral.value)
    return min(levels, key=lambda level: (-len(levels[level]), level), default=0)


def _nested(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those of a numbering that begins anew inside another one are marked, and weigh less."""
    found = list(candidates)
    last = seen = 0
    at = 0
    while at < len(found):
        size = 0
        if found[at].number == 1 and seen:
            size = _size_of_nested(found, at, last)
        for member in range(at, at + size):
            weight = found[member].weight - NESTED
            found[member] = replace(
                found[member], weight=weight, is_nested=True, opens_list=member == at
            )
        if not size:
            last = found[at].number or last
        seen = 1
        at += size or 1
    return found


def _size_of_nested(found: Sequence[Candidate], start: int, last: int) -> int:
    """How many from `start` on count 1, 2, 3 apart from what stood above, which ended in `last`."""
    end = start + 1
    while end < len(found) and found[end].number == end - start + 1:
        end += 1
    size = end - start
    goes_on = end < len(found) and found[end].number == last + 1
    if not goes_on:  # the list ends where the numbering above it goes on, or with the text
        size = min(size, last)
    return size if size > 1 else 0
