"""The links and images of an issue in file order, each with the place to point at and its part.

Links in a title or headline have no place of their own; the words of that line stand for it.
"""

from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import NamedTuple

from newsletter.issue import Block, Image, Inline, Issue, Line, Link, Paragraph, Span, walk_inlines


class Part(Enum):
    """Head is title and intro; a sponsor's block belongs to no story."""

    HEAD = auto()
    STORY = auto()
    SPONSOR = auto()
    FOOTER = auto()
    AFTER_FOOTER = auto()


class PlacedLink(NamedTuple):
    """`story` is the position of its story, from 1; 0 in all other parts."""

    href: str
    link: Link
    span: Span
    part: Part
    story: int

    @property
    def is_picture(self) -> bool:
        return any(isinstance(child, Image) for child in self.link.children)


_latest: list[tuple[Issue, tuple[PlacedLink, ...]]] = []
"""One issue's links: all rules of a family ask for them, one after the other."""


def links_of(issue: Issue) -> tuple[PlacedLink, ...]:
    for known, links in _latest:
        if known is issue:
            return links
    links = tuple(_links(issue))
    _latest[:] = [(issue, links)]
    return links


def images_of(issue: Issue) -> Iterator[tuple[Image, Span]]:
    for line in _lines(issue):
        if "![" in line.markdown:
            found = (inline for inline in _inlines(line) if isinstance(inline, Image))
            yield from ((image, line.span) for image in found)
    for block in issue.blocks():
        if "![" in block.markdown:
            found = (inline for inline in walk_inlines(block.nodes) if isinstance(inline, Image))
            yield from ((image, image.span) for image in found)


def _lines(issue: Issue) -> Iterator[Line]:
    if issue.title:
        yield issue.title
    yield from (story.headline for story in issue.stories)
    yield from (sponsor.name for sponsor in issue.sponsors)


def _links(issue: Issue) -> Iterator[PlacedLink]:
    if issue.title:
        yield from _in_line(issue.title, Part.HEAD, 0)
    yield from _in_blocks(issue.intro, Part.HEAD, 0)
    yield from _in_sponsors(issue, 0)
    for position, story in enumerate(issue.stories, start=1):
        yield from _in_line(story.headline, Part.STORY, position)
        yield from _in_blocks(story.body, Part.STORY, position)
        yield from _in_sponsors(issue, position)
    if issue.footer:
        yield from _in_blocks((issue.footer,), Part.FOOTER, 0)
    yield from _in_blocks(issue.after_footer, Part.AFTER_FOOTER, 0)


def _in_sponsors(issue: Issue, after: int) -> Iterator[PlacedLink]:
    for sponsor in issue.sponsors:
        if sponsor.after == after:
            yield from _in_line(sponsor.name, Part.SPONSOR, 0)
            yield from _in_blocks(sponsor.body, Part.SPONSOR, 0)


def _in_line(line: Line, part: Part, story: int) -> Iterator[PlacedLink]:
    if _may_hold_links(line.markdown):
        for inline in _inlines(line):
            if isinstance(inline, Link):
                yield PlacedLink(inline.href, inline, line.span, part, story)


def _in_blocks(blocks: Iterable[Block], part: Part, story: int) -> Iterator[PlacedLink]:
    for block in blocks:
        if _may_hold_links(block.markdown):
            for inline in walk_inlines(block.nodes):
                if isinstance(inline, Link):
                    yield PlacedLink(inline.href, inline, inline.span, part, story)


def _may_hold_links(markdown: str) -> bool:
    """Spares nearly all blocks the walk through their nodes."""
    return "](" in markdown or "<" in markdown


def _inlines(line: Line) -> Iterator[Inline]:
    return walk_inlines((Paragraph(inlines=line.inlines),))
