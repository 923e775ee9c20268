"""Nodes to HTML: every word escaped, every address one that may be held.

One walk for both; a mail's HTML has widths and styles on its pictures, for Outlook's sake, and a
web page has neither, so that its policy can forbid them. Else tags come bare but for a few classes;
how they look is the business of the style sheets among the templates.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from typing import ClassVar, Self

from newsletter.issue import (
    Code,
    Emphasis,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    ListNode,
    Lowered,
    Node,
    Paragraph,
    Quote,
    Raised,
    Strong,
    Struck,
    Text,
    plain_inlines,
)

_WEB = r"https?://[^\s/?#][^\s]*"
_HREF = re.compile(rf"{_WEB}|mailto:[^\s@]+@[^\s@]+", re.IGNORECASE)
_SRC = re.compile(_WEB, re.IGNORECASE)

_TAGS = {Strong: "strong", Emphasis: "em", Struck: "s", Raised: "sup", Lowered: "sub"}

TEXT_WIDTH = 504
"""Pixels of a story's text in our templates. Outlook has no max-width and obeys the attribute."""
NESTED_WIDTH = 440
"""Pixels for a picture in a quote or a list, which are narrower."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedImage(Image):
    """An image of ours, which may be shown from its `src` whatever that is; sizes are in pixels."""

    width: int
    height: int


class Html(str):
    """Text that is HTML already, so that Jinja2 does not escape it again."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def is_mail_href(href: str) -> bool:
    """Whether a mail or a page may link there: http, https or mailto, and nothing else."""
    return _HREF.fullmatch(href) is not None


def is_web_src(src: str) -> bool:
    """Whether a picture may be shown from there: http or https, and nothing else."""
    return _SRC.fullmatch(src) is not None


def _is_shown(image: Image) -> bool:
    return isinstance(image, PlacedImage) or is_web_src(image.src)


@dataclass(frozen=True, kw_only=True, slots=True)
class HtmlWriter(ABC):
    """The walk through nodes. Where a mail and a page differ is said by the two below.

    `level` is that of a heading inside the prose: h1 is the title's and h2 the headlines'. `rel`
    goes on every link, "" for none.
    """

    level: int = 3
    rel: str = ""

    line_break: ClassVar[str]
    escapes_quotes: ClassVar[bool]

    def nodes(self, nodes: Iterable[Node]) -> Html:
        return Html("\n".join(map(self._block, nodes)))

    def inlines(self, inlines: Iterable[Inline]) -> Html:
        return Html("".join(map(self._inline, inlines)))

    def plain(self, inlines: Iterable[Inline]) -> Html:
        """The words with their marks but without their links: for what is a link already."""
        return self.inlines(unlinked(inlines))

    @abstractmethod
    def image(self, image: Image) -> str:
        """A picture among words."""

    @abstractmethod
    def figure(self, image: Image, link: Link | None = None) -> str:
        """A picture that is all of a paragraph, with its caption; it may be a link."""

    def picture(self, image: Image, link: Link | None) -> str:
        """The picture of a figure, in its link where it has one."""
        return self._link(link) if link else self.image(image)

    def nested(self) -> Self:
        """The writer of what stands in a quote or a list."""
        return self

    def escaped(self, text: str) -> str:
        return escape(text, quote=self.escapes_quotes)

    def _block(self, node: Node) -> str:
        match node:
            case Paragraph(inlines=(Image() as image,)):
                return self.figure(image)
            case Paragraph(inlines=(Link(children=(Image() as image,)) as link,)):
                return self.figure(image, link)
            case Paragraph(inlines=inlines):
                return f"<p>{self.inlines(inlines)}</p>"
            case Heading(inlines=inlines):
                return f"<h{self.level}>{self.inlines(inlines)}</h{self.level}>"
            case Quote(nodes=nodes):
                return f"<blockquote>{self.nested().nodes(nodes)}</blockquote>"
            case ListNode():
                return self._list(node)

    def _list(self, node: ListNode) -> str:
        writer = self.nested()
        items = "".join(f"<li>{_item(item, writer)}</li>" for item in node.items)
        if node.start is None:
            return f"<ul>{items}</ul>"
        start = f' start="{node.start}"' if node.start != 1 else ""
        return f"<ol{start}>{items}</ol>"

    def _inline(self, inline: Inline) -> str:
        match inline:
            case Text(text=text):
                return self.escaped(text)
            case Code(text=text):
                return f"<code>{self.escaped(text)}</code>"
            case Strong() | Emphasis() | Struck() | Raised() | Lowered():
                tag = _TAGS[type(inline)]
                return f"<{tag}>{self.inlines(inline.children)}</{tag}>"
            case LineBreak():
                return self.line_break
            case Image():
                return self.image(inline)
            case Link():
                return self._link(inline)

    def _link(self, link: Link) -> str:
        """A link with no words speaks its address; one that may not be held keeps its words."""
        words = self.plain(link.children)
        if not plain_inlines(link.children):
            words = Html(words + self.escaped(link.href))
        if not is_mail_href(link.href):
            return words
        rel = f' rel="{self.rel}"' if self.rel else ""
        return f'<a href="{escape(link.href)}"{rel}>{words}</a>'


