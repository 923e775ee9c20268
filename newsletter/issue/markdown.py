"""Markdown text to nodes, by markdown-it-py.

What an issue may hold is CommonMark without raw HTML, indented code, fences, tables and link
definitions: a pasted text is full of accidents that those would turn into something else. What is
understood beyond it is in `dialect`.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from newsletter.issue.dialect import add_dialect
from newsletter.issue.full_width import mark_stars, settle_line_ends
from newsletter.issue.nodes import (
    Code,
    Emphasis,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    ListNode,
    Locate,
    Lowered,
    Node,
    Paragraph,
    Quote,
    Raised,
    Strong,
    Struck,
    Text,
)
from newsletter.issue.prose import read_prose
from newsletter.issue.source import Span
from newsletter.languages import leading_apostrophes, marks_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

_ALT_BREAKS = {"hardbreak": " "}
_NOWHERE = Span(line=1, column=1, end_line=1, end_column=1)
MAX_NESTING = 20
"""Levels of quotes, lists and marks that are read; no editor goes beyond three.

It bounds the cost, too: from every opening bracket markdown-it looks so many brackets ahead.
"""


_one_at_a_time = Lock()


@cache
def _markdown_it(
    language: str,
    has_links: bool,  # noqa: FBT001 - a cache key
) -> "MarkdownIt":
    from markdown_it import MarkdownIt  # 40 ms to import, so only where an issue is read

    # mdurl fills the tables of its addresses at the first one, where a second thread can see them
    # half full: so they are full before anybody has a parser.
    with _one_at_a_time:
        MarkdownIt().normalizeLinkText(MarkdownIt().normalizeLink("https://example.com/"))
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    parser.disable(["code", "fence", "html_block", "html_inline", "reference", "lheading", "hr"])
    add_dialect(parser)
    parser.inline.ruler.at("emphasis", mark_stars)
    if not has_links:
        parser.disable(["link", "image"])
    if marks := marks_of(language):
        parser.options["typographer"] = True
        parser.options["quotes"] = marks.in_order
        parser.enable("smartquotes")
        parser.core.ruler.before("smartquotes", "apostrophes", _curl_apostrophes(language))
    return parser


def _curl_apostrophes(language: str) -> Callable[["StateCore"], None]:
    """A rule for the apostrophes that a word or a year begins with, before they pass for marks."""
    leading = leading_apostrophes(language)

    def curl(state: "StateCore") -> None:
        for block in state.tokens:
            for token in block.children or ():
                if token.type == "text" and "'" in token.content:
                    token.content = leading.sub("’", token.content)

    return curl


def parse_markdown(
    markdown: str, *, typeset: str = "", locate: Locate | None = None
) -> tuple[Node, ...]:
    """Block nodes of a Markdown text, as typed or `typeset` in a language.

    Then straight quotation marks and apostrophes become those of the language, a BCP 47 tag; of one
    that we do not know they stay straight.

    `locate` gives links and images their spans; without it they all stand at 1:1.
    """
    return _parsed(markdown, typeset) if locate is None else _parse(markdown, typeset, locate)


@lru_cache(maxsize=512)
def _parsed(markdown: str, typeset: str) -> tuple[Node, ...]:
    """Kept, as an issue that is being written has nearly the same blocks at every key."""
    return _parse(markdown, typeset, _nowhere)


def _parse(markdown: str, typeset: str, locate: Locate) -> tuple[Node, ...]:
    prose = markdown.rstrip(" \u00a0")
    if not typeset and (inlines := read_prose(prose.removeprefix("> "), locate)):
        paragraph = Paragraph(inlines=inlines)
        return (Quote(nodes=(paragraph,)) if prose.startswith("> ") else paragraph,)
    tokens = _parser_for(markdown, typeset).parse(without_comments(markdown))
    nodes, _ = _blocks(tokens, 0, locate)
    return nodes


def parse_inlines(
    markdown: str, *, typeset: str = "", locate: Locate | None = None
) -> tuple[Inline, ...]:
    """Inline nodes of one line of Markdown, as in a title or a headline."""
    locate = locate or _nowhere
    if not typeset and (inlines := read_prose(markdown, locate)):
        return inlines
    parser = _parser_for(markdown, typeset)
    tokens = parser.parseInline(without_comments(markdown))
    children = tokens[0].children or [] if tokens else []
    return _inlines(children, locate)


def _parser_for(markdown: str, language: str) -> "MarkdownIt":
    """Brackets that cannot be a link cost most of all, so they are not even tried as one."""
    return _markdown_it(language, "](" in without_comments(markdown))


def without_comments(markdown: str) -> str:
    """The text without its HTML comments, which are notes to us and never shown."""
    kept, done = [], 0
    while (start := markdown.find("<!--", done)) >= 0:
        end = markdown.find("-->", start + 4)
        if end < 0:
            break
        kept.append(markdown[done:start])
        done = end + 3
    return "".join([*kept, markdown[done:]])


def _nowhere(_href: str) -> Span:
    return _NOWHERE


def _blocks(tokens: Sequence["Token"], at: int, locate: Locate) -> tuple[tuple[Node, ...], int]:
    """The nodes from token `at` up to the end of its container, and where that is."""
    nodes: list[Node] = []
    while at < len(tokens) and tokens[at].nesting != -1:
        node, at = _block(tokens, at, locate)
        nodes.append(node)
    return tuple(nodes), at + 1


def _block(tokens: Sequence["Token"], at: int, locate: Locate) -> tuple[Node, int]:
    token = tokens[at]
    match token.type:
        case "blockquote_open":
            nodes, after = _blocks(tokens, at + 1, locate)
            return Quote(nodes=nodes), after
        case "bullet_list_open" | "ordered_list_open":
            items, after = _items(tokens, at + 1, locate)
            return ListNode(start=_start(token), items=items), after
        case "heading_open":
            inlines = _inlines(tokens[at + 1].children or (), locate)
            return Heading(level=int(token.tag[1:]), inlines=inlines), at + 3
        case "paragraph_open":
            return Paragraph(inlines=_inlines(tokens[at + 1].children or (), locate)), at + 3
        case _:  # nothing else is enabled; if it ever is, its words are kept
            return Paragraph(inlines=(Text(text=token.content),)), at + 1


def _start(token: "Token") -> int | None:
    return int(token.attrGet("start") or 1) if token.type == "ordered_list_open" else None


def _items(
    tokens: Sequence["Token"], at: int, locate: Locate
) -> tuple[tuple[tuple[Node, ...], ...], int]:
    items = []
    while tokens[at].type == "list_item_open":
        nodes, at = _blocks(tokens, at + 1, locate)
        items.append(nodes)
    return tuple(items), at + 1


def _inlines(tokens: Sequence["Token"], locate: Locate) -> tuple[Inline, ...]:
    settle_line_ends(tokens)
    return tuple(_inline_run(_not_too_deep(tokens), locate))


def _not_too_deep(tokens: Sequence["Token"]) -> Iterator["Token"]:
    """The tokens without the marks below MAX_NESTING, which Markdown itself does not limit."""
    depth = 0
    for token in tokens:
        depth += max(token.nesting, 0)
        if depth <= MAX_NESTING or not token.nesting:
            yield token
        depth += min(token.nesting, 0)


def _inline_run(  # noqa: C901 - one flat match, a line or two for each kind of token
    tokens: Iterator["Token"], locate: Locate
) -> Iterator[Inline]:
    """Inline nodes up to the close of the mark that holds them."""
    for token in tokens:
        match token.type:
            case "text":
                if token.content:
                    yield Text(text=token.content)
            case "softbreak":
                if token.content:
                    yield Text(text=token.content)
            case "hardbreak":
                yield LineBreak()
            case "code_inline":
                yield Code(text=token.content)
            case "strong_open":
                yield Strong(children=tuple(_inline_run(tokens, locate)))
            case "em_open":
                yield Emphasis(children=tuple(_inline_run(tokens, locate)))
            case "s_open":
                yield Struck(children=tuple(_inline_run(tokens, locate)))
            case "sup_open":
                yield Raised(children=tuple(_inline_run(tokens, locate)))
            case "sub_open":
                yield Lowered(children=tuple(_inline_run(tokens, locate)))
            case "link_open":
                href = str(token.attrGet("href") or "")
                span = locate(href)
                yield Link(href=href, children=tuple(_inline_run(tokens, locate)), span=span)
            case "image":
                yield _image(token, locate)
            case _:
                if token.nesting == -1:
                    return
                yield Text(text=token.content)


def _image(token: "Token", locate: Locate) -> Image:
    src, caption = (str(token.attrGet(name) or "") for name in ("src", "title"))
    return Image(src=src, alt=_alt(token), caption=caption, span=locate(src))


def _alt(image: "Token") -> str:
    """The words of an image's description, without the marks in it (CommonMark 0.31, 6.4)."""
    settle_line_ends(image.children or ())
    return "".join(
        _alt(token) if token.type == "image" else _ALT_BREAKS.get(token.type, token.content)
        for token in image.children or ()
    )
