"""Nodes to HTML for a web page: every word escaped, no element with a style of its own.

A mail's HTML has widths and styles on its elements, for Outlook's sake; a web page has neither, so
that its policy can forbid them. Which addresses may be linked is the same for both, and `html`'s.
"""

from collections.abc import Iterable
from dataclasses import dataclass
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
from newsletter.render.html import Html, is_mail_href


@dataclass(frozen=True, kw_only=True, slots=True)
class Writer:
    """`rel` goes on every link to the web; `level` is that of a heading inside the prose."""

    rel: str = "noopener"
    level: int = 3

    def nodes(self, nodes: Iterable[Node]) -> Html:
        return Html("\n".join(map(self._block, nodes)))

    def inlines(self, inlines: Iterable[Inline]) -> Html:
        return Html("".join(map(self._inline, inlines)))

    def plain(self, inlines: Iterable[Inline]) -> Html:
        """The words with their marks but without their links: for what is a link already."""
        return self.inlines(unlinked(inlines))

    def _block(self, node: Node) -> str:
        match node:
            case Paragraph(inlines=(Image() as image,)) if is_web_src(image.src):
                return self._figure(image)
            case Paragraph(inlines=inlines):
                return f"<p>{self.inlines(inlines)}</p>"
            case Heading(inlines=inlines):
                return f"<h{self.level}>{self.inlines(inlines)}</h{self.level}>"
            case Quote(nodes=nodes):
                return f"<blockquote>{self.nodes(nodes)}</blockquote>"
            case ListNode():
                return self._list(node)

    def _list(self, node: ListNode) -> str:
        items = "".join(f"<li>{self._item(item)}</li>" for item in node.items)
        if node.start is None:
            return f"<ul>{items}</ul>"
        start = f' start="{node.start}"' if node.start != 1 else ""
        return f"<ol{start}>{items}</ol>"

    def _item(self, nodes: tuple[Node, ...]) -> str:
        """The nodes of one item; a paragraph alone needs no tag of its own."""
        match nodes:
            case (Paragraph(inlines=inlines),):
                return self.inlines(inlines)
            case _:
                return self.nodes(nodes)

    def _figure(self, image: Image) -> str:
        caption = f"<figcaption>{escape(image.caption)}</figcaption>" if image.caption else ""
        return f"<figure>{_image(image)}{caption}</figure>"

    def _inline(self, inline: Inline) -> str:
        match inline:
            case Text(text=text):
                return escape(text, quote=False)
            case Code(text=text):
                return f"<code>{escape(text, quote=False)}</code>"
            case Strong(children=children):
                return f"<strong>{self.inlines(children)}</strong>"
            case Emphasis(children=children):
                return f"<em>{self.inlines(children)}</em>"
            case LineBreak():
                return "<br>"
            case Image():
                return _image(inline)
            case Link():
                return self._link(inline)

    def _link(self, link: Link) -> str:
        """A link with no words speaks its address; one that may not be held keeps its words."""
        words = self.plain(link.children)
        if not plain_inlines(link.children):
            words = Html(words + escape(link.href, quote=False))
        if not is_mail_href(link.href):
            return words
        return f'<a href="{escape(link.href)}" rel="{self.rel}">{words}</a>'


def is_web_src(src: str) -> bool:
    """Whether a page may show a picture from there: http or https, and nothing else."""
    return is_mail_href(src) and not src.lower().startswith("mailto:")


def unlinked(inlines: Iterable[Inline]) -> tuple[Inline, ...]:
    """A link's own words in its place, for HTML forbids a link inside a link."""
    found: list[Inline] = []
    for inline in inlines:
        match inline:
            case Link(children=children):
                found += unlinked(children)
            case Strong(children=children):
                found.append(Strong(children=unlinked(children)))
            case Emphasis(children=children):
                found.append(Emphasis(children=unlinked(children)))
            case _:
                found.append(inline)
    return tuple(found)


def _image(image: Image) -> str:
    if not is_web_src(image.src):
        return escape(image.alt, quote=False)
    return f'<img src="{escape(image.src)}" alt="{escape(image.alt)}" decoding="async">'
