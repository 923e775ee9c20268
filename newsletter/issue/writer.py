"""Issue to canonical text: what `newsletter fmt` writes and `newsletter show` could be asked for.

Canonical means marked headlines, one blank line between blocks, no white space at line ends, and
a thematic break above the footer. The words are never touched, nor is the front matter.
"""

import re
from collections.abc import Iterator

from newsletter.issue.model import Block, Issue, Line, Story

_CLOSING_MARKS = re.compile(r"(\s)(#+)$")
_HIGH_HEADING = re.compile(r"\A\s{0,3}#{1,2}(?=\s)")
_SPACES = " \t\u00a0\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200C)))


def write_issue(issue: Issue) -> str:
    """The canonical text of an issue. A text without any story comes back as it is."""
    if not issue.stories:
        return issue.source.text
    parts = "\n\n".join(part for part in _parts(issue) if part)
    return f"{_front_matter(issue)}{parts}\n"


def _front_matter(issue: Issue) -> str:
    if issue.front_matter.span is None:
        return ""
    lines = [issue.source.line(number) for number in issue.front_matter.lines]
    return "\n".join(["---", *(line.rstrip() for line in lines), "---", ""])


def _parts(issue: Issue) -> Iterator[str]:
    if issue.title:
        yield f"# {_words(issue.title)}"
    yield from map(_block, issue.intro)
    yield from _sponsors(issue, 0)
    for count, story in enumerate(issue.stories, 1):
        yield _headline(story)
        yield from map(_block, story.body)
        yield from _sponsors(issue, count)
    if issue.footer:
        yield f"---\n{_block(issue.footer)}"
    yield from map(_block, issue.after_footer)


def _sponsors(issue: Issue, after: int) -> Iterator[str]:
    for sponsor in issue.sponsors:
        if sponsor.after == after:
            yield f"## {sponsor.label} {_words(sponsor.name)}".rstrip()
            yield from map(_block, sponsor.body)


def _headline(story: Story) -> str:
    number = "" if story.number is None else f"{story.number}. "
    return f"## {number}{_words(story.headline)}"


def _words(line: Line) -> str:
    """Number signs at the end of a heading would be taken for its closing marks."""
    return _CLOSING_MARKS.sub(r"\1\\\2", line.markdown)


def _block(block: Block) -> str:
    lines = block.markdown.split("\n")
    written = [_line_end(line) for line in lines[:-1]] + [lines[-1].rstrip(_SPACES)]
    text = "\n".join(written)
    # Only stories have headings of the second level.
    return text if block.comment else _HIGH_HEADING.sub("###", text)


def _line_end(line: str) -> str:
    """Two spaces at a line's end ask for a break in Markdown, so just two are kept."""
    words = line.rstrip(_SPACES)
    return f"{words}  " if words and line.endswith("  ") else words
