"""The first block is the title; without it there is no subject and no heading."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if issue.stories and issue.title is None:
        headings = [issue.stories[0].span, *(sponsor.span for sponsor in issue.sponsors)]
        place = min(next((block.span for block in issue.blocks()), headings[0]), *headings)
        yield Finding(
            span=issue.source.span(place.line, place.column, 0),
            message="the title is missing",
            hint="put “# ” and the title on a line of its own above the intro",
        )


RULE = Rule(
    code="S004",
    slug="title-missing",
    summary="An issue opens with a title.",
    severity=Severity.ERROR,
    check=check,
)