@dataclass(frozen=True, kw_only=True, slots=True)
class MailWriter(HtmlWriter):
    """HTML that MJML and every mail program take; `width` is a picture's, in pixels."""

    width: int = TEXT_WIDTH

    line_break: ClassVar[str] = "<br />"
    escapes_quotes: ClassVar[bool] = True

    def image(self, image: Image) -> str:
        if not _is_shown(image):
            return self.escaped(image.alt)
        start = f'<img src="{escape(image.src)}" alt="{escape(image.alt)}"'
        return f"{start} {self._size(image)} />"

    def _size(self, image: Image) -> str:
        """Where the file is known, no wider than it is, and with the room it will take."""
        if not isinstance(image, PlacedImage):
            return f'width="{self.width}"'
        width = min(self.width, image.width)
        height = max(round(image.height * width / image.width), 1)
        return f'width="{width}" height="{height}"'

    def figure(self, image: Image, link: Link | None = None) -> str:
        caption = f'<p class="caption">{escape(image.caption)}</p>' if image.caption else ""
        return f'<div class="figure">{self.picture(image, link)}{caption}</div>'

    def nested(self) -> Self:
        return replace(self, width=NESTED_WIDTH)


@dataclass(frozen=True, kw_only=True, slots=True)
class WebWriter(HtmlWriter):
    """HTML of a page, no element with a style of its own."""

    rel: str = "noopener"

    line_break: ClassVar[str] = "<br>"
    escapes_quotes: ClassVar[bool] = False

    def image(self, image: Image) -> str:
        if not _is_shown(image):
            return self.escaped(image.alt)
        size = ""
        if isinstance(image, PlacedImage):
            size = f' width="{image.width}" height="{image.height}"'
        return f'<img src="{escape(image.src)}" alt="{escape(image.alt)}"{size} decoding="async">'

    def figure(self, image: Image, link: Link | None = None) -> str:
        if not _is_shown(image):
            return f"<p>{self.picture(image, link)}</p>"
        caption = f"<figcaption>{escape(image.caption)}</figcaption>" if image.caption else ""
        return f"<figure>{self.picture(image, link)}{caption}</figure>"


def write_nodes(nodes: Iterable[Node], *, width: int = TEXT_WIDTH) -> Html:
    """Block nodes for a mail; `width` is what a picture may take, in pixels."""
    return MailWriter(width=width).nodes(nodes)


def write_inlines(inlines: Iterable[Inline], *, width: int = TEXT_WIDTH) -> Html:
    return MailWriter(width=width).inlines(inlines)


def write_plain(inlines: Iterable[Inline]) -> Html:
    """Words with their marks for a mail, and without their links: for what is a link already."""
    return MailWriter().plain(inlines)


def _item(nodes: tuple[Node, ...], writer: HtmlWriter) -> str:
    """The nodes of one item of a list; a paragraph alone needs no tag of its own."""
    match nodes:
        case (Paragraph(inlines=inlines),):
            return writer.inlines(inlines)
        case _:
            return writer.nodes(nodes)


def unlinked(inlines: Iterable[Inline]) -> tuple[Inline, ...]:
    """A link's own words in its place, for HTML forbids a link inside a link."""
    found: list[Inline] = []
    for inline in inlines:
        match inline:
            case Link(children=children):
                found += unlinked(children)
            case Strong() | Emphasis() | Struck() | Raised() | Lowered():
                found.append(replace(inline, children=unlinked(inline.children)))
            case _:
                found.append(inline)
    return tuple(found)
