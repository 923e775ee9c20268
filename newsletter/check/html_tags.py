"""HTML in an issue: its tags mean nothing here, but for a few, and are mailed as they stand.

Two tags that belong together are one slip. What is meant is written in Markdown where there is a
way and the result is read as meant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.check.diagnostic import Edit, Finding, Fix
from newsletter.check.loose_text import BLANKED, LooseText
from newsletter.issue import parse_inlines, plain_inlines

_MARKS = {
    **dict.fromkeys(("b", "strong"), "**"),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), "*"),
    **dict.fromkeys(("s", "del", "strike"), "~~"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "`"),
}
_TAKEN_OUT = frozenset(["span", "font", "abbr", "time", "label", "bdi", "wbr", "acronym"])
_HINTS = {
    "br": "end the line in a backslash",
    "hr": "write --- on a line of its own",
    "a": "write [words](https://…)",
    "img": "write ![words](https://…)",
    **dict.fromkeys(("ul", "ol", "li"), "begin each line of the list with “- ”"),
    **dict.fromkeys(("table", "thead", "tbody", "tr", "td", "th"), "write it as a list"),
    **dict.fromkeys(("p", "div"), "leave a blank line between paragraphs"),
    "blockquote": "begin the line with “> ”",
    "sup": "close it",
    "sub": "close it",
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "write ### before a heading in a story"),
}
_OTHERS = frozenset(
    (
        *("article", "aside", "base", "big", "body", "button", "caption", "center", "col", "link"),
        *(
            "colgroup",
            "dd",
            "details",
            "div",
            "dl",
            "dt",
            "embed",
            "figcaption",
            "figure",
            "footer",
        ),
        *("form", "head", "header", "html", "iframe", "input", "ins", "main", "mark", "marquee"),
        *("meta", "nav", "nobr", "noscript", "object", "option", "picture", "pre", "q", "script"),
        *("section", "select", "small", "source", "style", "summary", "svg", "template"),
        *("textarea", "tfoot", "title", "u", "video", "audio"),
    )
)
_NAMES = _OTHERS | _TAKEN_OUT | _MARKS.keys() | _HINTS.keys()
_TABLE = ("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th")
_BLOCKS = ("p", "div", "section", "article", "center", "main", "header", "footer")
_FAMILIES = {
    **dict.fromkeys(_TABLE, "table"),
    **dict.fromkeys(("ul", "ol", "li", "dl", "dt", "dd"), "list"),
    **dict.fromkeys(_BLOCKS, "paragraph"),
    **dict.fromkeys(("script", "style", "html", "head", "body", "meta", "link"), "page"),
}
"""Names that come in numbers: the first of each family in a part is told."""

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,9})(?P<rest>\s[^<>]*)?/?>")
_VALUE = r"\s{name}\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s\"'<>]+))"
_CONTAINER = re.compile(r"((?:\s*>\s?)*)(\s*(?:[-*+]|\d{1,9}[.)])\s+)?")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A tag and the one that closes it, None where none does."""

    opening: re.Match[str]
    closing: re.Match[str] | None

    @property
    def name(self) -> str:
        return self.opening["name"].lower()


def html_tags(loose: LooseText, text: str, *, is_line: bool) -> Iterator[Finding]:
    """The findings of a part; `text` is its loose text without the tags that mean something.

    `is_line` is true of a title and a headline, which have no second line.
    """
    told: set[str] = set()
    for pair in _pairs(text):
        family = _FAMILIES.get(pair.name, "")
        if family in told:
            continue
        told |= {family} - {""}
        hint = _HINTS.get(pair.name, "take it out")
        if pair.name in _MARKS:
            mark = _MARKS[pair.name]
            hint = f"write {mark}words{mark}"
        yield Finding(
            span=loose.place(*pair.opening.span()),
            message=f"{_shown(pair.opening)} means nothing here",
            hint=hint,
            fix=_fix(loose, pair, is_line=is_line),
        )


def _shown(tag: re.Match[str]) -> str:
    return f"<{tag['close']}{tag['name']}>"


