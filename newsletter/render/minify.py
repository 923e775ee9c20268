"""White space that nobody sees, taken out of finished HTML, and lines of a readable length.

Two readers are minded: all mail programs, to which a comment is nothing, and Outlook, to which
what stands in its conditional comments is there. White space goes only where neither shows it,
and a line ends only there, or where a space stood in a text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

LINE = 480
"""Octets after which a line ends at its next safe place."""

_TOKEN = re.compile(
    r"(?P<comment><!--.*?-->)|(?P<doctype><![^>]*>)"
    r"|(?P<style><style\b[^>]*>.*?</style>)"
    r"""|<(?P<slash>/?)(?P<name>[a-zA-Z][^\s<>/]*)(?P<rest>(?:[^>"']|"[^"]*"|'[^']*')*)>"""
    r"|(?P<text>[^<]+|<)",
    re.DOTALL | re.IGNORECASE,
)
_COMMENT_TAG = re.compile(r"</?([a-zA-Z][^\s<>/]*)")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_CSS_PIECE = re.compile(r"""/\*.*?\*/|"[^"\n]*"|'[^'\n]*'""", re.DOTALL)
_INLINE = re.compile(r"display\s*:\s*inline", re.IGNORECASE)
_STYLE = re.compile(r"(?<=\sstyle=\")[^\"'()]*(?=\")", re.IGNORECASE)
_SEMICOLON = re.compile(r"\s*;\s*")
_KEEPS = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)|display\s*:\s*none", re.IGNORECASE)
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"})
_VERBATIM = frozenset({"pre", "script", "textarea", "title", "xmp", "listing"})
_BLOCK = frozenset(
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


class _Edge(Enum):
    """What white space meets there: `NOTHING` lets it meet what is beyond."""

    BLOCK = "block"
    INLINE = "inline"
    NOTHING = "nothing"


_Edges = tuple[_Edge, _Edge]
"""As everybody sees it, and as Outlook does."""

_BLOCKS: _Edges = (_Edge.BLOCK, _Edge.BLOCK)


@dataclass(slots=True)
class _Token:
    """`kept` stands inside `<pre>` or its like, where every character counts, or is hidden."""

    text: str
    left: _Edges
    right: _Edges
    is_text: bool = False
    kept: bool = False
    opens_line: bool = False


def minify(html: str) -> str:
    """The document with the same look and words, and one line end at its end.

    Conditional comments, `<pre>` and every rule of a style sheet stay as they are.
    """
    tokens = _squeeze(list(_tokens(html.strip())))
    return "\n".join(_lines(_pieces(tokens))) + "\n"


def _tokens(html: str) -> Iterator[_Token]:
    opened: list[tuple[str, _Edge, bool]] = []  # name, edge, whether kept inside
    for found in _TOKEN.finditer(html):
        kept = bool(opened) and opened[-1][2]
        if found["text"]:
            is_blank = not kept and not _SPACE.sub("", found[0])
            edge = _Edge.NOTHING if is_blank else _Edge.INLINE
            yield _token(found[0], edge, is_text=True, kept=kept)
        elif found["comment"]:
            yield _comment(found[0], kept=kept)
        elif found["doctype"] or found["style"]:
            text = found["doctype"] or _bare_style(found["style"])
            yield _token(text, _Edge.BLOCK, opens_line=True, kept=kept)
        else:
            yield _tag(found, opened, kept=kept)


def _tag(found: re.Match[str], opened: list[tuple[str, _Edge, bool]], *, kept: bool) -> _Token:
    name, rest = found["name"].lower(), found["rest"]
    has_display = "display" in rest.lower()
    is_inline = name not in _BLOCK or (has_display and _INLINE.search(rest) is not None)
    edge = _Edge.INLINE if is_inline else _Edge.BLOCK
    if found["slash"]:
        edge = _close(name, opened, edge)
    elif name not in _VOID:
        may_keep = has_display or "white-space" in rest.lower()
        inside = kept or name in _VERBATIM or (may_keep and _KEEPS.search(rest) is not None)
        opened.append((name, edge, inside))
    opens_line = name in _OPENS_LINE and not found["slash"]
    text = found[0]
    if "; " in text:
        text = _STYLE.sub(lambda style: _SEMICOLON.sub(";", style[0]), text)
    return _token(text, edge, opens_line=opens_line, kept=kept)


def _close(name: str, opened: list[tuple[str, _Edge, bool]], edge: _Edge) -> _Edge:
    """Off the stack with the element and what was left open in it; its edge is what it began as."""
    if (opened and opened[-1][0] == name) or any(name == one for one, _, _ in opened):
        closed = ""
        while closed != name:
            closed, edge, _ = opened.pop()
    return edge


def _token(
    text: str, edge: _Edge, *, is_text: bool = False, kept: bool = False, opens_line: bool = False
) -> _Token:
    edges = (edge, edge)
    return _Token(text, edges, edges, is_text=is_text, kept=kept, opens_line=opens_line)


def _comment(text: str, *, kept: bool) -> _Token:
    """To Outlook its first tag and its last are there, or the words that it begins or ends with."""
    inner = text[text.find("]>") + 2 : text.rfind("<![")].strip() if "<![endif" in text else ""
    names = _COMMENT_TAG.findall(inner)
    first = last = _Edge.NOTHING
    if inner:
        first = _edge_of(names[0]) if names and inner.startswith("<") else _Edge.INLINE
        last = _edge_of(names[-1]) if names and inner.endswith(">") else _Edge.INLINE
    nothing = _Edge.NOTHING
    opens_line = inner.startswith("<table")
    return _Token(text, (nothing, first), (nothing, last), kept=kept, opens_line=opens_line)


def _edge_of(name: str) -> _Edge:
    return _Edge.BLOCK if name.lower() in _BLOCK else _Edge.INLINE


def _bare_style(style: str) -> str:
    """Comments and indentation go; every declaration stays as it is."""
    start, end = style.index(">") + 1, style.rindex("<")
    css = _CSS_PIECE.sub(lambda one: "" if one[0].startswith("/*") else one[0], style[start:end])
    lines = (line.strip() for line in css.split("\n"))
    return style[:start] + "\n".join(line for line in lines if line) + style[end:]


def _squeeze(tokens: list[_Token]) -> list[_Token]:
    """Every run of white space is one space; none is left where a line begins or ends anyway.

    But where it alone parts two words, of two cells perhaps, it stays: some read words, not lines.
    """
    before, after = _seen_before(tokens), _seen_after(tokens)
    is_apart, dropped = True, None  # since the last word; the document begins with none
    for at, token in enumerate(tokens):
        if not token.is_text or token.kept:
            if token.is_text or token.text.startswith("<body"):
                is_apart, dropped = not token.is_text, None
            continue
        text = _SPACE.sub(" ", token.text)
        words = text.strip(" ")
        lead = " " if text.startswith(" ") else ""
        trail = " " if words and text.endswith(" ") else ""
        if lead and (before[at] == _BLOCKS or (not words and after[at + 1] == _BLOCKS)):
            lead, dropped = "", dropped or token
        if words:
            if not (is_apart or lead) and dropped is token:
                lead = " "
            elif not (is_apart or lead) and dropped:
                dropped.text += " "
            is_apart, dropped = False, None
        is_apart = is_apart or bool(lead and not words) or bool(trail)
        if trail and after[at + 1] == _BLOCKS:
            trail, dropped, is_apart = "", token, False
        token.text = f"{lead}{words}{trail}"
    return [token for token in tokens if token.text]


def _seen_before(tokens: Sequence[_Token]) -> list[_Edges]:
    """For each token the edges that it meets to its left; the document begins with a block."""
    seen, edges = [_BLOCKS], _BLOCKS
    for token in tokens:
        near = token.right
        edges = _meet(near, edges) if _Edge.NOTHING in near else near
        seen.append(edges)
    return seen


def _seen_after(tokens: Sequence[_Token]) -> list[_Edges]:
    """For each token the edges that white space before it meets to its right, its own first."""
    seen, edges = [_BLOCKS], _BLOCKS
    for token in reversed(tokens):
        near = token.left
        edges = _meet(near, edges) if _Edge.NOTHING in near else near
        seen.append(edges)
    return seen[::-1]


def _meet(near: _Edges, beyond: _Edges) -> _Edges:
    return (
        beyond[0] if near[0] is _Edge.NOTHING else near[0],
        beyond[1] if near[1] is _Edge.NOTHING else near[1],
    )


def _pieces(tokens: Sequence[_Token]) -> Iterator[tuple[str | None, str]]:
    """Texts, each after what joins it with the one before it.

    None is a place where nothing may come between, "" one where a line may end, a space one where
    a line end may stand for it, and a line end is one.
    """
    before, after = _seen_before(tokens), _seen_after(tokens)
    is_spaced = False
    for at, token in enumerate(tokens):
        is_free = before[at] == _BLOCKS == after[at] and not token.kept
        glue = "" if is_free else None
        if not token.is_text or token.kept:
            is_first = is_free and token.opens_line
            yield "\n" if is_first else " " if is_spaced else glue, token.text
            is_spaced = False
            continue
        for part in re.split("( )", token.text):
            if part == " ":
                is_spaced = True
            elif part:
                yield " " if is_spaced else glue, part
                glue, is_spaced = None, False


def _lines(pieces: Iterable[tuple[str | None, str]]) -> Iterator[str]:
    """A line ends between two blocks rather than between two words."""
    line, length = "", 0
    for is_forced, unit in _units(_clusters(pieces)):
        if len(unit) == 1:
            text = unit[0][1]
            size = len(text) if text.isascii() else len(text.encode())
            if line and (is_forced or length + size > LINE):
                yield line
                line, length = "", 0
            line, length = line + text, length + size
            continue
        size = sum(len(text.encode()) for _, text in unit)
        if line and (is_forced or length + size > LINE):
            yield line
            line, length = "", 0
        for glue, text in unit:
            size = len(text.encode())
            if line and glue == " " and length + size >= LINE:
                yield line
                line, length = "", 0
            glue = glue if line and glue != "\n" else ""
            line, length = f"{line}{glue}{text}", length + len(glue) + size
    yield line


def _units(clusters: Iterable[tuple[str, str]]) -> Iterator[tuple[bool, list[tuple[str, str]]]]:
    """Clusters between which spaces stand, and whether a new line must begin with them."""
    is_forced = False
    unit: list[tuple[str, str]] = []
    for glue, text in clusters:
        if glue != " " and unit:
            yield is_forced, unit
            unit = []
        if not unit:
            is_forced = glue == "\n"
        unit.append((glue, text))
    if unit:
        yield is_forced, unit


def _clusters(pieces: Iterable[tuple[str | None, str]]) -> Iterator[tuple[str, str]]:
    """Pieces that nothing may come between, as one."""
    first: str = ""
    texts: list[str] = []
    for glue, text in pieces:
        if glue is not None and texts:
            yield first, "".join(texts)
            texts = []
        if glue is not None:
            first = glue
        texts.append(text)
    if texts:
        yield first, "".join(texts)
