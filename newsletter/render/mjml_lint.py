"""Lint of MJML: the compiler takes anything and drops in silence what it does not know.

Reads the MJML as XML (lxml) and holds tags and attributes against a list that was measured:
`mjml_attributes.json` has, for each tag, those of MJML's attributes that change what the compiler
of mjml-python makes. Only the MJML is judged; HTML inside mj-text and its like is not.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_EVERYWHERE = frozenset({"css-class", "mj-class"})
_HOLDS_HTML = frozenset(
    {
        *("mj-text", "mj-raw", "mj-button", "mj-table", "mj-title", "mj-preview", "mj-style"),
        *("mj-navbar-link", "mj-social-element", "mj-accordion-title", "mj-accordion-text"),
    }
)
_BARE_ZERO = re.compile(r"(?:^|\s)0(?:\s|$)")
_NEEDS_ALT = frozenset({"mj-image", "mj-social-element", "mj-carousel-image"})


@dataclass(frozen=True, kw_only=True, slots=True)
class LintFault:
    """What is wrong on which line of the MJML; `needle` is how the template spells it."""

    line: int
    what: str
    needle: str = ""


def lint_mjml(mjml: str) -> Iterator[LintFault]:
    """Every fault, in order; at most one where the text is no well-formed XML."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(mjml.encode(), parser)
    except etree.XMLSyntaxError as error:
        yield LintFault(line=error.lineno or 1, what=str(error.msg))
        return
    yield from _lint(root)


def _lint(element: "_Element") -> Iterator[LintFault]:
    tag = str(element.tag)
    known = _known().get(tag)
    if known is None:
        yield LintFault(line=_line(element), what=f"<{tag}> is no MJML tag", needle=f"<{tag}")
        return
    yield from _lint_attributes(element, known)
    if tag not in _HOLDS_HTML:
        for child in element.iterchildren("*"):  # no comments
            yield from _lint(child)


def _lint_attributes(element: "_Element", known: frozenset[str]) -> Iterator[LintFault]:
    line, tag = _line(element), str(element.tag)
    for name, value in sorted((str(name), str(value)) for name, value in element.items()):
        needle = f'{name}="{value}"'
        if "*" not in known and name not in known | _EVERYWHERE and not _names_class(tag, name):
            yield LintFault(line=line, what=f'<{tag}> has no attribute "{name}"', needle=f"{name}=")
        if "padding" in name and _BARE_ZERO.search(value):
            # MRML leaves the whole shorthand out of its widths, and Outlook's columns burst.
            yield LintFault(line=line, what=f'{needle} needs a unit: write "0px"', needle=needle)
        if '"' in value:
            # MRML writes it as \" into a quoted attribute, and the attribute ends there.
            yield LintFault(line=line, what=f"<{tag}> {name} holds a quotation mark")
    if tag in _NEEDS_ALT and element.get("alt") is None and not _is_default(element):
        yield LintFault(line=line, what=f"<{tag}> has no alt", needle=f"<{tag}")


def _is_default(element: "_Element") -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "mj-attributes"


def _names_class(tag: str, name: str) -> bool:
    return tag == "mj-class" and name == "name"


def _line(element: "_Element") -> int:
    line: object = element.sourceline  # its stubs leave the type open
    return line if isinstance(line, int) else 1


@cache
def _known() -> Mapping[str, frozenset[str]]:
    text = files("newsletter.render").joinpath("mjml_attributes.json").read_text("utf-8")
    return {tag: frozenset(names.split()) for tag, names in json.loads(text).items()}
