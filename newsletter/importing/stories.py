"""Nodes of an article to the text of an issue: which of them are title and headlines.

A headline is a heading, a bold paragraph or a list item of its own that carries a number; where
nothing does, the headings of the commonest level are the headlines, and are numbered. What is not
found here is left to the parser, which knows pasted text.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from newsletter.importing.markdown import write_block, write_inlines
from newsletter.issue import (
    Heading,
    Inline,
    ListNode,
    Node,
    Paragraph,
    Strong,
    Text,
    heads_sponsor,
    plain_inlines,
)

_NUMBER = re.compile(r"\**(\d{1,2})\s*(?:\\?[.)](?!\d)|[:–—-](?=\s))\s*\**\s*(?=\S)")
_SENTENCE_END = re.compile(r"[.!?:;,]\W*$")
NUMBERED = "the headlines had no numbers: they are numbered in order"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Headline:
    """A headline of a story: its number, and its words as Markdown."""

    number: int
    markdown: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _SponsorLine:
    """The heading of a sponsor's block: all its words as Markdown, the cue included."""

    markdown: str


_Unnumbered = Node | _SponsorLine
_Part = _Unnumbered | _Headline


def write_article(
    nodes: Sequence[Node], *, title: str, cue: str
) -> tuple[str, tuple[str, ...], Sequence[Node]]:
    """The text of an issue, what a person should know of how it came about, and the blocks
    above the title, which are left out.

    `title` is what the page calls itself; a first heading of the article's own goes before it.
    `cue` is how the heading of a sponsor's block begins.
    """
    own, rest, above = _own_title(list(_unlisted(nodes)), title)
    parts, notes = _with_headlines(list(_with_sponsors(rest, cue)))
    name = own or ([Text(text=title)] if title else None)
    blocks = [f"# {write_inlines(name)}"] if name else []
    blocks += [_written(part) for part in parts]
    return "\n\n".join(blocks) + "\n", notes, above


def write_parts(nodes: Sequence[Node], *, first: int) -> list[tuple[str, Node | None]]:
    """What is put into an issue that has stories of its own: each block, and the node it was.

    Headings with numbers begin stories, counted from `first`, and have no node here; what else is a
    heading stands within one.
    """
    found: list[_Part] = list(_numbered_headings(nodes))
    if not any(isinstance(part, _Headline) for part in found):
        found = list(_numbered_bold(nodes))
    numbers = count(first)
    counted = [replace(p, number=next(numbers)) if isinstance(p, _Headline) else p for p in found]
    written = ((_written(part), part) for part in counted)
    return [
        (text, None if isinstance(part, _Headline | _SponsorLine) else part)
        for text, part in written
    ]


def write_as_is(nodes: Sequence[Node], *, title: str) -> str:
    """The text of an issue from before: its headings are the headlines, numbered or not.

    The headings of the highest level are those of stories, all others are within one. A first
    heading that says the title again is left aside.
    """
    first = next((node for node in nodes if isinstance(node, Heading)), None)
    if first is not None and plain_inlines(first.inlines).strip() == title.strip():
        nodes = [node for node in nodes if node is not first]
    top = min((node.level for node in nodes if isinstance(node, Heading)), default=0)
    blocks = [f"# {write_inlines([Text(text=title)])}"] if title else []
    return "\n\n".join([*blocks, *(_as_it_is(node, top) for node in nodes)]) + "\n"


def _as_it_is(node: Node, top: int) -> str:
    if not isinstance(node, Heading) or node.level != top:
        return _written(node)
    headline = _headline(node.inlines)
    return _written(headline) if headline else f"## {write_inlines(_unbold(node.inlines))}"


def _own_title(
    nodes: Sequence[Node], title: str
) -> tuple[Sequence[Inline] | None, Sequence[Node], Sequence[Node]]:
    """The words of the title's heading, the nodes below it, and those above.

    It is the first of level 1 or with the page's own title, above all that have numbers.
    """
    for index, node in enumerate(nodes):
        if not isinstance(node, Heading):
            continue
        words = plain_inlines(node.inlines)
        if _NUMBER.match(words):
            break
        if node.level == 1 or words == title:
            return node.inlines, nodes[index + 1 :], nodes[:index]
    return None, nodes, ()


