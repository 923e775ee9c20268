"""White space that nobody sees, taken out of finished HTML, and lines of a readable length.

Two readers are minded: all mail programs, to which a comment is nothing, and Outlook, to which
what stands in its conditional comments is there. White space goes only where neither shows it,
and a line ends only there, or where a space stood in a text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from newsletter.issue import untagged

LINE = 480
"""Octets after which a line ends at its next safe place."""

_TOKEN = re.compile(
    r"<!--.*?-->|<![^>]*>|<(?i:style)\b[^>]*>.*?</(?i:style)>"
    r"""|</?[a-zA-Z][^\s<>/]*[^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*>|[^<]+|<""",
    re.DOTALL,
)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s<>/]*)(.*)>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*-->", re.DOTALL)
_COMMENT_TAG = re.compile(r"</?([a-zA-Z][^\s<>/]*)")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_CSS_PIECE = re.compile(r"""/\*.*?\*/|"[^"\n]*"|'[^'\n]*'""", re.DOTALL)
_STYLE_BLOCK = re.compile(r"(<style\b[^>]*>)(.*)(</style>)", re.DOTALL | re.IGNORECASE)
_INLINE_STYLE = re.compile(r"display\s*:\s*inline", re.IGNORECASE)
_STYLE = re.compile(r"(?<=\sstyle=\")[^\"'()]*(?=\")", re.IGNORECASE)
_SEMICOLON = re.compile(r"\s*;\s*")
_KEEPS = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)|display\s*:\s*none", re.IGNORECASE)
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"})
_VERBATIM = frozenset({"pre", "script", "textarea", "title", "xmp", "listing"})
_BLOCK_TAGS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "col"),
        *("colgroup", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3"),
        *("h4", "h5", "h6", "head", "header", "hr", "html", "li", "link", "main", "meta", "nav"),
        *("ol", "p", "section", "style", "table", "tbody", "td", "tfoot", "th", "thead", "title"),
        *("tr", "ul"),
    }
)
_OPENS_LINE = frozenset(
    {"blockquote", "body", "h1", "h2", "h3", "head", "html", "li", "meta", "p", "style", "title"}
)


_BLOCK, _INLINE, _NOTHING = range(3)
"""What white space meets at a token's edge: `_NOTHING` lets it meet what is beyond.

Two such make a number, three times what everybody meets and once what Outlook does."""

