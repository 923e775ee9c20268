"""What was copied in another program, as pieces of Markdown for a text that is being written.

A clipboard's HTML is read as a page is, and all of it is wanted: no article is looked for. A table
and an editor's remark are put apart, since whoever pastes is there to decide on them. Where the
pieces go is left to whoever puts them in.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from newsletter.errors import IssueFileError
from newsletter.importing.losses import Change, Kind, Losses, PlacedLoss, placed_losses, short
from newsletter.importing.markdown import write_block
from newsletter.importing.stories import write_article, write_parts
from newsletter.importing.tags import Page, Tag
from newsletter.importing.walk import Walk
from newsletter.issue import (
    Cues,
    Heading,
    Image,
    Link,
    ListNode,
    Node,
    Paragraph,
    Quote,
    parse_issue,
    source_from_text,
    walk_inlines,
    write_issue,
)

MAX_PASTE = 20 * 1024 * 1024
"""Bytes: some programs put pictures into it, which are taken out before it is read."""

_MAX_READ = 2 * 1024 * 1024
_MAX_ELEMENTS = 20_000
"""Without pictures, with all that Word writes round every word, twenty pages have half of it."""

_PICTURE = re.compile(rb"data:[\w/+.-]{1,80};base64,[A-Za-z0-9+/=%\s]*")
_CLIPBOARD = "the clipboard"
_BLACK = "black|windowtext|#000|#000000|rgb\\(0, ?0, ?0\\)|currentcolor|inherit|initial|auto|unset"
_WHITE = "white|transparent|none|#fff|#ffffff|rgb\\(255, ?255, ?255\\)|rgba\\(0, ?0, ?0, ?0\\)"
_PLAIN_COLOUR = re.compile(rf"(?:{_BLACK}|{_WHITE})?", re.IGNORECASE)
_MARKED_UP = re.compile(r"\]\(https?://|^#{1,6} \S|^>\s|\*\*\S", re.MULTILINE)


class Origin(StrEnum):
    """Which kind of program it was copied in."""

    DOCUMENT = "a document"
    MAIL = "a mail"
    SHEET = "a spreadsheet"
    PAGE = "a page"


_MARKS = (
    (Origin.SHEET, re.compile("google-sheets-html-origin|schemas-microsoft-com:office:excel")),
    (Origin.MAIL, re.compile("elementToProof|x_MsoNormal|OutlookMessageHeader|gmail_quote")),
    (
        Origin.DOCUMENT,
        re.compile(
            "docs-internal-guid|schemas-microsoft-com:office:word|Mso(?:Normal|ListParagraph)"
            "|Cocoa HTML Writer|LibreOffice|OpenOffice|name=.?generator.? content=.?Microsoft Word"
        ),
    ),
)


class PieceKind(StrEnum):
    STORY = "story"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    QUOTE = "quote"
    LIST = "list"
    PICTURE = "picture"


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One block of Markdown, without an empty line in it; a story's is its headline."""

    kind: PieceKind
    text: str
    links: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """What did not come along. Its `text` could be put behind the piece `after`; -1 is the top."""

    what: str
    after: int = -1
    text: str = ""
    is_remark: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Pasted:
    """The pieces in order; with `is_issue` they are a whole one, its title first.

    `changed` is what came along otherwise than it was, a sentence each.
    """

    origin: Origin
    pieces: tuple[Piece, ...]
    left: tuple[LeftOut, ...] = ()
    changed: tuple[str, ...] = ()
    is_issue: bool = False


