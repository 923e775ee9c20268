"""An article's elements to the nodes of an issue: what an issue can hold is kept, in order.

Paragraphs, headings, quotes, lists, links, bold, italic, pictures and breaks. Everything else
comes through as the words it holds. What had to be dropped is told, with its place.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from urllib.parse import quote, urljoin, urlsplit

from newsletter.importing.bullets import listed
from newsletter.importing.inlines import NOWHERE, MarkedText, fold, split_paragraphs
from newsletter.importing.looks import Look, heading_level, look_of
from newsletter.importing.losses import Change, Kind, Losses
from newsletter.importing.pictures import is_pixel
from newsletter.importing.shifts import shifted
from newsletter.importing.tables import rows_of
from newsletter.importing.tags import BLOCKS, HEADINGS, LEFT_OUT, Tag
from newsletter.issue import (
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    ListNode,
    Node,
    Paragraph,
    Quote,
    find_merge_fields,
    plain_inlines,
)
from newsletter.wrapped_links import unwrapped

_SCHEMES = frozenset({"http", "https", "mailto"})
_PASSING = re.compile(r"https://lh\d[\w-]*\.googleusercontent\.com/docsz?/")
"""Pictures of a Google document: such an address is good for some hours."""

_LINE_ENDS = re.compile(r"[\t\r\n]+")
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)\Z", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,2}\s*[.):]")
_UNSAFE = {ord(character): quote(character) for character in ' ()<>"\\^`{|}'}
"""Brackets, quotation marks and spaces would end a Markdown link early."""


class Walk:
    """One walk over one article. `losses` has, when it is done, what was dropped.

    `clean` takes off an address what a reader does not need. With `tables_apart` a table of figures
    is among the losses, with the list that it could be; with `is_sheet` every table is one.
    """

    def __init__(
        self,
        address: str | None,
        *,
        clean: Callable[[str], str] = str,
        tables_apart: bool = False,
        is_sheet: bool = False,
    ) -> None:
        self.losses = Losses()
        self._address = address
        self._clean = clean
        self._tables_apart = tables_apart
        self._is_sheet = is_sheet
        self._has_block: dict[int, bool] = {}
        self._has_heading = False

    def nodes(self, article: Tag) -> tuple[Node, ...]:
        self._look_for_blocks(article)
        self._has_heading = any(tag.name == "h1" for tag in article.tags())
        return self._flow(article.children, MarkedText())

    def _look_for_blocks(self, tag: Tag) -> bool:
        inner = [self._look_for_blocks(child) for child in tag.children if isinstance(child, Tag)]
        self._has_block[id(tag)] = tag.name in BLOCKS or any(inner)
        return self._has_block[id(tag)]

    def _flow(self, children: Iterable[Tag | str], marks: MarkedText) -> tuple[Node, ...]:
        """Blocks in order, those that open with bullets as lists."""
        return tuple(listed(self._blocks(children, marks)))

    def _blocks(self, children: Iterable[Tag | str], marks: MarkedText) -> Iterator[Node]:
        """Blocks in order; words between them are paragraphs."""
        words: list[MarkedText] = []
        for child in children:
            if isinstance(child, Tag) and self._has_block[id(child)]:
                yield from _paragraphs(words)
                words = []
                self.losses.walk(" ")
                yield from self._block(child, self._marks(child, marks))
            else:
                words += self._words(child, marks)
        yield from _paragraphs(words)

    def _block(self, tag: Tag, marks: MarkedText) -> Iterator[Node]:
        if tag.name in HEADINGS:
            yield from self._heading(tag, marks, int(tag.name[1]))
        elif tag.name == "blockquote":
            if nodes := self._flow(tag.children, marks):
                yield Quote(nodes=nodes)
        elif tag.name in {"ul", "ol"}:
            yield from self._list(tag, marks)
        elif tag.name == "figure":
            yield from self._figure(tag, marks)
        elif tag.name == "table" and (rows := rows_of(tag, is_sheet=self._is_sheet)):
            yield from self._apart(rows, marks) if self._tables_apart else self._table(rows, marks)
        elif level := self._looks_as_heading(tag):
            yield from self._heading(tag, marks, level)
        elif tag.name != "hr":  # a rule of ours stands above the footer, and nowhere else
            yield from self._blocks(tag.children, marks)

    def _looks_as_heading(self, tag: Tag) -> int | None:
        """The level of a line in large type; the first one is the title where no other is."""
        if any(self._has_block[id(child)] for child in tag.children if isinstance(child, Tag)):
            return None
        level = heading_level(tag)
        if level == 1 and self._has_heading:
            level = 2
        self._has_heading = self._has_heading or level is not None
        return level

    def _heading(self, tag: Tag, marks: MarkedText, level: int) -> Iterator[Node]:
        words = [word for child in tag.children for word in self._words(child, marks)]
        words = [replace(word, strong=False) for word in words]  # a heading is bold anyway
        yield from (Paragraph(inlines=fold([w])) for w in words if isinstance(w.other, Image))
        in_line = [MarkedText(text=" ") if isinstance(w.other, LineBreak) else w for w in words]
        inlines = fold(word for word in in_line if not word.other)
        if inlines:
            yield Heading(level=level, inlines=inlines)

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
                item += self._flow([child], marks)
                continue
            yield item
            inner = child.children if isinstance(child, Tag) and child.name == "li" else [child]
            item = self._flow(inner, marks)
        yield item

    def _apart(self, rows: list[list[Tag]], marks: MarkedText) -> Iterator[Node]:
        """A table out of the text: neither its words nor what they lose are walked past."""
        around, self.losses = self.losses, Losses()
        nodes = tuple(self._table(rows, marks))
        self.losses = around
        self.losses.add(Kind.TABLES, f"{len(rows)} rows", nodes)
        yield from ()

    def _table(self, rows: list[list[Tag]], marks: MarkedText) -> Iterator[Node]:
        """A row as an item; an issue has no tables, and a phone no room for one."""
        self.losses.add(Change.TABLE)
        items: list[tuple[Node, ...]] = []
        for row in rows:
            words: list[MarkedText] = []
            for cell in row:
                self.losses.walk(" ")
                inner = self._marks(cell, marks)
                inner = replace(inner, strong=inner.strong or cell.name == "th")
                found = [word for child in cell.children for word in self._words(child, inner)]
                if any(word.other or word.text.strip() for word in found):
                    words += [MarkedText(text=" · ")] * bool(words) + found
            if inlines := fold(_on_one_line(words)):
                items.append((Paragraph(inlines=inlines),))
        if items:
            yield ListNode(start=None, items=tuple(items))

    def _figure(self, tag: Tag, marks: MarkedText) -> Iterator[Node]:
        """A picture with its caption; a figure of anything else is what it holds."""
        captions = [inner.text() for inner in tag.tags() if inner.name == "figcaption"]
        nodes = self._flow(tag.children, marks)
        pictures = [node for node in nodes if _picture(node)]
        if len(pictures) != 1 or len(captions) > 1:
            yield from nodes
            return
        yield _captioned(pictures[0], " ".join(captions))
        words = set(captions)
        for node in nodes:
            is_caption = isinstance(node, Paragraph) and plain_inlines(node.inlines) in words
            if node is not pictures[0] and not is_caption:
                yield node

    def _words(self, child: Tag | str, marks: MarkedText) -> list[MarkedText]:
        if isinstance(child, str):
            return self._text(child, marks)
        if child.name == LEFT_OUT:
            return self._left_out(child)
        if child.name == "br":
            self.losses.walk(" ")
            return [MarkedText(other=LineBreak())]
        if child.name == "img":
            return self._image(child, marks)
        inner = self._marks(child, marks)
        words = [word for each in child.children for word in self._words(each, inner)]
        if child.name == "q":
            return [replace(inner, text="“"), *words, replace(inner, text="”")]
        return words

    def _text(self, text: str, marks: MarkedText) -> list[MarkedText]:
        if marks.struck and text.strip():
            self.losses.add(Change.STRUCK, text)
        if marks.shift and (plain := shifted(text, marks.shift)) is not None:
            text, marks = plain, replace(marks, shift=None)
        self.losses.walk(text)
        if "{" in text:
            for field in find_merge_fields(text):
                self.losses.add(Change.FIELD, text[field.start : field.end])
        return [replace(marks, text=text)]

    def _left_out(self, tag: Tag) -> list[MarkedText]:
        what = tag.get("what")
        text = tag.get("text").strip("…")  # which a mark without words has
        self.losses.add(Kind(what) if what in set(Kind) else Change(what), text)
        return []

    def _marks(self, tag: Tag, marks: MarkedText) -> MarkedText:
        look = look_of(
            tag,
            Look(
                strong=marks.strong, emphasis=marks.emphasis, struck=marks.struck, shift=marks.shift
            ),
        )
        href = self._href(tag) or marks.href
        return replace(
            marks,
            strong=look.strong,
            emphasis=look.emphasis,
            struck=look.struck,
            shift=look.shift,
            href=href,
        )

    def _href(self, tag: Tag) -> str:
        """Where a link leads; "" where there is none, or none that can be mailed."""
        given = tag.get("href").strip() if tag.name == "a" else ""
        if not given or given.startswith("#"):
            return ""
        href = web_address(given, self._address)
        if href is None:
            self.losses.add(Kind.LINKS, tag.text())
            return ""
        if (straight := unwrapped(href)) != href:
            self.losses.add(Change.WRAPPERS)
        if (clean := self._clean(straight)) != straight:
            self.losses.add(Change.TRACKING)
        return clean

    def _image(self, tag: Tag, marks: MarkedText) -> list[MarkedText]:
        if is_pixel(tag):
            self.losses.add(Kind.PIXELS)
            return []
        given = tag.get("src").strip()
        if not given or given.startswith("data:"):
            given = tag.get("data-src").strip() or given
        is_local = (
            given.split("?")[0].rpartition("/")[0].endswith("_files")
        )  # saved beside the page
        src = web_address(given, self._address) if given and not is_local else None
        alt, caption = (" ".join(tag.get(name).split()) for name in ("alt", "title"))
        if src is None or src.startswith("mailto:") or _PASSING.match(src):
            self.losses.add(Kind.PICTURES, alt)
            return []
        self.losses.walk(f" {alt} {caption} ")
        src = unwrapped(src)
        is_itself = _PICTURE_FILE.search(urlsplit(marks.href).path)  # a larger copy of it
        image = Image(src=src, alt=alt, caption=caption, span=NOWHERE)
        return [MarkedText(other=image, href="" if is_itself else marks.href)]


def _on_one_line(words: Iterable[MarkedText]) -> Iterator[MarkedText]:
    for word in words:
        yield MarkedText(text=" ") if isinstance(word.other, LineBreak) else word


def _paragraphs(words: Iterable[MarkedText]) -> Iterator[Node]:
    for run in split_paragraphs(words):
        for part in _with_headlines_apart(run):
            if inlines := fold(part):
                yield Paragraph(inlines=inlines)


def _with_headlines_apart(run: Sequence[MarkedText]) -> Iterator[list[MarkedText]]:
    """A headline that is a line of its own is a paragraph: some have a single line end behind them.

    It is bold and has a number; or there are several with numbers, and text between them.
    """
    pieces = groupby(run, key=lambda word: isinstance(word.other, LineBreak))
    lines = [[*group] for is_break, group in pieces if not is_break]
    numbered = [bool(_NUMBER.match(_text_of(line))) for line in lines]
    has_text_between = numbered.count(True) > 1 and not any(
        one and other for one, other in pairwise(numbered)
    )
    part: list[MarkedText] = []
    for line, has_number in zip(lines, numbered, strict=True):
        if has_text_between or (has_number and _is_bold(line)):
            yield part
            yield line
            part = []
        else:
            part += [MarkedText(other=LineBreak())] * bool(part) + line
    yield part


def _text_of(line: Iterable[MarkedText]) -> str:
    return "".join(word.text for word in line).lstrip()


def _is_bold(line: Iterable[MarkedText]) -> bool:
    words = (word for word in line if word.text.strip() or word.other)
    return all(word.strong and not word.other for word in words)


def _picture(node: Node) -> Image | None:
    """The picture of a paragraph that holds nothing else, linked or not."""
    only: Inline | None = None
    if isinstance(node, Paragraph) and len(node.inlines) == 1:
        only = node.inlines[0]
    if isinstance(only, Link) and len(only.children) == 1:
        only = only.children[0]
    return only if isinstance(only, Image) else None


def _captioned(node: Node, caption: str) -> Paragraph:
    """The same picture with a caption, its own where none is given."""
    image = _picture(node)
    assert image is not None
    assert isinstance(node, Paragraph)
    image = replace(image, caption=caption or image.caption)
    around = node.inlines[0]
    inner = replace(around, children=(image,)) if isinstance(around, Link) else image
    return Paragraph(inlines=(inner,))


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
