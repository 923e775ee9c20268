"""How an element's words look: bold, slanted, struck, raised, or as large as a heading.

By its name, and by what its style and its classes say.
"""

import re
from dataclasses import dataclass

from newsletter.importing.inlines import Shift
from newsletter.importing.tags import Tag

_STRONG = frozenset({"b", "strong"})
_EMPHASIS = frozenset({"i", "em", "cite", "dfn"})
_STRUCK = frozenset({"s", "strike", "del"})
_SHIFTS = {"sup": Shift.UP, "sub": Shift.DOWN, "super": Shift.UP}
_BOLD_WEIGHT = re.compile(r"bold(?:er)?|[6-9]00")
_PLAIN_WEIGHT = re.compile(r"normal|lighter|[1-5]00")
_SIZE = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)(px|pt|r?em|%)?")
_IN_PIXELS = {"px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "%": 0.16, None: 1.0}
_OF_FONT = {"4": 18.0, "5": 24.0, "6": 32.0, "7": 48.0}
_LARGE, _LARGE_AND_BOLD, _TITLE = 24.0, 18.0, 26.0
"""Pixels. The text of a page is 14 to 18."""

_LONGEST = 150
"""Characters of a heading."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    strong: bool = False
    emphasis: bool = False
    struck: bool = False
    shift: Shift | None = None


def look_of(tag: Tag, around: Look) -> Look:
    """The look of an element's words, inherited from what is around it."""
    strong = around.strong or tag.name in _STRONG
    emphasis = around.emphasis or tag.name in _EMPHASIS
    struck = around.struck or tag.name in _STRUCK
    shift = _SHIFTS.get(tag.name, around.shift)
    if tag.get("style"):
        weight, slant = tag.style("font-weight"), tag.style("font-style")
        strong = bool(_BOLD_WEIGHT.fullmatch(weight)) if _says_weight(weight) else strong
        emphasis = slant != "normal" if slant in {"italic", "oblique", "normal"} else emphasis
        lines = f"{tag.style('text-decoration')} {tag.style('text-decoration-line')}"
        struck = struck or "line-through" in lines
        shift = _SHIFTS.get(tag.style("vertical-align"), shift)
    return Look(strong=strong, emphasis=emphasis, struck=struck, shift=shift)


def _says_weight(weight: str) -> bool:
    return bool(_BOLD_WEIGHT.fullmatch(weight) or _PLAIN_WEIGHT.fullmatch(weight))


def heading_level(tag: Tag) -> int | None:
    """The level of a line that is set as a heading without being one; None for ordinary text.

    >>> heading_level(Tag("td", {"style": "font-size:28px"}, ("The week",)))
    1
    """
    size, bold = 0.0, False
    text = tag.text()
    if not text or len(text) > _LONGEST:
        return None
    while True:
        match = _SIZE.fullmatch(tag.style("font-size"))
        size = float(match[1]) * _IN_PIXELS[match[2]] if match else size
        size = _OF_FONT.get(tag.get("size"), size) if tag.name == "font" else size
        bold = look_of(tag, Look(strong=bold)).strong
        inner = [child for child in tag.children if isinstance(child, Tag) or child.strip()]
        if len(inner) != 1 or not isinstance(inner[0], Tag):
            break
        tag = inner[0]
    if size < (_LARGE_AND_BOLD if bold else _LARGE):
        return None
    return 1 if size >= _TITLE else 2 if size > _LARGE_AND_BOLD else 3
