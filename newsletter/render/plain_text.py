"""Nodes to a plain text part: 72 columns, quotes with bars, addresses in `<...>` and alone.

Paragraphs may be flowed by the reader's mail program; quotations, lists and headings stay as they
are, for their bars and numbers would run into the words. How lines break and how that is written
is left to `flowed`, the order of things to `templates/issue.txt.j2`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from newsletter.issue import (
    MARK,
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
    lowered,
    plain_inlines,
    raised,
    walk_inlines,
)
from newsletter.render.capitals import upper
from newsletter.render.flowed import COLUMNS, Line, encode, flow
from newsletter.render.html import is_mail_href

RULE = "-" * COLUMNS
IMAGE = "Image"
"""What stands before an image's words, in English."""

_AS_TYPED = re.compile(
    rf"({MARK.pattern}|<(?:https?://|[^\s<>@]+@)[^\s<>]*>"
    r"|\b(?:[a-z][a-z0-9+.-]*://|mailto:|www\.)[^\s<>]+|[^\s<>@()]+@[^\s<>@]+\.[^\s<>@]+"
    r"|\b(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s<>]*)",
    re.IGNORECASE,
)
"""Marks and addresses, also those that are written as plain words: capitals lead elsewhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """How a text speaks: the word before an image's own, and whose capitals (a BCP 47 tag)."""

    image: str = IMAGE
    language: str = ""


def capitals(text: str, *, language: str = "") -> str:
    """Upper case, but for addresses and for placeholders, known by their marks."""
    parts = _AS_TYPED.split(text)
    return "".join(part if at % 2 else upper(part, language) for at, part in enumerate(parts))


def write_nodes(nodes: Iterable[Node] | str, *, image: str = IMAGE, language: str = "") -> str:
    """Block nodes, or one paragraph of plain words, as flowed text; a blank line between blocks.

    `image` is the word before an image's own, `language` whose capitals a heading has.
    """
    if isinstance(nodes, str):
        return encode(flow(nodes))
    return encode(_blocks(nodes, COLUMNS, Voice(image=image, language=language)))


def wrap(
    words: str | Sequence[Inline],
    *,
    first: str = "",
    rest: str = "",
    in_capitals: bool = False,
    links: Sequence[Inline] = (),
    image: str = IMAGE,
    columns: int = COLUMNS,
    language: str = "",
) -> str:
    r"""Fixed lines, the first begun with `first`, all others with `rest`.

    The addresses of inline nodes, or of `links` where the words are plain, stand below. The
    second line of this one is stuffed with a space.

    >>> wrap("one two", first="1. ", rest="   ", columns=8)
    '1. one\n    two'
    """
    text = words if isinstance(words, str) else write_inlines(words, image=image)
    text = capitals(text, language=language) if in_capitals else text
    links = links if isinstance(words, str) else words
    lines = flow(text, columns=columns - max(len(first), len(rest)))
    below = _addresses(links, columns - len(rest))
    return encode(_indented([*lines, *below], first, rest))


def write_inlines(inlines: Iterable[Inline], *, image: str = IMAGE) -> str:
    """Inline nodes as running text; a line end only where the editor asked for a break."""
    return "".join(_inline(inline, image) for inline in inlines)


def _blocks(nodes: Iterable[Node], columns: int, voice: Voice) -> list[Line]:
    lines: list[Line] = []
    for node in nodes:
        if block := _block(node, columns, voice):
            lines += [Line(""), *block] if lines else block
    return lines


def _block(node: Node, columns: int, voice: Voice) -> list[Line]:
    match node:
        case Quote(nodes=nodes):
            return _indented(_blocks(nodes, columns - 2, voice), "| ", "| ")
        case ListNode():
            return _list(node, columns, voice)
        case Paragraph(inlines=(Image() as picture,)):
            return _fixed(flow(_figure(picture, voice.image), columns=columns))
        case Paragraph(inlines=(Link(children=(Image() as picture,)) as link,)):
            lines = _fixed(flow(_figure(picture, voice.image), columns=columns))
            return [*lines, Line(f"<{_target(link)}>")] if is_mail_href(link.href) else lines
        case Paragraph(inlines=inlines):
            lines = flow(write_inlines(inlines, image=voice.image), columns=columns)
            return [*lines, *_addresses(inlines, columns)] if lines != [Line("")] else []
        case Heading(inlines=inlines):
            words = capitals(write_inlines(inlines, image=voice.image), language=voice.language)
            return _fixed([*flow(words, columns=columns), *_addresses(inlines, columns)])