def _unlisted(nodes: Iterable[Node]) -> Iterator[Node]:
    """A list whose items are whole stories, headings and all, as headings with numbers."""
    for node in nodes:
        if not isinstance(node, ListNode) or not all(
            isinstance(item[0], Heading) and len(item) > 1 for item in node.items
        ):
            yield node
            continue
        for number, (heading, *body) in enumerate(node.items, start=node.start or 1):
            assert isinstance(heading, Heading)
            inlines = (Text(text=f"{number}. "), *heading.inlines)
            yield Heading(level=2, inlines=inlines)
            yield from body


def _with_sponsors(nodes: Iterable[Node], cue: str) -> Iterator[_Unnumbered]:
    """Headings, and paragraphs of one line, that head a sponsor's block are told apart."""
    for node in nodes:
        inlines = node.inlines if isinstance(node, Heading | Paragraph) else ()
        words = plain_inlines(inlines)
        if "\n" not in words and heads_sponsor(words, cue, is_heading=isinstance(node, Heading)):
            yield _SponsorLine(markdown=write_inlines(_unbold(inlines)))
        else:
            yield node


def _with_headlines(nodes: Sequence[_Unnumbered]) -> tuple[Sequence[_Part], tuple[str, ...]]:
    """The nodes with headlines in the place of those that are."""
    for find in (_numbered_headings, _numbered_bold):
        found: list[_Part] = list(find(nodes))
        if any(isinstance(part, _Headline) for part in found):
            return found, ()
    listed = [node for node in nodes if _listed_headline(node)]
    if len(listed) > 1:
        return list(_from_lists(nodes)), ()
    levels = Counter(node.level for node in nodes if isinstance(node, Heading))
    if not levels or max(levels.values()) < 2:
        return nodes, ()
    level = min(levels, key=lambda level: (-levels[level], level))
    return list(_counted(nodes, level)), (NUMBERED,)


def _numbered_headings(nodes: Iterable[_Unnumbered]) -> Iterator[_Part]:
    for node in nodes:
        yield (_headline(node.inlines) if isinstance(node, Heading) else None) or node


def _numbered_bold(nodes: Iterable[_Unnumbered]) -> Iterator[_Part]:
    for node in nodes:
        is_bold = isinstance(node, Paragraph) and all(
            isinstance(inline, Strong) or not plain_inlines([inline]) for inline in node.inlines
        )
        yield (_headline(node.inlines) if is_bold and isinstance(node, Paragraph) else None) or node


def _headline(inlines: Sequence[Inline]) -> _Headline | None:
    markdown = write_inlines(_unbold(inlines))
    match = _NUMBER.match(markdown)
    if match is None:
        return None
    return _Headline(number=int(match[1]), markdown=markdown[match.end() :])


def _unbold(inlines: Iterable[Inline]) -> list[Inline]:
    """A headline is bold by itself."""
    bare: list[Inline] = []
    for inline in inlines:
        bare += inline.children if isinstance(inline, Strong) else [inline]
    return bare


def _listed_headline(node: _Unnumbered) -> Sequence[Inline] | None:
    """The words of a list of one numbered line: a headline that a word processor numbered."""
    if not isinstance(node, ListNode) or node.start is None or len(node.items) > 1:
        return None
    [item] = node.items
    if len(item) > 1 or not isinstance(item[0], Paragraph):
        return None
    inlines = item[0].inlines
    return None if _SENTENCE_END.search(plain_inlines(inlines)) else inlines


def _from_lists(nodes: Iterable[_Unnumbered]) -> Iterator[_Part]:
    """Each list of one line as a headline; they all say 1 where each was a list of its own."""
    last = 0
    for node in nodes:
        inlines = _listed_headline(node)
        if inlines is None or not isinstance(node, ListNode):
            yield node
        else:
            last = max(last + 1, node.start or 1)
            yield _Headline(number=last, markdown=write_inlines(_unbold(inlines)))


def _counted(nodes: Iterable[_Unnumbered], level: int) -> Iterator[_Part]:
    number = 0
    for node in nodes:
        if isinstance(node, Heading) and node.level == level:
            number += 1
            yield _Headline(number=number, markdown=write_inlines(_unbold(node.inlines)))
        else:
            yield node


def _written(part: _Part) -> str:
    if isinstance(part, _Headline):
        return f"## {part.number}. {part.markdown}"
    if isinstance(part, _SponsorLine):
        return f"## {part.markdown}"
    if isinstance(part, Heading):
        return write_block(replace(part, level=3))
    return write_block(part)
