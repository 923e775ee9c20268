"""The names that an intro announces: "... including Walmart, Carrefour, Getir and Richemont."."""

import re
from functools import cache

from newsletter.issue.cues import ENGLISH, Cues

_SENTENCE_END = re.compile(
    r"(?<![\s.(][A-Z])(?<!\b(?:Dr|St|Mr|Ms))(?<!\bMrs)"  # not after "L.K." and "Dr."
    r"[.!?][”’\"')]*(?=\s+[“‘\"'(]?[A-Z])|\s[–—]\s|\n\n"
)
_BRACKETED = re.compile(r"\([^()]*+\)")
_SEPARATOR = re.compile(r"[,;]\s+")
_NO_NAMES = frozenset({"more", "much more", "many more", "lots more", "others", "many others"})


@cache
def _including(cues: Cues) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(cues.including)}\b\s*:?\s*", re.IGNORECASE)


@cache
def _last_and(cues: Cues) -> re.Pattern[str]:
    return re.compile(rf"^(.*\S)\s+{re.escape(cues.conjunction)}\s+(\S.*)$", re.DOTALL)


def intro_names(intro: str, cues: Cues = ENGLISH) -> tuple[str, ...]:
    """The items of the last list that "including" opens, in order; () where there is none.

    >>> intro_names("Here's the briefing, including Klarna/HERO, Flipkart and Nordstrom/Asos.")
    ('Klarna/HERO', 'Flipkart', 'Nordstrom/Asos')
    """
    opened = list(_including(cues).finditer(intro))
    if not opened:
        return ()
    rest = intro[opened[-1].end() :]
    sentence = _SENTENCE_END.split(rest, maxsplit=1)[0].strip().rstrip(".!?…")
    items = [item.strip() for item in _split_outside_brackets(_SEPARATOR, sentence)]
    if (
        len(items) > 1
        and _is_afterthought(items[-1], cues)
        and _last_and(cues).match(_masked(items[-2]))
    ):
        items.pop()
    items[-1:] = _split_last(items[-1], cues)
    names = (_clean(item) for item in items)
    return tuple(name for name in names if name and name.lower() not in _NO_NAMES)


def _is_afterthought(item: str, cues: Cues) -> bool:
    """The clause after the list in "A, B and C, so let us begin"."""
    return (
        item[:1].islower()
        and not item.startswith(f"{cues.conjunction} ")
        and not _last_and(cues).match(_masked(item))
    )


def _split_last(item: str, cues: Cues) -> list[str]:
    """The end of the list holds two names ("C and D"), or one after a comma ("and D")."""
    opening = f"{cues.conjunction} "
    if item.lower().startswith(opening):
        return [item[len(opening) :]]
    match = _last_and(cues).match(_masked(item))
    return [item[: match.end(1)], item[match.start(2) :]] if match else [item]


def _split_outside_brackets(separator: re.Pattern[str], text: str) -> list[str]:
    """The parts of a text; "A (formerly B, C), D" has two."""
    found = list(separator.finditer(_masked(text)))
    starts = [0, *(match.end() for match in found)]
    ends = [*(match.start() for match in found), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _masked(text: str) -> str:
    """The text with what stands in brackets made unreadable, every other character in its place."""
    return _BRACKETED.sub(lambda match: "x" * len(match[0]), text)


def _clean(item: str) -> str:
    name = " ".join(item.split())
    return name if "(" in name else name.rstrip(")")
