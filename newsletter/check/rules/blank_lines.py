"""Without blank lines a headline is known by its number alone, and lists run into paragraphs."""

from collections.abc import Iterator
from itertools import pairwise
from operator import attrgetter

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, Span

_PLACE = attrgetter("line", "column", "end_line", "end_column")


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    spans = sorted(_spans(issue), key=_PLACE)
    joined = [below for above, below in pairwise(spans) if below.line == above.end_line + 1]
    if joined:
        count = len(joined)
        message = (
            "there is no blank line above this block"
            if count == 1
            else f"there is no blank line above this block, and above {count - 1} more"
        )
        edits = tuple(Edit(span=issue.source.span(at.line, 1, 0), text="\n") for at in joined)
        fix = Fix(title="Put a blank line between blocks", edits=edits)
        hint = "put a blank line between blocks"
        yield Finding(span=joined[0], message=message, hint=hint, fix=fix)


def _spans(issue: Issue) -> Iterator[Span]:
    if issue.title:
        yield issue.title.span
    yield from (story.span for story in issue.stories)
    yield from (sponsor.span for sponsor in issue.sponsors)
    yield from (block.span for block in issue.blocks() if not block.comment)


RULE = Rule(
    code="S014",
    slug="blank-lines",
    summary="Blocks are separated by blank lines.",
    severity=Severity.WARNING,
    check=check,
)
