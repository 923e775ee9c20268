"""Which names a template may ask for, so that a wrong one can be answered with the right one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

from newsletter.files import is_inside
from newsletter.render.page import Page
from newsletter.render.spelling import did_you_mean, nearest

_GIVEN = ("page", "theme", "loop")
_ONE_EACH = frozenset({"theme", "publication", "words"})
_SET = re.compile(r"\{%-?\s*(?:set|for)\s+([\w, ]+?)\s*(?:=|\bin\b|-?%\})")
_MOST_SHOWN = 12


def say_missing(name: str, holder: object | None, words: Iterable[str] = ()) -> str:
    """What was asked for in vain, and on a second line what may have been meant.

    `holder` is what was asked, None for the template's own words.
    """
    if holder is None:
        known = [*_GIVEN, *words]
        of_page = nearest(name, _names(Page))
        question = did_you_mean(name, known)
        if of_page and (not question or of_page == name):
            question = f"did you mean “page.{of_page}”?"
        return f"nothing here is called “{name}”\n{question}"
    if isinstance(holder, tuple):
        return f"a list of {len(holder)} has no “{name}”\n"
    names = [one for one in dir(holder) if not one.startswith("_")]
    shown = _names(type(holder))
    offer = f"it has {', '.join(shown[:_MOST_SHOWN])}" if shown else ""
    return f"{_called(holder)} has no “{name}”\n{did_you_mean(name, names) or offer}"


def words_of_templates(folders: Sequence[Path]) -> tuple[str, ...]:
    """What any template of these folders sets or counts through: `story`, `words`, `link`."""
    found: set[str] = set()
    for folder in folders:
        for path in folder.rglob("*.j2"):
            if not is_inside(path, folder):
                continue
            for names in _SET.findall(path.read_text("utf-8-sig", "replace")):
                found.update(re.findall(r"\w+", names))
    return tuple(sorted(found))


def _names(kind: type) -> list[str]:
    return [one.name for one in fields(kind)] if hasattr(kind, "__dataclass_fields__") else []


def _called(holder: object) -> str:
    """As templates know it: there is one `page` and one `theme`; `PageStory` is a story."""
    kind = type(holder).__name__
    if kind.endswith("Page"):
        return "page"
    name = kind.removeprefix("Page").removeprefix("Published").lower()
    return name if name in _ONE_EACH else f"a {name}"
