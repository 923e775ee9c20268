"""Lint of MJML: the compiler takes nearly anything and drops in silence what it does not know.

Reads the MJML as XML (lxml) and holds it against a list that was measured: `mjml_tags.json` has,
for each tag, those of MJML's attributes that change what the compiler of mjml-python makes, and
what may stand inside. HTML inside mj-text and its like is judged for its pictures' words alone.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.render.colours import COLOUR_NAMES, bad_figures, is_colour
from newsletter.render.css_lint import find_sheet_faults
from newsletter.render.mjml_syntax import LintFault, Tag, opening_tags, syntax_fault
from newsletter.render.spelling import did_you_mean

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["LintFault", "lint_mjml"]

_EVERYWHERE = frozenset({"css-class", "mj-class"})
_BARE_ZERO = re.compile(r"(?<![^\s])0(?![^\s])")
_NEEDS_ALT = frozenset({"img", "mj-image", "mj-social-element", "mj-carousel-image"})
_ONCE = frozenset({"mj-body", "mj-head", "mj-title", "mj-preview", "mj-breakpoint"})
_SINGLE_QUOTED = re.compile(r"""<mj-[\w-]+\s(?:[^<>"']|"[^"]*")*'""")
_NOT_TAKEN = re.compile(r"<!\[CDATA\[|<\?|<!DOCTYPE", re.IGNORECASE)
_BELOW = ("mj-text", "mj-column", "mj-section", "mj-raw", "mj-head")
"""Where a misplaced tag may find its place, in the order in which they are offered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """`holds` is None for HTML, a set of tags otherwise; `words` says that it takes plain words."""

    attributes: frozenset[str]
    holds: frozenset[str] | None
    words: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Finding:
    """A fault of the element with this number, counted in order; its offset is found late.

    It is that of an attribute's name, or of the next `words` after the tag's beginning, or so many
    characters after the tag's end.
    """

    number: int
    what: str
    next_step: str
    attribute: str = ""
    words: str = ""
    offset: int | None = None


def lint_mjml(mjml: str) -> Iterator[LintFault]:
    """Every fault; at most one where the text is no well-formed XML."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for found in _NOT_TAKEN.finditer(mjml):
        yield LintFault(
            offset=found.start(), what=f"MJML takes no {found[0]}", next_step="take it out"
        )
        return
    try:
        root = etree.fromstring(mjml.encode(), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        yield syntax_fault(mjml, str(error.msg), line or 1, column or 1)
        return
    yield from _placed(mjml, _lint_root(root))
    for found in _SINGLE_QUOTED.finditer(mjml):
        # MRML writes a quotation mark in it as \", and the attribute ends there.
        yield LintFault(
            offset=found.end() - 1,
            what="an attribute's value is in single quotation marks",
            next_step="write it in double ones",
        )


def _placed(mjml: str, findings: Iterable[_Finding]) -> Iterator[LintFault]:
    tags: list[Tag] = []
    for finding in findings:
        tags = tags or list(opening_tags(mjml))
        tag = tags[finding.number]
        offset = tag.attributes.get(finding.attribute, tag.start)
        if finding.words:
            offset = max(mjml.find(finding.words, tag.start), tag.start)
        if finding.offset is not None:
            offset = tag.end + finding.offset
        yield LintFault(offset=offset, what=finding.what, next_step=finding.next_step)


def _lint_root(root: "_Element") -> Iterator[_Finding]:
    if root.tag != "mjml":
        yield _Finding(
            number=0, what=f"<{root.tag}> is where <mjml> should be", next_step="begin with <mjml>"
        )
        return
    numbers = count()
    yield from _lint(root, next(numbers), numbers)


def _lint(element: "_Element", number: int, numbers: Iterator[int]) -> Iterator[_Finding]:
    """`number` is the element's own; `numbers` gives those of the ones inside."""
    tag = str(element.tag)
    known, is_default = _known()[tag], _is_default(element)
    yield from _lint_attributes(element, known, number)
    if known.holds is None and not is_default:
        for one in element.iterdescendants("*"):
            yield from _lint_alt(one, next(numbers))
        return
    if not known.words or is_default:
        yield from _lint_words(element, number)
    yield from _lint_comments(element, known, number)
    if tag == "mj-style":
        yield from _lint_style(element.text or "", number)
    holds = frozenset[str]() if is_default else known.holds or frozenset()
    yield from _lint_children(element, holds, numbers)


def _lint_children(
    element: "_Element", holds: frozenset[str], numbers: Iterator[int]
) -> Iterator[_Finding]:
    met: set[str] = set()
    for child in element.iterchildren("*"):  # no comments
        name, number = str(child.tag), next(numbers)
        if name not in _known() or name not in holds:
            what, next_step = _misplaced(name, str(element.tag), holds)
            yield _Finding(number=number, what=what, next_step=next_step)
            for _ in child.iterdescendants("*"):
                next(numbers)
            continue
        if name in met & _ONCE:
            yield _Finding(
                number=number,
                what=f"<{name}> is there twice",
                next_step="put the two together: the compiler takes one",
            )
        met.add(name)
        yield from _lint(child, number, numbers)


def _misplaced(name: str, parent: str, holds: frozenset[str]) -> tuple[str, str]:
    known = _known()
    if name == "mj-include":
        return "<mj-include> is not read here", "write {% include %} with the file's name"
    if name not in known and name.startswith("mj"):
        return f"<{name}> is not an MJML tag", did_you_mean(name, known, "<{}>") or "take it out"
    what = f"<{name}> is not allowed in <{parent}>"
    if name not in known:
        where = "mj-text" if "mj-text" in holds else "mj-raw"
        step = f"put it in <{where}>" if where in holds else "take it out"
        return what, step
    between = [one for one in holds - {"mj-attributes"} if name in (known[one].holds or ())]
    if between:
        nearest = next((one for one in _BELOW if one in between), min(between))
        return what, f"put it in <{nearest}>"
    homes = sorted(one for one in known if name in (known[one].holds or ()))
    return what, "it belongs in " + " or ".join(
        f"<{one}>" for one in homes if one != "mj-attributes"
    )


def _lint_attributes(element: "_Element", known: _Known, number: int) -> Iterator[_Finding]:
    tag, allowed = str(element.tag), known.attributes
    for name, value in ((str(name), str(value)) for name, value in element.items()):
        what = next_step = ""
        if "*" not in allowed and name not in allowed | _EVERYWHERE and not _names(tag, name):
            what = f'<{tag}> has no attribute "{name}"'
            next_step = _instead(tag, name, allowed)
        elif "padding" in name and _BARE_ZERO.search(value):
            # MRML leaves the whole shorthand out of its widths, and Outlook's columns burst.
            what = f'{name}="{value}" needs a unit'
            next_step = f'write {name}="{_BARE_ZERO.sub("0px", value)}"'
        elif name.endswith("color") and not is_colour(value):
            what = f'{name}="{value}" is not a colour'
            next_step = did_you_mean(value, COLOUR_NAMES) or "write it as #rrggbb"
        elif "border" in name and (bad := bad_figures(value)):
            what, next_step = f'{bad} in {name}="{value}" is not a colour', "write it as #rrggbb"
        if what:
            yield _Finding(number=number, what=what, next_step=next_step, attribute=name)
    yield from _lint_alt(element, number)


def _instead(tag: str, name: str, allowed: frozenset[str]) -> str:
    if tag == "mj-style" and name == "inline":
        return "take it out, and put the rules in inline.css"
    return did_you_mean(name, allowed | _EVERYWHERE, '"{}"') or "take it out: MJML drops it"


def _lint_alt(element: "_Element", number: int) -> Iterator[_Finding]:
    if element.tag in _NEEDS_ALT and element.get("alt") is None and not _is_default(element):
        yield _Finding(
            number=number,
            what=f"<{element.tag}> has no alt",
            next_step='say what the picture shows, or alt="" where it says nothing',
        )


def _lint_words(element: "_Element", number: int) -> Iterator[_Finding]:
    """Plain words stand only where HTML may."""
    words = [element.text, *(child.tail for child in element.iterchildren())]
    first = next((one.split() for one in words if one and one.strip()), None)
    if first:
        yield _Finding(
            number=number,
            what=f"there are words in <{element.tag}>, outside any text",
            next_step="put them in <mj-text>",
            words=first[0],
        )


def _lint_comments(element: "_Element", known: _Known, number: int) -> Iterator[_Finding]:
    """Any may stand in HTML; the compiler takes plain ones between tags, too."""
    from lxml.etree import Comment

    for comment in element.iterchildren(Comment):
        words = f"<!--{comment.text}"
        if known.words:
            what, next_step = f"there is a comment in <{element.tag}>", "write it as {# … #}"
            yield _Finding(number=number, what=what, next_step=next_step, words=words)
        elif (comment.text or "").startswith("["):
            what = f"there is a conditional comment in <{element.tag}>"
            yield _Finding(number=number, what=what, next_step="put it in <mj-raw>", words=words)


def _lint_style(css: str, number: int) -> Iterator[_Finding]:
    for fault in find_sheet_faults(css):
        yield _Finding(
            number=number, what=fault.what, next_step=fault.next_step, offset=fault.offset
        )


def _is_default(element: "_Element") -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "mj-attributes"


def _names(tag: str, name: str) -> bool:
    return tag == "mj-class" and name == "name"


@cache
def _known() -> Mapping[str, _Known]:
    text = Path(__file__).with_name("mjml_tags.json").read_text(encoding="utf-8")
    return {
        tag: _Known(
            attributes=frozenset(one["attributes"].split()),
            holds=None if one["holds"] == "html" else frozenset(one["holds"].split()) - {"words"},
            words=one["holds"] == "words",
        )
        for tag, one in json.loads(text).items()
    }
