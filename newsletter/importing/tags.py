"""A page as a small tree of our own, so that one file alone needs to know who parsed it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True, eq=False)
class Tag:
    """An element: its name in lower case, its attributes, what it holds."""

    name: str
    attributes: Mapping[str, str]
    children: "tuple[Tag | str, ...]"

    def get(self, attribute: str) -> str:
        return self.attributes.get(attribute, "")

    def tags(self) -> "Iterator[Tag]":
        """Itself and every element below, in reading order."""
        yield self
        for child in self.children:
            if isinstance(child, Tag):
                yield from child.tags()

    def text(self) -> str:
        """All words below, white space as one space each."""
        return " ".join("".join(self.strings()).split())

    def strings(self) -> Iterator[str]:
        """The words below as they stand, in pieces."""
        for child in self.children:
            if isinstance(child, Tag):
                yield from child.strings()
            else:
                yield child


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What was read of a page. `address` is where it was, or None where it does not say."""

    body: Tag
    title: str
    address: str | None
