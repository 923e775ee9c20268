"""Which of caniemail's features a finished e-mail uses. lxml reads the HTML.

What betrays a feature is data: `detection.toml`. Conditional comments are not looked into: they
are written for Outlook on Windows alone, by someone who knows it. What clients make of a feature
is not known here, nor which line of a template it comes from.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.client_support.css_marks import Mark, declaration_marks, sheet_marks
from newsletter.client_support.image_kinds import image_kinds

if TYPE_CHECKING:
    from lxml.etree import _Element

_TOLD_BY = ("type", "name")
"""Attributes with which an element is another feature: <input type>, <meta name>."""


class Part(StrEnum):
    """What of an e-mail a feature is in."""

    MARKUP = "markup"
    ATTRIBUTE = "style attribute"
    SHEET = "style sheet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """A feature in use: `words` is how it is written. `key` finds the same words in a template."""

    slug: str
    part: Part
    key: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Detection:
    """`slugs` by mark; a mark may betray several features. `blind` says what cannot be seen."""

    slugs: Mapping[str, tuple[str, ...]]
    blind: Mapping[str, str]


@cache
def load_detection() -> Detection:
    table = Path(__file__).parent / "detection.toml"
    data = tomllib.loads(table.read_text(encoding="utf-8"))
    slugs: dict[str, tuple[str, ...]] = {}
    for slug, marks in data["marks"].items():
        for mark in marks:
            slugs[mark] = (*slugs.get(mark, ()), slug)
    return Detection(slugs=slugs, blind=data["not_detectable"])


def find_uses(html: str) -> tuple[Use, ...]:
    """Every use of a feature, in the order of the document; equal ones once."""
    from lxml import etree

    root = etree.fromstring(html, etree.HTMLParser())
    return tuple(dict.fromkeys([*_doctype(html), *_find(root)]))


def _doctype(html: str) -> Iterator[Use]:
    """Asked of the text: the parser adds one where there is none."""
    if re.match(r"\s*<!doctype\b", html, re.IGNORECASE):
        yield from _markup("doctype:html", "<!DOCTYPE html>")


def _find(root: "_Element") -> Iterator[Use]:
    if root.xpath("boolean(//comment())"):
        yield from _markup("comment:html", "<!--")
    for element in root.iter("*"):
        tag = str(element.tag).lower()
        attributes = {str(name).lower(): str(value) for name, value in element.items()}
        for name, words in markup_names(tag, attributes):
            yield from _markup(name, words)
        for mark in _style_marks(attributes.get("style", "")):
            yield from _uses(mark, Part.ATTRIBUTE)
        if tag == "style":
            for mark in sheet_marks(element.text or ""):
                yield from _uses(mark, Part.SHEET)


def markup_names(tag: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The marks of an element, each with how it is written; an image goes by its address."""
    yield f"element:{tag}", f"<{tag}>"
    for name, value in attributes.items():
        if name in _TOLD_BY:
            yield f"element:{tag}[{name}={value.lower()}]", f'<{tag} {name}="{value}">'
        yield f"attribute:{name}", f"{name}="
    href = attributes.get("href", "")
    if href.lower().startswith("mailto:"):
        yield "link:mailto", href
    elif href.startswith("#") and href != "#":
        yield "link:#", href
    for address in _image_addresses(tag, attributes):
        yield from ((name, address) for name in image_kinds(address))


def _image_addresses(tag: str, attributes: Mapping[str, str]) -> Iterator[str]:
    if tag == "img":
        yield attributes.get("src", "")
    for candidate in attributes.get("srcset", "").split(", "):
        yield candidate.strip().split(" ")[0]
    yield attributes.get("background", "")


def _style_marks(style: str) -> tuple[Mark, ...]:
    return _read_style(style) if style else ()


@lru_cache(maxsize=1_024)
def _read_style(style: str) -> tuple[Mark, ...]:
    """Most of the styles in an e-mail stand there many times."""
    return tuple(declaration_marks(style))


def _markup(name: str, words: str) -> Iterator[Use]:
    for slug in load_detection().slugs.get(name, ()):
        yield Use(slug=slug, part=Part.MARKUP, key=markup_key(name, words), words=words)


def markup_key(name: str, words: str) -> str:
    """An image and a link are found again by their addresses, all else by what it is."""
    return words if name.startswith(("image:", "link:")) else name


def _uses(mark: Mark, part: Part) -> Iterator[Use]:
    for slug in load_detection().slugs.get(mark.name, ()):
        yield Use(slug=slug, part=part, key=mark.key, words=mark.words)
