"""The words of a tree of nodes, as a reader would hear them read aloud."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from newsletter.issue.nodes import (
    Code,
    Emphasis,
    Image,
    Inline,
    LineBreak,
    Link,
    ListNode,
    Lowered,
    Node,
    Quote,
    Raised,
    Strong,
    Struck,
    Text,
)
from newsletter.issue.shifted import lowered, raised

_WIDE_OR_FIXED = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]")
_INVISIBLE = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
_SPACES = re.compile(r" {2,}")
_NOT_PLAIN = re.compile(rf"{_WIDE_OR_FIXED.pattern}|{_INVISIBLE.pattern}|  ")


def plain_spaces(text: str) -> str:
    r"""Every kind of space becomes one plain space; invisible characters go.

    >>> plain_spaces("Flash\u00a010/10\u202f opens")
    'Flash 10/10 opens'
    """
    if _NOT_PLAIN.search(text) is None:
        return text
    return _SPACES.sub(" ", _INVISIBLE.sub("", _WIDE_OR_FIXED.sub(" ", text)))


def plain_inlines(inlines: Iterable[Inline]) -> str:
    """The words of inline nodes; an image speaks its alt text, and what is struck out nothing."""
    return plain_spaces("".join(_words(inline) for inline in inlines)).strip()


def _words(inline: Inline) -> str:
    match inline:
        case Text(text=text) | Code(text=text):
            return text
        case Strong(children=children) | Emphasis(children=children) | Link(children=children):
            return "".join(_words(child) for child in children)
        case Raised(children=children):
            return raised("".join(_words(child) for child in children))
        case Lowered(children=children):
            return lowered("".join(_words(child) for child in children))
        case Struck():
            return ""
        case Image(alt=alt):
            return alt
        case LineBreak():
            return "\n"


def plain_text(nodes: Iterable[Node]) -> str:
    """The words of block nodes, a blank line between blocks, a line for each list item."""
    return "\n\n".join(part for node in nodes if (part := _block_words(node)))


def _block_words(node: Node) -> str:
    match node:
        case Quote(nodes=nodes):
            return plain_text(nodes)
        case ListNode(items=items):
            return "\n".join(plain_text(item) for item in items)
        case _:
            return plain_inlines(node.inlines)


def lead_text(nodes: Iterable[Node]) -> str:
    """The words alone, as for a preheader: what a picture shows cannot be read there."""
    found = tuple(nodes)
    has_picture = any(isinstance(inline, Image) for inline in walk_inlines(found))
    return plain_text(map(_unpictured, found)) if has_picture else plain_text(found)


def _unpictured(node: Node) -> Node:
    match node:
        case Quote(nodes=nodes):
            return replace(node, nodes=tuple(map(_unpictured, nodes)))
        case ListNode(items=items):
            return replace(node, items=tuple(tuple(map(_unpictured, item)) for item in items))
        case _:
            return replace(node, inlines=_without_pictures(node.inlines))


def _without_pictures(inlines: Iterable[Inline]) -> tuple[Inline, ...]:
    found: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Strong | Emphasis | Struck | Raised | Lowered | Link):
            found.append(replace(inline, children=_without_pictures(inline.children)))
        elif not isinstance(inline, Image):
            found.append(inline)
    return tuple(found)


def walk_inlines(nodes: Iterable[Node]) -> Iterator[Inline]:
    """Every inline node, outermost first, in reading order."""
    for node in nodes:
        match node:
            case Quote(nodes=inner):
                yield from walk_inlines(inner)
            case ListNode(items=items):
                for item in items:
                    yield from walk_inlines(item)
            case _:
                yield from _walk(node.inlines)


def _walk(inlines: Iterable[Inline]) -> Iterator[Inline]:
    for inline in inlines:
        yield inline
        if isinstance(inline, Strong | Emphasis | Struck | Raised | Lowered | Link):
            yield from _walk(inline.children)


def shorten(text: str, width: int) -> str:
    """The text on one line, cut after a whole word within `width` characters, with an ellipsis.

    >>> shorten("One two three", 9)
    'One two…'
    """
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    cut = line[: width - 1]
    if not line[width - 1].isspace() and " " in cut:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,;:–-") + "…"