_BLOCKS = 3 * _BLOCK + _BLOCK
_MEET = tuple(
    tuple(
        3 * (beyond // 3 if near // 3 == _NOTHING else near // 3)
        + (beyond % 3 if near % 3 == _NOTHING else near % 3)
        for beyond in range(9)
    )
    for near in range(9)
)
"""What is met beyond the first, by both, where the second is beyond it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mark:
    """What a token is to the white space round it; many tokens share one.

    A `kept` one stands inside `<pre>` or its like, where every character counts, or is hidden;
    inside an element that `keeps` all are.
    """

    left: int
    right: int
    name: str = ""
    is_text: bool = False
    is_opening: bool = False
    is_closing: bool = False
    keeps: bool = False
    kept: bool = False
    opens_line: bool = False


_Tokens = tuple[list[str], list[_Mark]]
_BLANK = _Mark(left=4 * _NOTHING, right=4 * _NOTHING, is_text=True)
_WORDS = _Mark(left=4 * _INLINE, right=4 * _INLINE, is_text=True)


def minify(html: str) -> str:
    """The document with the same look and words, and one line end at its end.

    Conditional comments, `<pre>` and every rule of a style sheet stay as they are.
    """
    return "\n".join(_lines(_units(*_squeeze(*_tokens(html.strip()))))) + "\n"


def _tokens(html: str) -> _Tokens:
    texts: list[str] = []
    marks: list[_Mark] = []
    opened: list[tuple[str, int, bool]] = []  # name, edges, whether kept inside
    kept = False
    for text in _TOKEN.findall(html):
        if text[0] != "<" or text == "<":
            mark = _WORDS if kept or text.strip(" \t\n\r\f") else _BLANK
        else:
            text, mark = _read(text)
        is_kept = kept
        if mark.is_opening:
            kept = kept or mark.keeps
            opened.append((mark.name, mark.left, kept))
        elif mark.is_closing:
            mark = _close(mark, opened)
            kept = bool(opened) and opened[-1][2]
        texts.append(text)
        marks.append(_kept(mark) if is_kept else mark)
    return texts, marks


def _close(mark: _Mark, opened: list[tuple[str, int, bool]]) -> _Mark:
    """Off the stack with the element and what was left open in it; its edge is what it began as."""
    edges = mark.left
    if (opened and opened[-1][0] == mark.name) or any(mark.name == one for one, _, _ in opened):
        closed = ""
        while closed != mark.name:
            closed, edges, _ = opened.pop()
    return mark if edges == mark.left else replace(mark, left=edges, right=edges)


@lru_cache(maxsize=64)
def _kept(mark: _Mark) -> _Mark:
    return replace(mark, kept=True)


@lru_cache(maxsize=2048)
def _read(markup: str) -> tuple[str, _Mark]:
    """A tag, a comment, a doctype or a style block: what it comes out as, and what it is.

    The tags of a newsletter are much the same in every story, and in every issue.
    """
    if _COMMENT.fullmatch(markup):
        return markup, _comment(markup)
    if markup.startswith("<!"):
        return markup, _Mark(left=_BLOCKS, right=_BLOCKS, opens_line=True)
    if found := _STYLE_BLOCK.fullmatch(markup):
        return _bare_style(*found.groups()), _Mark(left=_BLOCKS, right=_BLOCKS, opens_line=True)
    return _tag(markup)


def _tag(markup: str) -> tuple[str, _Mark]:
    found = _TAG.fullmatch(markup)
    assert found
    slash, name, rest = found[1], found[2].lower(), found[3]
    is_opening = not slash and name not in _VOID
    is_inline = name not in _BLOCK_TAGS or _INLINE_STYLE.search(rest) is not None
    edges = 4 * (_INLINE if is_inline else _BLOCK)
    mark = _Mark(
        left=edges,
        right=edges,
        name=name,
        is_opening=is_opening,
        is_closing=bool(slash),
        keeps=is_opening and (name in _VERBATIM or _KEEPS.search(rest) is not None),
        opens_line=name in _OPENS_LINE and not slash,
    )
    if "; " in markup:
        markup = _STYLE.sub(lambda style: _SEMICOLON.sub(";", style[0]), markup)
    return markup, mark


def _comment(text: str) -> _Mark:
    """To Outlook its first tag and its last are there, or the words that it begins or ends with."""
    inner = text[text.find("]>") + 2 : text.rfind("<![")].strip() if "<![endif" in text else ""
    names = _COMMENT_TAG.findall(inner)
    first = last = _NOTHING
    if inner:
        first = _edge_of(names[0]) if names and inner.startswith("<") else _INLINE
        last = _edge_of(names[-1]) if names and inner.endswith(">") else _INLINE
    left, right = 3 * _NOTHING + first, 3 * _NOTHING + last
    return _Mark(left=left, right=right, opens_line=inner.startswith("<table"))


def _edge_of(name: str) -> int:
    return _BLOCK if name.lower() in _BLOCK_TAGS else _INLINE


def _bare_style(opening: str, css: str, closing: str) -> str:
    """Comments and indentation go; every declaration stays as it is."""
    css = _CSS_PIECE.sub(lambda one: "" if one[0].startswith("/*") else one[0], css)
    lines = (line.strip() for line in css.split("\n"))
    return opening + "\n".join(line for line in lines if line) + closing


def _squeeze(texts: list[str], marks: list[_Mark]) -> _Tokens:
    """Every run of white space is one space; none is left where a line begins or ends anyway.

    But where it alone parts two words, of two cells perhaps, it stays: some read words, not lines.
    """
    before, after = _seen_before(marks), _seen_after(marks)
    is_apart, dropped = True, None  # since the last word; the document begins with none
    for at, mark in enumerate(marks):
        if not mark.is_text or mark.kept:
            if mark.is_text:
                _restore(texts, dropped, is_parted=is_apart or texts[at][0].isspace())
            if mark.is_text or (mark.is_opening and mark.name == "body"):
                is_apart, dropped = not mark.is_text, None
            continue
        text = _SPACE.sub(" ", texts[at])
        words = text.strip(" ")
        lead = " " if text.startswith(" ") else ""
        trail = " " if words and text.endswith(" ") else ""
        if lead and (before[at] == _BLOCKS or (not words and after[at + 1] == _BLOCKS)):
            lead, dropped = "", at if dropped is None else dropped
        if words:
            if not (is_apart or lead) and dropped == at:
                lead = " "
            else:
                _restore(texts, dropped, is_parted=is_apart or bool(lead))
            is_apart, dropped = False, None
        is_apart = is_apart or bool(lead and not words) or bool(trail)
        if trail and after[at + 1] == _BLOCKS:
            trail, dropped, is_apart = "", at, False
        texts[at] = f"{lead}{words}{trail}"
    left = [pair for pair in zip(texts, marks, strict=True) if pair[0]]
    return [text for text, _ in left], [mark for _, mark in left]


def _restore(texts: list[str], dropped: int | None, *, is_parted: bool) -> None:
    """The space that was dropped last, where nothing else parts two words."""
    if dropped is not None and not is_parted:
        texts[dropped] += " "


def _seen_before(marks: Sequence[_Mark]) -> list[int]:
    """For each token the edges that it meets to its left; the document begins with a block."""
    seen, edges = [_BLOCKS], _BLOCKS
    for mark in marks:
        edges = _MEET[mark.right][edges]
        seen.append(edges)
    return seen


def _seen_after(marks: Sequence[_Mark]) -> list[int]:
    """For each token the edges that white space before it meets to its right, its own first."""
    seen, edges = [_BLOCKS], _BLOCKS
    for mark in reversed(marks):
        edges = _MEET[mark.left][edges]
        seen.append(edges)
    return seen[::-1]


def _units(texts: Sequence[str], marks: Sequence[_Mark]) -> Iterator[tuple[bool, list[str]]]:
    """Pieces that are parted by spaces for which a line end may stand; before the first a line may
    end where nothing stands, or must.
    """
    is_forced, is_spaced, pieces = False, False, [""]
    around = zip(texts, marks, _seen_before(marks), _seen_after(marks), strict=False)
    for text, mark, before, after in around:
        is_free = before == _BLOCKS == after and not mark.kept
        is_markup = not mark.is_text or mark.kept
        is_first = is_free and is_markup and mark.opens_line
        if is_first or (is_free and not is_spaced and text[0] != " "):
            yield is_forced, pieces
            is_forced, is_spaced, pieces = is_first, False, [text if is_markup else ""]
            if is_markup:  # and so are most
                continue
        parts = [text] if is_markup else text.split(" ")
        if is_spaced and parts[0]:
            pieces.append("")
        is_spaced = len(parts) > 1 and not parts[-1]
        pieces[-1] += parts[0]
        pieces += [part for part in parts[1:] if part]
    yield is_forced, pieces


def _lines(units: Iterable[tuple[bool, list[str]]]) -> Iterator[str]:
    """A line ends between two blocks rather than between two words."""
    line: list[str] = []
    length = 0
    for is_forced, pieces in units:
        size = _octets(pieces[0])
        whole = size if len(pieces) == 1 else sum(map(_octets, pieces))
        if length and (is_forced or length + whole > LINE):
            yield "".join(line)
            line, length = [], 0
        line.append(pieces[0])
        length += size
        for piece in pieces[1:]:
            size = _octets(piece)
            if length + size >= LINE:
                yield "".join(line)
                line, length = [piece], size
            else:
                line += (" ", piece)
                length += size + 1
    yield "".join(line)


def _octets(text: str) -> int:
    text = untagged(text)
    return len(text) if text.isascii() else len(text.encode())