def import_paste(
    data: bytes, *, cues: Cues, first: int, clean: Callable[[str], str], is_empty: bool
) -> Pasted:
    """A clipboard's HTML. Raises IssueFileError for what cannot be read, or is too much.

    `first` is the number of the next story, `clean` takes tracking off an address. With `is_empty`
    there is no text yet, so what has stories is an issue.
    """
    page, origin = _read(data), _origin(data)
    is_sheet = origin is Origin.SHEET  # whose rows are all there is
    walk = Walk(page.address, clean=clean, tables_apart=not is_sheet, is_sheet=is_sheet)
    nodes = walk.nodes(page.body)
    pieces = _issue(nodes, page.title, cues) if is_empty else []
    is_issue = bool(pieces)
    pieces = pieces or [*_pieces(nodes, first)]
    left = (*_left(walk.losses, pieces), *_looks(page.body), *_straightened(walk.losses))
    if not pieces and not left:
        raise IssueFileError(
            "there are no words in it", where=_CLIPBOARD, next_step="copy it once more"
        )
    return Pasted(
        origin=origin,
        pieces=tuple(pieces),
        left=left,
        changed=tuple(dict.fromkeys(_changed(walk.losses))),
        is_issue=is_issue,
    )


def is_marked_up(words: str) -> bool:
    """Whether copied words are Markdown already, as from another editor's coloured source."""
    return len(words) <= _MAX_READ and _MARKED_UP.search(words) is not None


def _read(data: bytes) -> Page:
    from newsletter.importing.html import read_html  # and lxml with it

    read = _PICTURE.sub(b"data:,", data) if len(data) <= MAX_PASTE else data
    if len(read) > _MAX_READ:
        what = f"what was copied is larger than {_MAX_READ // 1024 // 1024} MB"
        raise IssueFileError(what, where=_CLIPBOARD, next_step="paste it in parts")
    try:
        return read_html(read, path=_CLIPBOARD, most_elements=_MAX_ELEMENTS)
    except IssueFileError as error:
        what = error.what.replace("the page", "what was copied").replace("on this page", "in it")
        step = "paste a part of it, or its words alone"
        raise IssueFileError(what, where=_CLIPBOARD, next_step=step) from error


def _origin(data: bytes) -> Origin:
    """By what programs write at the head of it, and all over it."""
    head = data[:20_000].decode("utf-8", "replace")
    return next((origin for origin, marks in _MARKS if marks.search(head)), Origin.PAGE)


def _issue(nodes: Sequence[Node], title: str, cues: Cues) -> list[Piece]:
    """The pieces of a whole issue, of two stories at least; none where it is not one."""
    text, _, _ = write_article(nodes, title=title, cue=cues.sponsor)
    issue = parse_issue(source_from_text(text, path=_CLIPBOARD), cues=cues)
    if len(issue.stories) < 2:
        return []
    return [_read_piece(block) for block in write_issue(issue).strip().split("\n\n") if block]


def _read_piece(block: str) -> Piece:
    """A piece of our own writing, by how it begins."""
    kinds = {"##": PieceKind.STORY, "#": PieceKind.HEADING, ">": PieceKind.QUOTE}
    kind = kinds.get(block.partition(" ")[0].partition("\n")[0], PieceKind.PARAGRAPH)
    if kind is PieceKind.PARAGRAPH and re.match(r"- |\d+\. ", block):
        kind = PieceKind.LIST
    return Piece(kind=kind, text=block, links=len(re.findall(r"(?<!!)\[[^\]]*\]\(", block)))


def _pieces(nodes: Sequence[Node], first: int) -> Iterator[Piece]:
    for text, node in write_parts(nodes, first=first):
        if text.strip():
            yield Piece(kind=_kind(node), text=text, links=_links(node))


def _kind(node: Node | None) -> PieceKind:
    match node:
        case None:
            return PieceKind.STORY
        case Heading():
            return PieceKind.HEADING
        case Quote():
            return PieceKind.QUOTE
        case ListNode():
            return PieceKind.LIST
        case Paragraph(inlines=inlines) if all(isinstance(each, Image) for each in inlines):
            return PieceKind.PICTURE
    return PieceKind.PARAGRAPH


def _links(node: Node | None) -> int:
    inlines = () if node is None else walk_inlines([node])
    return sum(isinstance(each, Link) for each in inlines)


