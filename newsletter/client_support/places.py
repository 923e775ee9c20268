"""Where in a template a feature comes from: the template's text searched for what is in use.

A template is read as it stands, with what Jinja2 will fill in as a gap that matches anything. What
no template holds was made by MJML, or from the issue's text, and no template is to blame for it.
Folders, rendering and Jinja2 itself are the caller's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from newsletter.client_support.css_marks import (
    Mark,
    declaration_key,
    declaration_marks,
    sheet_marks,
)
from newsletter.client_support.detection import Part, Use, markup_key, markup_names

ENTRY, INLINE = "issue.mjml.j2", "inline.css"

_GAP = "\ue000"
_SAYS_SOMETHING = re.compile(rf"[^\W{_GAP}]")
"""A key that Jinja2 fills in altogether would match anything; nothing of it is written there."""
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:\s*=\s*\"[^\"]*\")?)*)\s*/?>")
_ATTRIBUTE = re.compile(r"([\w:-]+)(?:\s*=\s*\"([^\"]*)\")?")
_SHEET = re.compile(r"<(?:mj-)?style\b[^>]*>(.*?)</", re.DOTALL)
_OTHERS = re.compile(r"\{%-?\s*(?:include|extends|import|from)\s+([\"'])(.+?)\1")
_PREFIX = re.compile(r"\A(?:inner|icon|container)-")


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplatePlace:
    """Line and column, from one, in the template of this name."""

    name: str
    line: int
    column: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Written:
    """Something in a template that could be in use; a gap in the key matches anything."""

    part: Part
    key: str
    place: TemplatePlace

    def is_in(self, use: Use) -> bool:
        return self.part is use.part and _pattern(self.key).fullmatch(use.key) is not None


class TemplateTexts:
    """The texts of the templates that an e-mail is made of, by name."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def places(self, use: Use) -> tuple[TemplatePlace, ...]:
        """Every line that writes what is in use; none where no template does."""
        exact = self._exact.get((use.part, use.key), ())
        loose = (one.place for one in self._loose if one.is_in(use))
        return tuple(dict.fromkeys([*exact, *loose]))

    def line(self, place: TemplatePlace) -> str:
        return self._texts[place.name].split("\n")[place.line - 1]

    @cached_property
    def _written(self) -> Sequence[_Written]:
        found = (one for name, text in self._texts.items() for one in _read(name, text))
        return tuple(one for one in found if _SAYS_SOMETHING.search(one.key))

    @cached_property
    def _exact(self) -> Mapping[tuple[Part, str], list[TemplatePlace]]:
        found: dict[tuple[Part, str], list[TemplatePlace]] = {}
        for one in self._written:
            if _GAP not in one.key:
                found.setdefault((one.part, one.key), []).append(one.place)
        return found

    @cached_property
    def _loose(self) -> Sequence[_Written]:
        return tuple(dict.fromkeys(one for one in self._written if _GAP in one.key))


def named_templates(text: str) -> Iterator[str]:
    """The templates that a template includes, extends or imports by name."""
    for match in _OTHERS.finditer(text):
        yield match[2]


@lru_cache(maxsize=4_096)
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in re.split(f"{_GAP}+", key)))


def _read(name: str, text: str) -> Iterator[_Written]:
    bare = _JINJA.sub(_gap, text)
    if name.endswith(".css"):
        part = Part.ATTRIBUTE if name == INLINE else Part.SHEET
        yield from _from_marks(sheet_marks(bare), part, name, line=1, column=1)
        return
    bare = _COMMENT.sub(_blank, bare)
    for tag in _TAG.finditer(bare):
        yield from _from_tag(name, bare, tag)
    for sheet in _SHEET.finditer(bare):
        line, column = _position(bare, sheet.start(1))
        yield from _from_marks(sheet_marks(sheet[1]), Part.SHEET, name, line=line, column=column)


def _from_tag(name: str, text: str, match: re.Match[str]) -> Iterator[_Written]:
    tag = match[1].lower()
    found = [*_ATTRIBUTE.finditer(match[2])]
    places = {one[1].lower(): _place(name, text, match.start(2) + one.start()) for one in found}
    attributes = {one[1].lower(): one[2] or "" for one in found}
    if tag.startswith("mj-"):
        for attribute, value in attributes.items():
            key = declaration_key(_PREFIX.sub("", attribute), value)
            yield _Written(part=Part.ATTRIBUTE, key=key, place=places[attribute])
    start = _place(name, text, match.start())
    for kind, words in markup_names(tag, attributes):
        place = places.get(kind.removeprefix("attribute:"), start)
        yield _Written(part=Part.MARKUP, key=markup_key(kind, words), place=place)
    for mark in declaration_marks(attributes.get("style", "")):
        yield _Written(part=Part.ATTRIBUTE, key=mark.key, place=places["style"])


def _from_marks(
    marks: Iterator[Mark], part: Part, name: str, *, line: int, column: int
) -> Iterator[_Written]:
    """`line` and `column` are where the style sheet begins."""
    for mark in marks:
        shift = column - 1 if mark.line == 1 else 0
        place = TemplatePlace(name=name, line=mark.line + line - 1, column=mark.column + shift)
        yield _Written(part=part, key=mark.key, place=place)


def _gap(match: re.Match[str]) -> str:
    """A gap of the same length, so that lines and columns stay; a statement leaves none."""
    return re.sub(r"[^\n]", _GAP, match[0]) if match[0].startswith("{{") else _blank(match)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _place(name: str, text: str, offset: int) -> TemplatePlace:
    line, column = _position(text, offset)
    return TemplatePlace(name=name, line=line, column=column)


def _position(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
