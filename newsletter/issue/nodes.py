"""The text of an issue as a small tree: block nodes that hold inline nodes.

This is what Markdown means to us and all of it: what has no node here is plain text.
"""

from collections.abc import Callable
from dataclasses import dataclass

from newsletter.issue.source import Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """Characters as typed, non-breaking spaces included."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Strong:
    children: tuple["Inline", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Emphasis:
    children: tuple["Inline", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Struck:
    """`~~children~~`: no longer so, and shown struck through."""

    children: tuple["Inline", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Raised:
    """The 2 of `m^2^`."""

    children: tuple["Inline", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lowered:
    """The 2 of `CO~2~`."""

    children: tuple["Inline", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """`[children](href)`; `span` covers the whole of it where it could be found in the source."""

    href: str
    children: tuple["Inline", ...]
    span: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """`![alt](src "caption")`; the caption is "" where none is given."""

    src: str
    alt: str
    caption: str
    span: Span


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A break the editor asked for (two spaces or a backslash at a line's end)."""


Inline = Text | Strong | Emphasis | Struck | Raised | Lowered | Code | Link | Image | LineBreak


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    inlines: tuple[Inline, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    nodes: tuple["Node", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListNode:
    """A bullet list (`start` is None) or an ordered list that counts from `start`."""

    start: int | None
    items: tuple[tuple["Node", ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """A heading inside a story's body: odd, but kept. `level` is 1 to 6."""

    level: int
    inlines: tuple[Inline, ...]


Node = Paragraph | Quote | ListNode | Heading


Locate = Callable[[str], Span]
"""Finds the span of the next link or image that points to this address, in reading order."""
