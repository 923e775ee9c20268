"""The marks of the work become those of the finished parts, which no word of theirs can be.

While a page is laid out, its placeholders bear the rendering's tag, lest a text that is decoded
on the way become one. Once all is decoded and laid out, short marks can be chosen by looking at
what is there: `zzSLOT1zz`, or where somebody wrote such a word, the next that nobody wrote. So
bytes and digest know nothing of the tag.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count

from newsletter.issue import Placeholder

_STEM = "zzSLOT"
_TAKEN = re.compile(r"zzslot([0-9]+)x")
_ENOUGH = 12
"""Digits of a tag that no text has by chance: what is left of a mark that a template cut."""


def settle(
    parts: Sequence[str], placeholders: Sequence[Placeholder], tag: str
) -> tuple[list[str], tuple[Placeholder, ...]]:
    """The finished parts with their short marks, and the placeholders that are in any of them."""
    names = {one.mark: str(number) for number, one in enumerate(placeholders, 1)}
    cut = [re.split(f"(zz{tag}SLOT[0-9]+zz)", part) for part in parts]
    words = "\n".join("\n".join(pieces[::2]) for pieces in cut).casefold()
    stem = _free_stem(words)
    marks = {mark: f"{stem}{name}zz" for mark, name in names.items()}
    used = {mark for pieces in cut for mark in pieces[1::2]}
    settled = [_joined(pieces, marks) for pieces in cut]
    kept = (replace(one, mark=marks[one.mark]) for one in placeholders if one.mark in used)
    return settled, tuple(kept)


def is_damaged(part: str, tag: str) -> bool:
    """Whether a template has cut or changed a placeholder, so that readers would see what is left.

    `part` is a settled one.
    """
    text = part.casefold()
    return tag[:_ENOUGH] in text or tag[-_ENOUGH:] in text


def _free_stem(words: str) -> str:
    """What every mark begins with: no word does, in capitals or not. `words` are casefolded."""
    if _STEM.casefold() not in words:
        return _STEM
    taken = set(_TAKEN.findall(words))
    return next(f"{_STEM}{number}x" for number in count() if str(number) not in taken)


def _joined(pieces: Sequence[str], marks: Mapping[str, str]) -> str:
    return "".join(marks.get(piece, piece) if at % 2 else piece for at, piece in enumerate(pieces))
