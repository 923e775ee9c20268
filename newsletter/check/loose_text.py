"""The text of a part in which a mark means nothing and is mailed as typed.

Code, comments, escapes, addresses in `<...>` and the brackets of sound links are blanked, character
by character, so that a place in this text is a place in the part. Links are told as CommonMark 0.31
(6.3) tells them.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from newsletter.check.offsets import place_at, without_comments
from newsletter.issue import Block, Issue, Line, Span

BLANKED = "\x00"
_NO_LINE_END = re.compile(r"[^\n]")
_CODE = re.compile(r"\\[!-/:-@\[-`{-~]|`+")
_AUTOLINK = re.compile(
    r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>|]*|[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+)>"
)
_DESTINATION = (
    r"(?:<[^<>\n]*+>"
    r"|[^\s()<][^\s()]*+(?:\([^\s()]*+(?:\([^\s()]*+\)[^\s()]*+)*+\)[^\s()]*+)*+"
    r"|\([^\s()]*+(?:\([^\s()]*+\)[^\s()]*+)*+\)[^\s()]*+|)"
)
_TITLE = r"(?:\"[^\"]{0,500}\"|'[^']{0,500}'|\([^()]{0,500}\))"
_BRACKETS = re.compile(
    rf"(?P<open>!?\[)|\](?P<target>\([ \t]*+\n?[ \t]*+(?P<to>{_DESTINATION})"
    rf"(?:[ \t\n]{{1,9}}{_TITLE})?[ \t]*+\n?[ \t]*+\))?"
)
_REFUSED = re.compile(r"(?:javascript|vbscript|file|data):", re.IGNORECASE)
"""markdown-it makes no links of these."""

Part = Block | Line


@dataclass(frozen=True, kw_only=True, slots=True)
class SoundLink:
    """A link or picture that is one: offsets of the whole, of its words and of its address."""

    start: int
    end: int
    words: tuple[int, int]
    to: tuple[int, int]
    is_picture: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LooseText:
    """`text` is as long as `markdown`, with what means something blanked; `place` gives spans."""

    markdown: str
    text: str
    links: tuple[SoundLink, ...]
    place: Callable[[int, int], Span]


def parts_of(issue: Issue) -> Iterator[Part]:
    """Title, headlines and all blocks that a reader sees."""
    if issue.title:
        yield issue.title
    yield from (story.headline for story in issue.stories)
    yield from (sponsor.name for sponsor in issue.sponsors)
    yield from (block for block in issue.blocks() if not block.comment)


def loose_text(part: Part) -> LooseText:
    column = part.span.column if isinstance(part, Line) else 1
    lengths = [len(line) for line in part.markdown.split("\n")]
    place = place_at(part.span.line, column, lengths)
    bare = _AUTOLINK.sub(_blank, _without_code(without_comments(part.markdown)))
    text, links = _without_links(bare)
    return LooseText(markdown=part.markdown, text=text, links=links, place=place)


def blanked(text: str, places: Iterable[tuple[int, int]]) -> str:
    """The text with these places blanked, which are in order and do not overlap."""
    kept, done = [], 0
    for start, end in places:
        kept += [text[done:start], _NO_LINE_END.sub(BLANKED, text[start:end])]
        done = end
    return "".join([*kept, text[done:]])


def _blank(match: re.Match[str]) -> str:
    return _NO_LINE_END.sub(BLANKED, match[0])


def _without_code(text: str) -> str:
    """Escapes and code spans blanked; a run of backticks ends at the next one of its length."""
    runs: dict[int, list[int]] = defaultdict(list)
    marks = list(_CODE.finditer(text)) if "`" in text or "\\" in text else []
    for match in marks:
        if match[0][0] == "`":
            runs[len(match[0])].append(match.start())
    kept, done = [], 0
    for match in marks:
        start, end = match.span()
        if start < done:
            continue
        if match[0][0] == "`":
            others = runs[len(match[0])]
            at = bisect_left(others, end)
            if at == len(others):
                continue
            end = others[at] + len(match[0])
        kept += [text[done:start], _NO_LINE_END.sub(BLANKED, text[start:end])]
        done = end
    return "".join([*kept, text[done:]])


def _without_links(text: str) -> tuple[str, tuple[SoundLink, ...]]:
    """The text with the brackets of links blanked, and the links, in the order of their ends."""
    opened: list[tuple[int, int, bool]] = []
    links: list[SoundLink] = []
    barred = 0  # below this many openings stand none that may open a link: links hold no links
    pieces = list(text) if "[" in text else []
    for match in _BRACKETS.finditer(text) if pieces else ():
        if match["open"]:
            opened.append((match.start(), match.end(), match["open"] == "!["))
            continue
        if not opened:
            continue
        start, begin, is_picture = opened.pop()
        is_barred = len(opened) < barred and not is_picture
        barred = min(barred, len(opened))
        if match["target"] is None or is_barred or _REFUSED.match(match["to"].lstrip("<")):
            continue
        to, end = match.span("to"), match.end()
        words = (begin, match.start())
        links.append(SoundLink(start=start, end=end, words=words, to=to, is_picture=is_picture))
        for at in (*range(start, begin), *range(match.start(), end)):
            pieces[at] = "\n" if pieces[at] == "\n" else BLANKED
        if not is_picture:
            barred = len(opened)
    return ("".join(pieces) if links else text), tuple(links)
