"""A page as a small tree of our own, so that one file alone needs to know who parsed it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCK_NAMES = (
    "address article blockquote body center dd details div dl dt fieldset figcaption figure form "
    "header hgroup hr legend li main ol p pre section summary table tbody td tfoot th thead tr "
    "ul caption"
)
BLOCKS = HEADINGS | frozenset(_BLOCK_NAMES.split())
LEFT_OUT = "left-out"
"""The name of a tag that stands where something was: `what` it was, and the `text` of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Tag:
    """An element: its name in lower case, its attributes, what it holds."""

    name: str
    attributes: Mapping[str, str]
    children: "tuple[Tag | str, ...]"

    def get(self, attribute: str) -> str:
        return self.attributes.get(attribute, "")

    def style(self, name: str) -> str:
        """What the last declaration of a property says, in lower case; "" where none does."""
        found = ""
        for declaration in self.get("style").split(";"):
            key, colon, value = declaration.partition(":")
            if colon and key.strip().lower() == name:
                found = value.partition("!")[0].strip().lower() or found
        return found

    def having(self, children: "Iterable[Tag | str]") -> "Tag":
        """The same element with other children."""
        return Tag(self.name, self.attributes, tuple(children))

    def tags(self) -> "Iterator[Tag]":
        """Itself and every element below, in reading order."""
        stack = [self]
        while stack:
            tag = stack.pop()
            yield tag
            stack += [child for child in reversed(tag.children) if isinstance(child, Tag)]

    def has_content(self) -> bool:
        """Whether there are words or a picture in it."""
        return any(tag.name in {"img", LEFT_OUT} for tag in self.tags()) or bool(self.text())

    def text(self) -> str:
        """All words below, white space as one space each."""
        return " ".join("".join(self.strings()).split())

    def strings(self) -> Iterator[str]:
        """The words below as they stand, in pieces; those of two blocks are apart."""
        stack: list[Tag | str] = [self]
        while stack:
            each = stack.pop()
            if isinstance(each, str):
                yield each
            elif each.name in BLOCKS or each.name == "br":
                yield " "
                stack += [" ", *reversed(each.children)]
            else:
                stack += reversed(each.children)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What was read of a page. `address` is where it was, or None where it does not say."""

    body: Tag
    title: str
    address: str | None


def left_out(what: str, text: str = "") -> Tag:
    return Tag(LEFT_OUT, {"what": what, "text": text}, ())


def left_class(what: str) -> str:
    """The class by which HTML of our own making says that something was left out there.

    >>> left_class("hidden words")
    'newsletter-left-hidden-words'
    """
    return "newsletter-left-" + "-".join(re.findall("[a-z]+", what.lower()))