def _pairs(text: str) -> Iterator[_Pair]:
    """In the order of their first tags; an unknown name is no tag but somebody's words."""
    open_tags: dict[str, list[int]] = {}
    found: list[_Pair] = []
    for match in _TAG.finditer(text):
        name = match["name"].lower()
        if name not in _NAMES:
            continue
        before = open_tags.setdefault(name, [])
        if match["close"] and before:
            at = before.pop()
            found[at] = _Pair(found[at].opening, match)
            continue
        if not match["close"]:
            before.append(len(found))
        found.append(_Pair(match, None))
    yield from found


def _fix(loose: LooseText, pair: _Pair, *, is_line: bool) -> Fix | None:
    edits = _edits(loose, pair, is_line=is_line)
    if edits is None or not _reads_well(loose, pair, edits):
        return None
    placed = tuple(Edit(span=loose.place(start, end), text=put) for start, end, put in edits)
    return Fix(title=f"Write {_shown(pair.opening)} in Markdown", edits=placed)


_Edits = list[tuple[int, int, str]]


def _edits(loose: LooseText, pair: _Pair, *, is_line: bool) -> _Edits | None:
    opening, closing, name = pair.opening, pair.closing, pair.name
    if name == "br":
        return [(*opening.span(), " ")] if is_line else _line_break(loose, opening)
    if name == "img":
        return _picture(opening)
    if name == "wbr":
        return [(*opening.span(), "")]
    if closing is None:
        return None
    inner = loose.markdown[opening.end() : closing.start()]
    if name in _MARKS and inner.strip() and _MARKS[name] not in inner:
        return _marked(opening, closing, inner, _MARKS[name])
    if name in _TAKEN_OUT:
        return [(*opening.span(), ""), (*closing.span(), "")]
    href = _attribute(opening, "href")
    if name == "a" and href and not re.search(r"[\s()<>]", href) and inner.strip():
        return [(*opening.span(), "["), (*closing.span(), f"]({href})")]
    return None


def _marked(opening: re.Match[str], closing: re.Match[str], inner: str, mark: str) -> _Edits:
    """The marks directly at the words: spaces inside the tags go outside."""
    before = len(inner) - len(inner.lstrip())
    after = len(inner) - len(inner.rstrip())
    start, end = opening.span()
    return [
        (start, end + before, inner[:before] + mark),
        (closing.start() - after, closing.end(), mark + inner[len(inner) - after :]),
    ]


def _line_break(loose: LooseText, tag: re.Match[str]) -> _Edits:
    """A backslash and a new line in the same list or quotation; none at a paragraph's end."""
    text = loose.markdown
    start, end = tag.span()
    start = len(text[:start].rstrip(" \t"))
    if not text[end:].strip() or text[end:].lstrip(" \t").startswith("\n\n"):
        return [(start, end, "")]
    if text[end:].lstrip(" \t").startswith("\n"):
        return [(start, end + len(text[end:]) - len(text[end:].lstrip(" \t")), "\\")]
    end += len(text[end:]) - len(text[end:].lstrip(" \t"))
    line = text[text.rfind("\n", 0, start) + 1 :]
    container = _CONTAINER.match(line)
    quote, item = (container[1], container[2] or "") if container else ("", "")
    return [(start, end, f"\\\n{quote}{' ' * len(item)}")]


def _picture(tag: re.Match[str]) -> _Edits | None:
    src, alt = _attribute(tag, "src"), _attribute(tag, "alt")
    if not src or re.search(r"[\s()<>]", src) or re.search(r"[\[\]]", alt):
        return None
    return [(*tag.span(), f"![{alt}]({src})")]


def _attribute(tag: re.Match[str], name: str) -> str:
    match = re.search(_VALUE.format(name=name), tag["rest"] or "", re.IGNORECASE)
    return next((value for value in match.groups() if value), "") if match else ""


def _reads_well(loose: LooseText, pair: _Pair, edits: _Edits) -> bool:
    """Whether none of the marks put in would be mailed as typed in its turn."""
    mark = _MARKS.get(pair.name)
    if mark is None or mark == "`":
        return mark is None or BLANKED not in loose.text[pair.opening.end() : edits[-1][0]]
    first, last = edits[0], edits[-1]
    text = loose.markdown
    around = text[max(first[0] - 1, 0) : first[0]], text[last[1] : last[1] + 1]
    tried = f"{around[0]}{first[2]}{text[first[1] : last[0]]}{last[2]}{around[1]}"
    return mark not in plain_inlines(parse_inlines(_TAG.sub("", tried).replace("\n", " ")))