def _fixed(lines: Iterable[Line]) -> list[Line]:
    return [Line(line.text) for line in lines]


def _indented(lines: Sequence[Line], first: str, rest: str) -> list[Line]:
    """Fixed lines begun with `first` and `rest`."""
    return [Line(f"{rest if at else first}{line.text}") for at, line in enumerate(lines)]


def _list(node: ListNode, columns: int, voice: Voice) -> list[Line]:
    """One item under the other; with blank lines between them where one holds several blocks."""
    start = node.start
    loose = any(len(item) > 1 for item in node.items)
    lines: list[Line] = []
    for number, item in enumerate(node.items, start or 0):
        mark = "- " if start is None else f"{number}. "
        blocks = _blocks(item, columns - len(mark), voice) or [Line("")]
        lines += [Line("")] if loose and lines else []
        lines += _indented(blocks, mark, " " * len(mark))
    return lines


def _addresses(inlines: Sequence[Inline], columns: int) -> list[Line]:
    """Where a paragraph's links go, each on a line of its own, said once.

    One alone follows the words as they are; of several, each has its own words before it.
    """
    links: dict[str, Link] = {}
    for link in _links(inlines):
        links.setdefault(_target(link), link)
    lines: list[Line] = []
    for target, link in links.items():
        if len(links) > 1:
            words = write_inlines(link.children).rstrip(" .:;,→")
            lines += _fixed(flow(f"{words}:", columns=columns))
        lines.append(Line(f"<{target}>"))
    return lines


def _links(inlines: Sequence[Inline]) -> Iterator[Link]:
    """Those that a mail may hold, and that do not speak their address anyway."""
    for inline in walk_inlines((Paragraph(inlines=tuple(inlines)),)):
        if isinstance(inline, Link) and is_mail_href(inline.href) and not _is_bare(inline):
            yield inline


def _is_bare(link: Link) -> bool:
    return plain_inlines(link.children) in {"", _target(link), link.href}


def _target(link: Link) -> str:
    return re.sub(r"\Amailto:", "", link.href, flags=re.IGNORECASE)


def _figure(picture: Image, image: str) -> str:
    words = _picture(picture, image)
    return f"{words}\n{picture.caption}" if picture.caption else words


def _picture(picture: Image, image: str) -> str:
    return f"[{image}: {picture.alt}]" if picture.alt else f"[{image}]"


def _inline(inline: Inline, image: str) -> str:
    match inline:
        case Text(text=text) | Code(text=text):
            return text.replace("\n", " ")
        case Strong(children=children):
            return _marked("*", write_inlines(children, image=image))
        case Emphasis(children=children):
            return _marked("_", write_inlines(children, image=image))
        case Struck(children=children):
            return _marked("~", write_inlines(children, image=image))
        case Raised(children=children):
            return raised(write_inlines(children, image=image))
        case Lowered(children=children):
            return lowered(write_inlines(children, image=image))
        case LineBreak():
            return "\n"
        case Image():
            return _picture(inline, image)
        case Link():
            return _link(inline, image)


def _marked(mark: str, words: str) -> str:
    """A reader's name alone bears no marks, for there may be none, and the marks would remain."""
    return words if MARK.fullmatch(words) else f"{mark}{words}{mark}"


def _link(link: Link, image: str) -> str:
    """Its words; its address where it speaks no others."""
    words = write_inlines(link.children, image=image).strip(" ")
    if is_mail_href(link.href) and _is_bare(link):
        return f"<{_target(link)}>"
    return words or _target(link)
