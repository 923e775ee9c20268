"""The parts of an issue in the order of the file, each with its lines and what it weighs in words.

Every line of the text belongs to one part, so that an editor can move a part whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from newsletter.issue.model import Issue


class PartKind(StrEnum):
    FRONT_MATTER = "front matter"
    INTRO = "intro"
    STORY = "story"
    SPONSOR = "sponsor"
    FOOTER = "footer"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """`lines` count from one; `number` is None but for a story that has one."""

    kind: PartKind
    title: str
    lines: range
    words: int = 0
    number: int | None = None


def outline(issue: Issue) -> tuple[Part, ...]:
    """The parts of an issue; one without stories is one intro, behind its front matter."""
    starts = sorted(_starts(issue), key=lambda each: each[0])
    ends = [line for line, _ in starts[1:]] + [len(issue.source.lines) + 1]
    return tuple(
        Part(
            kind=part.kind,
            title=part.title,
            lines=range(line, max(end, line + 1)),
            words=part.words,
            number=part.number,
        )
        for (line, part), end in zip(starts, ends, strict=True)
    )


def _starts(issue: Issue) -> Iterator[tuple[int, Part]]:
    """The first line of each part, and the part, its lines still unknown."""
    front = issue.front_matter.span
    if front is not None:
        yield front.line, _part(PartKind.FRONT_MATTER)
    title = issue.title.text if issue.title else ""
    words = _count(issue.intro_text) + _count(title)
    yield (front.end_line + 1 if front else 1), _part(PartKind.INTRO, title, words)
    for story in issue.stories:
        words = _count(story.headline.text) + _count(story.text)
        part = _part(PartKind.STORY, story.headline.text, words, story.number)
        yield story.span.line, part
    for sponsor in issue.sponsors:
        words = sum(_count(block.text) for block in sponsor.paragraphs)
        yield sponsor.span.line, _part(PartKind.SPONSOR, sponsor.name.text, words)
    if issue.footer:
        yield _line_of_footer(issue), _part(PartKind.FOOTER, "", _count(issue.footer.text))


def _line_of_footer(issue: Issue) -> int:
    """That of the rule above it, where there is one: both move together."""
    assert issue.footer is not None
    line = issue.footer.span.line
    above = line - 1
    while above > 0 and not issue.source.line(above).strip():
        above -= 1
    is_rule = above > 0 and set(issue.source.line(above).strip()) <= set("-*_")
    return above if is_rule else line


def _part(kind: PartKind, title: str = "", words: int = 0, number: int | None = None) -> Part:
    return Part(kind=kind, title=title, lines=range(0), words=words, number=number)


def _count(text: str) -> int:
    """Words have a letter or a figure: the dots of a blank and a dash between two are none."""
    return sum(any(map(str.isalnum, word)) for word in text.split())
