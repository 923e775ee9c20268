"""An article's elements to the nodes of an issue: what an issue can hold is kept, in order.

Paragraphs, headings, quotes, lists, links, bold, italic, pictures and breaks. Everything else
comes through as the words it holds. What had to be dropped is counted, for a person to know.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import quote, urljoin, urlsplit

from newsletter.importing.inlines import NOWHERE, MarkedText, fold, split_paragraphs
from newsletter.importing.tags import HEADINGS, Tag
from newsletter.issue import (
    Heading,
    Image,
    LineBreak,
    ListNode,
    Node,
    Paragraph,
    Quote,
    plain_inlines,
)

_BLOCK_NAMES = (
    "address article blockquote body center dd details div dl dt fieldset figcaption figure form "
    "header hgroup hr legend li main ol p pre section summary table tbody td tfoot th thead tr "
    "ul caption"
)
_BLOCKS = HEADINGS | frozenset(_BLOCK_NAMES.split())
_STRONG = frozenset({"b", "strong"})
_EMPHASIS = frozenset({"i", "em", "cite", "dfn"})
_WEIGHT = re.compile(r"font-weight\s*:\s*(bold|[6-9]00|normal|[1-5]00)", re.IGNORECASE)
_SLANT = re.compile(r"font-style\s*:\s*(italic|oblique|normal)", re.IGNORECASE)
_SCHEMES = frozenset({"http", "https", "mailto"})
_LINE_ENDS = re.compile(r"[\t\r\n]+")
_UNSAFE = {ord(character): quote(character) for character in ' ()<>"\\^`{|}'}
"""Brackets, quotation marks and spaces would end a Markdown link early."""


class Walk:
    """One walk over one article. `notes` says, when it is done, what was dropped."""

    def __init__(self, address: str | None) -> None:
        self._address = address
        self._dropped: Counter[str] = Counter()
        self._has_block: dict[int, bool] = {}

    def nodes(self, article: Tag) -> tuple[Node, ...]:
        self._look_for_blocks(article)
        return tuple(self._flow(article.children, MarkedText()))

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(f"left out: {what} ({count})" for what, count in self._dropped.items())

    def _look_for_blocks(self, tag: Tag) -> bool:
        inner = [self._look_for_blocks(child) for child in tag.children if isinstance(child, Tag)]
        self._has_block[id(tag)] = tag.name in _BLOCKS or any(inner)
        return self._has_block[id(tag)]

    def _flow(self, children: Iterable[Tag | str], marks: MarkedText) -> Iterator[Node]:
        """Blocks in order; words between them are paragraphs."""
        words: list[MarkedText] = []
        for child in children:
            if isinstance(child, Tag) and self._has_block[id(child)]:
                yield from _paragraphs(words)
                words = []
                yield from self._block(child, self._marks(child, marks))
            else:
                words += self._words(child, marks)
        yield from _paragraphs(words)

    def _block(self, tag: Tag, marks: MarkedText) -> Iterator[Node]:
        if tag.name in HEADINGS:
            yield from self._heading(tag, marks)
        elif tag.name == "blockquote":
            if nodes := tuple(self._flow(tag.children, marks)):
                yield Quote(nodes=nodes)
        elif tag.name in {"ul", "ol"}:
            yield from self._list(tag, marks)
        elif tag.name == "figure":
            yield from self._figure(tag, marks)
        elif tag.name != "hr":  # a rule of ours stands above the footer, and nowhere else
            yield from self._flow(tag.children, marks)

    def _heading(self, tag: Tag, marks: MarkedText) -> Iterator[Node]:
        words = [word for child in tag.children for word in self._words(child, marks)]
        words = [replace(word, strong=False) for word in words]  # a heading is bold anyway
        yield from (Paragraph(inlines=(w.other,)) for w in words if isinstance(w.other, Image))
        in_line = [MarkedText(text=" ") if isinstance(w.other, LineBreak) else w for w in words]
        inlines = fold(word for word in in_line if not word.other)
        if inlines:
            yield Heading(level=int(tag.name[1]), inlines=inlines)

    def _list(self, tag: Tag, marks: MarkedText) -> Iterator[Node]:
        items = list(self._items(tag, marks))
        start = tag.get("start")
        number = int(start) if start.isascii() and start.isdigit() and len(start) < 4 else 1
        if kept := tuple(item for item in items if item):
            yield ListNode(start=number if tag.name == "ol" else None, items=kept)

    def _items(self, tag: Tag, marks: MarkedText) -> Iterator[tuple[Node, ...]]:
        """One for each child; some editors put an inner list beside its item, not into it."""
        item: tuple[Node, ...] = ()
        for child in tag.children:
            if isinstance(child, Tag) and child.name in {"ul", "ol"}:
                item += tuple(self._flow([child], marks))
                continue
            yield item
            inner = child.children if isinstance(child, Tag) and child.name == "li" else [child]
            item = tuple(self._flow(inner, marks))
        yield item

    def _figure(self, tag: Tag, marks: MarkedText) -> Iterator[Node]:
        """A picture with its caption; a figure of anything else is what it holds."""
        captions = [inner.text() for inner in tag.tags() if inner.name == "figcaption"]
        nodes = list(self._flow(tag.children, marks))
        pictures = [node for node in nodes if _picture(node)]
        if len(pictures) != 1 or len(captions) > 1:
            yield from nodes
            return
        image = _picture(pictures[0])
        assert image is not None
        caption = " ".join(captions) or image.caption
        yield Paragraph(inlines=(replace(image, caption=caption),))
        words = set(captions)
        for node in nodes:
            is_caption = isinstance(node, Paragraph) and plain_inlines(node.inlines) in words
            if node is not pictures[0] and not is_caption:
                yield node

    def _words(self, child: Tag | str, marks: MarkedText) -> list[MarkedText]:
        if isinstance(child, str):
            return [replace(marks, text=child)]
        if child.name == "br":
            return [MarkedText(other=LineBreak())]
        if child.name == "img":
            return self._image(child)
        inner = self._marks(child, marks)
        words = [word for each in child.children for word in self._words(each, inner)]
        if child.name == "q":
            return [replace(inner, text="“"), *words, replace(inner, text="”")]
        return words

    def _marks(self, tag: Tag, marks: MarkedText) -> MarkedText:
        style = tag.get("style")
        strong, emphasis = (
            marks.strong or tag.name in _STRONG,
            marks.emphasis or tag.name in _EMPHASIS,
        )
        if weight := _WEIGHT.search(style):
            strong = weight[1].lower() == "bold" or weight[1][0] in "6789"
        if slant := _SLANT.search(style):
            emphasis = slant[1].lower() != "normal"
        return replace(marks, strong=strong, emphasis=emphasis, href=self._href(tag) or marks.href)

    def _href(self, tag: Tag) -> str:
        """Where a link leads; "" where there is none, or none that can be mailed."""
        given = tag.get("href").strip() if tag.name == "a" else ""
        if not given or given.startswith("#"):
            return ""
        href = web_address(given, self._address)
        if href is None:
            self._dropped["links that lead nowhere from an e-mail, their words kept"] += 1
        return href or ""

    def _image(self, tag: Tag) -> list[MarkedText]:
        given = tag.get("src").strip()
        if not given or given.startswith("data:"):
            given = tag.get("data-src").strip() or given
        is_local = (
            given.split("?")[0].rpartition("/")[0].endswith("_files")
        )  # saved beside the page
        src = web_address(given, self._address) if given and not is_local else None
        if src is None or src.startswith("mailto:"):
            self._dropped["pictures that are not on the web"] += 1
            return []
        alt, caption = (" ".join(tag.get(name).split()) for name in ("alt", "title"))
        return [MarkedText(other=Image(src=src, alt=alt, caption=caption, span=NOWHERE))]


def _paragraphs(words: Iterable[MarkedText]) -> Iterator[Node]:
    for run in split_paragraphs(words):
        if inlines := fold(run):
            yield Paragraph(inlines=inlines)


def _picture(node: Node) -> Image | None:
    """The picture of a paragraph that holds nothing else."""
    if isinstance(node, Paragraph) and len(node.inlines) == 1:
        only = node.inlines[0]
        return only if isinstance(only, Image) else None
    return None


def web_address(href: str, page: str | None) -> str | None:
    """The whole address of a link on a page, or None where it has none for an e-mail.

    >>> web_address("../b?x=1", "https://www.example.com/a/c/")
    'https://www.example.com/a/b?x=1'
    >>> web_address("javascript:void(0)", "https://www.example.com/")
    """
    try:
        whole = urljoin(page or "", _LINE_ENDS.sub("", href.strip()))
        parts = urlsplit(whole)
    except ValueError:
        return None
    if parts.scheme not in _SCHEMES or not (parts.netloc or parts.scheme == "mailto"):
        return None
    return whole.translate(_UNSAFE)