def _left(losses: Losses, pieces: Sequence[Piece]) -> Iterator[LeftOut]:
    """Remarks and tables each for itself, with what could be brought; the rest by its kind."""
    text = "\n\n".join(piece.text for piece in pieces)
    ends = _last_lines(pieces)
    placed = [each for each in placed_losses(losses, text) if isinstance(each.loss.what, Kind)]
    for each in placed:
        after = sum(end < each.line for end in ends) if each.line else -1
        if each.loss.what is Kind.REVIEW:
            words = short(each.loss.detail)
            what = f"a comment, “{words}”" if words else "a comment without words"
            yield LeftOut(what=what, after=after, text=_remark(each.loss.detail), is_remark=True)
        elif each.loss.what is Kind.TABLES:
            listed = "\n\n".join(map(write_block, each.loss.nodes))
            yield LeftOut(what=f"a table of {each.loss.detail}", after=after, text=listed)
    others = (each for each in placed if each.loss.what not in {Kind.REVIEW, Kind.TABLES})
    for what, group in groupby(others, key=lambda each: each.loss.what):
        yield LeftOut(what=_grouped(what, [*group]))


def _last_lines(pieces: Sequence[Piece]) -> list[int]:
    """Of each piece, where they stand below each other with an empty line between."""
    ends: list[int] = []
    for piece in pieces:
        ends.append((ends[-1] + 1 if ends else 0) + piece.text.count("\n") + 1)
    return ends


def _remark(words: str) -> str:
    """A comment in the text, which nobody but editors sees; it ends and orders nothing."""
    plain = words.replace("--", "–").replace("<!", "").replace("check:", "check,").strip(" ->")
    return f"<!-- {plain} -->" if plain else ""


def _grouped(what: Kind | Change, group: Sequence[PlacedLoss]) -> str:
    if what is Kind.PICTURES:
        pictures = "a picture" if len(group) == 1 else f"{len(group)} pictures"
        return f"{pictures}, to be dropped in as a file"
    details = dict.fromkeys(short(each.loss.detail) for each in group if each.loss.detail)
    said = f", “{next(iter(details))}”" if len(details) == 1 else ""
    return f"{what} ({len(group)}){said}" if len(group) > 1 else f"{what}{said}"


def _looks(body: Tag) -> Iterator[LeftOut]:
    """How it looked, on one line."""
    lost = dict.fromkeys(each for tag in _outside_links(body) for each in _look_of(tag))
    order = ("colours", "fonts", "underlining", "alignment", "tab stops")
    if kinds := [each for each in order if each in lost]:
        yield LeftOut(what=", ".join(kinds))


def _outside_links(tag: Tag) -> Iterator[Tag]:
    """Every program colours and underlines its links."""
    yield tag
    for child in tag.children:
        if isinstance(child, Tag) and child.name != "a":
            yield from _outside_links(child)


def _look_of(tag: Tag) -> Iterator[str]:
    colours = (tag.style("color"), tag.style("background-color"), tag.style("background"))
    if any(_PLAIN_COLOUR.fullmatch(each) is None for each in colours):
        yield "colours"
    if tag.style("font-family") or (tag.name == "font" and (tag.get("face") or tag.get("size"))):
        yield "fonts"
    if tag.name == "u" and not any(inner.name == "a" for inner in tag.tags()):
        yield "underlining"
    if tag.style("text-align") in {"center", "right", "justify"}:
        yield "alignment"
    if tag.style("mso-tab-count") or tag.style("tab-stops"):
        yield "tab stops"


def _straightened(losses: Losses) -> Iterator[LeftOut]:
    counts = Counter(loss.what for loss in losses.found)
    for what, words in ((Change.TRACKING, "tracking"), (Change.WRAPPERS, "a detour")):
        if count := counts[what]:
            yield LeftOut(what=f"{words} on {count} {'link' if count == 1 else 'links'}")


def _changed(losses: Losses) -> Iterator[str]:
    said = {Change.TABLE, Change.FOOTNOTES, Change.STRUCK, Change.FIELD}
    yield from (str(loss.what) for loss in losses.found if loss.what in said)
