"""Nodes to the lines of a plain text part: 72 columns, quotes with bars, addresses in `<...>`.

An address is never broken, so that it can be clicked. Lines leave one column free, so that they
may be declared flowed (RFC 3676), whose soft line break is a space at the end.
"""

import re
from collections.abc import Iterable, Iterator

from newsletter.issue import (
    Code,
    Emphasis,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    ListNode,
    Node,
    Paragraph,
    Quote,
    Strong,
    Text,
    plain_inlines,
)
from newsletter.render.html import is_mail_href

COLUMNS = 71
"""Of 72; the last is for a soft line break's space."""
RULE = "-" * COLUMNS

_SPACES = re.compile(r"[ \t\n]+")
_ADDRESS = re.compile(r"https?://|<[^\s<>@]+@[^\s<>]*>", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"(zzSLOT\d+zz)")


def capitals(text: str) -> str:
    """Upper case, but for the slots' placeholders, which are filled later and by their name."""
    parts = _PLACEHOLDER.split(text)
    return "".join(part if _PLACEHOLDER.fullmatch(part) else part.upper() for part in parts)


def wrap(text: str, *, first: str = "", rest: str = "", columns: int = COLUMNS) -> str:
    """Lines of at most `columns`, the first begun with `first`, all others with `rest`.

    Line breaks in the text stay. Only an address may be longer than a line; it then has one to
    itself (after `rest`).
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        for line in _fill(paragraph, columns - max(len(first), len(rest))):
            lines.append(f"{rest if lines else first}{line}".rstrip(" "))
    return "\n".join(lines)


def _fill(text: str, width: int) -> list[str]:
    """Greedy lines of at most `width` characters, at least one line."""
    lines = [""]
    for word in _words(text, width):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if len(joined) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _words(text: str, width: int) -> Iterator[str]:
    """The words, those cut that fit no line, unless they hold an address or a placeholder."""
    for word in _SPACES.split(text.strip(" \t")):
        if len(word) <= width or _ADDRESS.search(word) or _PLACEHOLDER.search(word):
            yield word
        else:
            yield from (word[at : at + width] for at in range(0, len(word), width))


def write_nodes(nodes: Iterable[Node], *, columns: int = COLUMNS) -> str:
    """Block nodes as lines, a blank line between blocks, no line end at the end."""
    return "\n\n".join(part for node in nodes if (part := _block(node, columns)))


def write_inlines(inlines: Iterable[Inline]) -> str:
    """Inline nodes as running text; a line end only where the editor asked for a break."""
    return "".join(_inline(inline) for inline in inlines)


def _block(node: Node, columns: int) -> str:
    match node:
        case Quote(nodes=nodes):
            inner = write_nodes(nodes, columns=columns - 2)
            return "\n".join(f"| {line}".rstrip(" ") for line in inner.split("\n"))
        case ListNode():
            return _list(node, columns)
        case Paragraph(inlines=(Image() as image,)):
            return wrap(_figure(image), columns=columns)
        case Paragraph(inlines=inlines) | Heading(inlines=inlines):
            return wrap(write_inlines(inlines), columns=columns)


def _list(node: ListNode, columns: int) -> str:
    """One item under the other; with blank lines between them where one holds several blocks."""
    start = node.start
    marks = ["- " if start is None else f"{start + n}. " for n in range(len(node.items))]
    items = [_item(item, mark, columns) for item, mark in zip(node.items, marks, strict=True)]
    loose = any(len(item) > 1 for item in node.items)
    return ("\n\n" if loose else "\n").join(items)


def _item(nodes: tuple[Node, ...], mark: str, columns: int) -> str:
    indent = " " * len(mark)
    lines = write_nodes(nodes, columns=columns - len(mark)).split("\n")
    return "\n".join(f"{indent if at else mark}{line}".rstrip(" ") for at, line in enumerate(lines))


def _figure(image: Image) -> str:
    return f"{_picture(image)}\n{image.caption}" if image.caption else _picture(image)


def _picture(image: Image) -> str:
    return f"[Picture: {image.alt}]" if image.alt else "[Picture]"


def _inline(inline: Inline) -> str:
    match inline:
        case Text(text=text) | Code(text=text):
            return text.replace("\n", " ")
        case Strong(children=children):
            return f"*{write_inlines(children)}*"
        case Emphasis(children=children):
            return f"_{write_inlines(children)}_"
        case LineBreak():
            return "\n"
        case Image():
            return _picture(inline)
        case Link():
            return _link(inline)


def _link(link: Link) -> str:
    """`words <address>`, the words left out where they are the address."""
    words = write_inlines(link.children).strip(" ")
    address = re.sub(r"\Amailto:", "", link.href, flags=re.IGNORECASE)
    if not is_mail_href(link.href):
        return words or address
    if plain_inlines(link.children) in {"", address, link.href}:
        return f"<{address}>"
    return f"{words} <{address}>"
