"""Nodes to HTML for a mail: every word escaped, every address one that a mail may hold.

Tags come bare but for a few classes; how they look is `templates/inline.css`'s business.
"""

import re
from collections.abc import Iterable
from html import escape

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

_HREF = re.compile(r"https?://[^\s/?#][^\s]*|mailto:[^\s@]+@[^\s@]+", re.IGNORECASE)
_SRC = re.compile(r"https?://[^\s/?#][^\s]*", re.IGNORECASE)

TEXT_WIDTH = 504
"""Pixels of a story's text in our templates. Outlook has no max-width and obeys the attribute."""
NESTED_WIDTH = 440
"""Pixels for a picture in a quote or a list, which are narrower."""


class Html(str):
    """Text that is HTML already, so that Jinja2 does not escape it again."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def is_mail_href(href: str) -> bool:
    """Whether a mail may link there: http, https or mailto, and nothing else."""
    return _HREF.fullmatch(href) is not None


def write_nodes(nodes: Iterable[Node], *, width: int = TEXT_WIDTH) -> Html:
    """Block nodes; `width` is what a picture may take, in pixels."""
    return Html("\n".join(_block(node, width) for node in nodes))


def write_inlines(inlines: Iterable[Inline], *, width: int = TEXT_WIDTH) -> Html:
    return Html("".join(_inline(inline, width) for inline in inlines))


def _block(node: Node, width: int) -> str:
    match node:
        case Paragraph(inlines=(Image() as image,)):
            return _figure(image, width)
        case Paragraph(inlines=inlines):
            return f"<p>{write_inlines(inlines, width=width)}</p>"
        case Heading(inlines=inlines):
            # h1 is the title's and h2 the headlines'; a heading inside a story is below both.
            return f"<h3>{write_inlines(inlines, width=width)}</h3>"
        case Quote(nodes=nodes):
            return f"<blockquote>{write_nodes(nodes, width=NESTED_WIDTH)}</blockquote>"
        case ListNode():
            return _list(node)


def _list(node: ListNode) -> str:
    items = "".join(f"<li>{_item(item)}</li>" for item in node.items)
    if node.start is None:
        return f"<ul>{items}</ul>"
    start = f' start="{node.start}"' if node.start != 1 else ""
    return f"<ol{start}>{items}</ol>"


def _item(nodes: tuple[Node, ...]) -> str:
    """The nodes of one item; a paragraph alone needs no tag of its own."""
    match nodes:
        case (Paragraph(inlines=inlines),):
            return write_inlines(inlines, width=NESTED_WIDTH)
        case _:
            return write_nodes(nodes, width=NESTED_WIDTH)


def _figure(image: Image, width: int) -> str:
    caption = f'<p class="caption">{escape(image.caption)}</p>' if image.caption else ""
    return f'<div class="figure">{_image(image, width)}{caption}</div>'


def _image(image: Image, width: int) -> str:
    if not _SRC.fullmatch(image.src):
        return escape(image.alt)
    return (
        f'<img src="{escape(image.src)}" alt="{escape(image.alt)}" width="{width}"'
        f' style="max-width:{width}px" />'
    )


def _inline(inline: Inline, width: int) -> str:
    match inline:
        case Text(text=text):
            return escape(text)
        case Code(text=text):
            return f"<code>{escape(text)}</code>"
        case Strong(children=children):
            return f"<strong>{write_inlines(children, width=width)}</strong>"
        case Emphasis(children=children):
            return f"<em>{write_inlines(children, width=width)}</em>"
        case LineBreak():
            return "<br />"
        case Image():
            return _image(inline, width)
        case Link():
            return _link(inline, width)


def _link(link: Link, width: int) -> str:
    """A link with no words speaks its address; one that a mail may not hold keeps its words."""
    words = write_inlines(link.children, width=width)
    if not plain_inlines(link.children):
        words = Html(words + escape(link.href))
    if not is_mail_href(link.href):
        return words
    return f'<a href="{escape(link.href)}">{words}</a>'
