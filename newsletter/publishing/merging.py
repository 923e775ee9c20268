"""Two texts that began as one, held against each other block by block: what each has changed.

Pure. A block is a paragraph, a headline, a quote, or a line of the front matter, with the blank
lines behind it. Who chooses, and what then becomes of it, is left to whoever asks.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise, zip_longest

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)")
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_BLOCK = re.compile(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+")
_WORD = re.compile(r"\w+")

_GAP = "\n\n"

_ALIKE = 0.4
"""Of two blocks' words that are the same, from where one is the other as somebody changed it."""

_MOST = 10_000
"""Pairs of blocks held against each other; texts that differ more are paired by their order."""


class Side(StrEnum):
    """Who changed a block; `same` is nobody, or both alike."""

    SAME = "same"
    YOURS = "yours"
    DISK = "disk"
    BOTH = "both"


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """`gap` is what stands between it and the next one, blank lines."""

    body: str
    gap: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A place of the text: as it was, and as both sides have it; None where it is not there."""

    changed: Side
    base: Block | None
    yours: Block | None
    disk: Block | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Merge:
    """Bodies and gaps of one's choice, one after another, are a text between `start` and `end`: the
    last one's gap gives way to `end`.
    """

    start: str
    pieces: tuple[Piece, ...]
    end: str


def merge(base: str, yours: str, disk: str) -> Merge:
    """What neither changed is the same, what one changed is theirs; nothing is left out."""
    sides = [_split(text) for text in (base, yours, disk)]
    (start, old, end), (start_yours, ours, end_yours), (start_disk, theirs, end_disk) = sides
    in_yours, in_disk = _align(old, ours), _align(old, theirs)
    pieces: list[Piece] = []
    for at in range(len(old) + 1):
        pieces += _added(in_yours.added[at], in_disk.added[at])
        if at < len(old):
            pieces.append(_piece(old[at], in_yours.kept[at], in_disk.kept[at]))
    return Merge(
        start=_of_three(start, start_yours, start_disk),
        pieces=tuple(piece for piece in pieces if piece.yours or piece.disk),
        end=_of_three(end, end_yours, end_disk),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Aligned:
    """What became of each block, and the blocks before each, and behind the last, that are new."""

    kept: Sequence[Block | None]
    added: Sequence[Sequence[Block]]


def _align(old: Sequence[Block], new: Sequence[Block]) -> _Aligned:
    kept: list[Block | None] = [None] * len(old)
    added: list[list[Block]] = [[] for _ in range(len(old) + 1)]
    before = 0
    for a, b in _pairs(old, new):
        if b is None:
            before = a + 1 if a is not None else before
        elif a is None:
            added[before].append(new[b])
        else:
            kept[a], before = new[b], a + 1
    return _Aligned(kept=kept, added=added)


def _pairs(old: Sequence[Block], new: Sequence[Block]) -> Iterator[tuple[int | None, int | None]]:
    """Places of both, in order, each once."""
    bodies = [block.body for block in old], [block.body for block in new]
    matcher = SequenceMatcher(None, *bodies, autojunk=False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            yield from zip(range(a1, a2), range(b1, b2), strict=True)
        else:
            yield from _pairs_of_changed(old, new, range(a1, a2), range(b1, b2))


def _pairs_of_changed(
    old: Sequence[Block], new: Sequence[Block], a: range, b: range
) -> Iterator[tuple[int | None, int | None]]:
    """Those that are alike are one; what is between them is paired by its order."""
    last_a, last_b = a.start, b.start
    for i, j in [*_alike(old, new, a, b), (a.stop, b.stop)]:
        yield from zip_longest(range(last_a, i), range(last_b, j))
        if i < a.stop or j < b.stop:
            yield i, j
        last_a, last_b = i + 1, j + 1


def _alike(
    old: Sequence[Block], new: Sequence[Block], a: range, b: range
) -> Sequence[tuple[int, int]]:
    """The pairs in order that are the most alike together (a longest common subsequence)."""
    if not a or not b or len(a) * len(b) > _MOST:
        return []
    words = [_words(old[i].body) for i in a], [_words(new[j].body) for j in b]
    best = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    score = [[_likeness(x, y) for y in words[1]] for x in words[0]]
    for i in reversed(range(len(a))):
        for j in reversed(range(len(b))):
            paired = best[i + 1][j + 1] + score[i][j] if score[i][j] >= _ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    pairs, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if score[i][j] >= _ALIKE and best[i][j] == best[i + 1][j + 1] + score[i][j]:
            pairs.append((a[i], b[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _words(body: str) -> frozenset[str]:
    """With the first word marked, so that `subject:` is the subject however it was changed."""
    words = _WORD.findall(body.lower())
    kind = f"{body[:2].strip(' ')} {words[0] if words else ''}"
    return frozenset([*words, kind])


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def _added(yours: Sequence[Block], disk: Sequence[Block]) -> Iterator[Piece]:
    """New blocks at one place: what both have is the same; the rest are each one's own."""
    bodies = [block.body for block in yours], [block.body for block in disk]
    matcher = SequenceMatcher(None, *bodies, autojunk=False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            for mine, theirs in zip(yours[a1:a2], disk[b1:b2], strict=True):
                yield Piece(changed=Side.SAME, base=None, yours=mine, disk=theirs)
        else:
            yield from (_piece(None, *each) for each in zip_longest(yours[a1:a2], disk[b1:b2]))


def _piece(base: Block | None, yours: Block | None, disk: Block | None) -> Piece:
    side = _changed(_body(base), _body(yours), _body(disk))
    if side is Side.SAME and yours and disk:
        gap = _of_three(base.gap if base else "", yours.gap, disk.gap)
        yours = disk = Block(body=yours.body, gap=gap)
    return Piece(changed=side, base=base, yours=yours, disk=disk)


def _changed(base: str | None, yours: str | None, disk: str | None) -> Side:
    if yours == disk:
        return Side.SAME
    if yours == base:
        return Side.DISK
    return Side.YOURS if disk == base else Side.BOTH


def _of_three(base: str, yours: str, disk: str) -> str:
    """Blank lines are nobody's quarrel: where both changed them, yours stay."""
    return disk if yours == base else yours


def _body(block: Block | None) -> str | None:
    return block.body if block else None


def _split(text: str) -> tuple[str, list[Block], str]:
    """Blank lines at the start, the blocks, and the line ends behind the last one's words.

    The last block has a gap too, for it may come to stand before another.
    """
    spans = list(_spans(text))
    if not spans:
        return text, [], ""
    gaps = [text[end:start] for (_, end), (start, _) in pairwise(spans)]
    bodies = [text[start:end] for start, end in spans]
    blocks = [Block(body=body, gap=gap) for body, gap in zip(bodies, [*gaps, _GAP], strict=True)]
    return text[: spans[0][0]], blocks, text[spans[-1][1] :]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """From where to where each block's words stand, without the line end behind them."""
    found = _FRONT_MATTER.match(text)
    end = found.end() if found else 0
    for pattern, start, stop in ((_LINE, 0, end), (_BLOCK, end, len(text))):
        for each in pattern.finditer(text, start, stop):
            yield each.start(), each.start() + len(each[0].rstrip("\n"))
