"""What the styles of a .docx say of single words: bold, slanted, struck, raised, hidden.

ECMA-376 part 1, section 17.7: a style may be based on another one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OF_WORDS = ("b", "i", "strike", "dstrike", "vertAlign", "vanish")
_OF_PARAGRAPHS = ("vanish",)
"""A heading's style is bold, too, and a quote's slanted: those are headings and quotes."""

_DEEPEST = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class CharacterStyles:
    """The properties by a style's id and their names, inherited ones among them."""

    by_style: Mapping[str, Mapping[str, ET.Element]]

    def put(self, properties: ET.Element, style: str, *, paragraph_style: str) -> None:
        """Onto a run's own properties those of its styles that it does not name itself."""
        said = {each.tag for each in properties}
        for id_, names in ((style, _OF_WORDS), (paragraph_style, _OF_PARAGRAPHS)):
            given = self.by_style.get(id_, {})
            for name in names:
                if name in given and f"{_W}{name}" not in said:
                    properties.append(given[name])
                    said.add(f"{_W}{name}")


def is_on(properties: ET.Element, name: str) -> bool:
    found = properties.find(f"{_W}{name}")
    return found is not None and found.get(f"{_W}val", "1") not in {"0", "false", "off"}


def read_character_styles(roots: Iterable[ET.Element]) -> CharacterStyles:
    own: dict[str, dict[str, ET.Element]] = {}
    based: dict[str, str] = {}
    for root in roots:
        for style in root.iter(f"{_W}style") if root.tag == f"{_W}styles" else ():
            id_ = style.get(f"{_W}styleId", "")
            base, properties = style.find(f"{_W}basedOn"), style.find(f"{_W}rPr")
            based[id_] = base.get(f"{_W}val", "") if base is not None else ""
            found = [*properties] if properties is not None else []
            own[id_] = {each.tag.removeprefix(_W): each for each in found}
    return CharacterStyles(by_style={id_: _inherited(id_, own, based) for id_ in own})


def _inherited(
    id_: str, own: Mapping[str, Mapping[str, ET.Element]], based: Mapping[str, str]
) -> dict[str, ET.Element]:
    found: dict[str, ET.Element] = {}
    for _ in range(_DEEPEST):
        found = {**own.get(id_, {}), **found}
        id_ = based.get(id_, "")
        if not id_:
            break
    return found
