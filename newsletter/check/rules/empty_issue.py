"""An empty file is one finding, and no other rule has anything to say of it."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if issue.is_empty:
        yield Finding(
            span=issue.source.span(1, 1, 0),
            message="the file is empty",
            hint="write a title, an intro, the numbered stories and the footer",
        )


RULE = Rule(
    code="S001",
    slug="empty-issue",
    summary="An issue has text.",
    severity=Severity.ERROR,
    check=check,
)
