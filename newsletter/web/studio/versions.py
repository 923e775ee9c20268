"""Two versions of an issue side by side, in words and as JSON: the blocks that differ, and where.

What differs is found by publishing/merging; what is taken, the page asks.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from newsletter.issue import Cues, Part, PartKind, outline, parse_issue, source_from_text
from newsletter.publishing.merging import Block, Merge, Piece, Side, merge

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_STORY = re.compile(r"story \d+")
_KINDS = (
    (re.compile(r"#"), "headline"),
    (re.compile(r">"), "quote"),
    (re.compile(r"!\["), "picture"),
    (re.compile(r"\[[^\]]*\]\([^)]*\)\s*\Z"), "link"),
    (re.compile(r"[-*+] |\d+[.)] "), "list"),
    (re.compile(r"<!--"), "comment"),
    (re.compile(r"---+\s*\Z"), "line"),
)


def versions(base: str, yours: str, disk: str, cues: Cues) -> dict[str, Any]:
    """`pieces` in order: those that are the same folded into one, with a sentence for each fold."""
    merged = merge(base, yours, disk)
    placed = list(zip(merged.pieces, _places(merged, yours, disk, cues), strict=True))
    differing = {place.part for piece, place in placed if piece.changed is not Side.SAME}
    pieces: list[dict[str, Any]] = []
    for is_same, group in groupby(placed, key=lambda each: each[0].changed is Side.SAME):
        found = list(group)
        pieces += [_fold(found, differing)] if is_same else [_differing(*each) for each in found]
    return {"start": merged.start, "pieces": pieces, "end": merged.end}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Where a block stands: the part, as a sentence has it, and what it is of it."""

    part: str
    block: str

    def __str__(self) -> str:
        where = f"{self.part}, {self.block}" if self.block else self.part
        return where[:1].upper() + where[1:]


def _places(merged: Merge, yours: str, disk: str, cues: Cues) -> Iterator[_Place]:
    sides = _Names(yours, cues), _Names(disk, cues)
    for piece in merged.pieces:
        found = [
            names.of(block)
            for names, block in zip(sides, (piece.yours, piece.disk), strict=True)
            if block is not None
        ]
        yield found[0]


class _Names:
    """Names for the blocks of one text, asked for in their order."""

    def __init__(self, text: str, cues: Cues) -> None:
        issue = parse_issue(source_from_text(text, path=""), cues=cues)
        self._text = text
        self._parts = outline(issue)
        self._at = 0
        self._part: Part | None = None
        self._paragraphs = 0

    def of(self, block: Block) -> _Place:
        start = self._text.index(block.body, self._at)
        self._at = start + len(block.body)
        line = self._text.count("\n", 0, start) + 1
        part = next((each for each in self._parts if line in each.lines), None)
        if part != self._part:
            self._part, self._paragraphs = part, 0
        return _Place(part=_part_words(part), block=self._block_words(block.body, part))

    def _block_words(self, body: str, part: Part | None) -> str:
        if part and part.kind is PartKind.FRONT_MATTER:
            return body.partition(":")[0].strip() if ":" in body else ""
        if body.startswith("# "):
            return "title"
        kind = next((name for pattern, name in _KINDS if pattern.match(body)), None)
        if kind:
            return kind
        self._paragraphs += 1
        at = min(self._paragraphs, len(_ORDINALS))
        return f"{_ORDINALS[at - 1]} paragraph"


def _part_words(part: Part | None) -> str:
    if part is None:
        return "the text"
    if part.kind is PartKind.STORY:
        return f"story {part.number}" if part.number else "a story"
    return {
        PartKind.FRONT_MATTER: "front matter",
        PartKind.INTRO: "intro",
        PartKind.SPONSOR: "sponsor",
        PartKind.FOOTER: "footer",
    }[part.kind]


def _differing(piece: Piece, place: _Place) -> dict[str, Any]:
    return {
        "changed": piece.changed.value,
        "part": place.part,
        "where": str(place),
        "base": piece.base.body if piece.base else "",
        "yours": _block(piece.yours),
        "disk": _block(piece.disk),
    }


def _fold(found: Sequence[tuple[Piece, _Place]], differing: set[str]) -> dict[str, Any]:
    blocks = [piece.yours for piece, _ in found if piece.yours is not None]
    *before, last = blocks
    body = "".join(f"{block.body}{block.gap}" for block in before) + last.body
    parts = list(dict.fromkeys(place.part for _, place in found if place.part not in differing))
    block = {"body": body, "gap": last.gap}
    return {
        "changed": Side.SAME.value,
        "where": _same_words(parts),
        "yours": block,
        "disk": block,
    }


def _same_words(parts: Sequence[str]) -> str:
    """The sentence of a fold.

    >>> _same_words(["intro", "story 1", "story 2", "story 3"])
    'intro and stories 1 to 3 are the same'
    """
    if not parts:
        return "what stands between is the same"
    *before, last = _counted(parts)
    verb = "are" if len(parts) > 1 else "is"
    return f"{', '.join(before)}{' and ' if before else ''}{last} {verb} the same"


def _counted(parts: Sequence[str]) -> Iterator[str]:
    """Stories that follow each other are said as one."""
    for is_story, group in groupby(parts, key=lambda part: bool(_STORY.fullmatch(part))):
        found = list(group)
        if not is_story or len(found) == 1:
            yield from found
        else:
            first, last = (part.removeprefix("story ") for part in (found[0], found[-1]))
            yield f"stories {first} {'and' if len(found) == 2 else 'to'} {last}"


def _block(block: Block | None) -> dict[str, str] | None:
    return {"body": block.body, "gap": block.gap} if block else None
