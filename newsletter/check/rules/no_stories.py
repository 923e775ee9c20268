"""A text of another kind, pasted whole, is one finding rather than twenty."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if not issue.stories and not issue.is_empty:
        at = issue.title.span if issue.title else issue.source.span_of_line(1)
        yield Finding(
            span=at,
            message="no story was found: there is no numbered headline",
            hint="begin each story with a line such as “## 1. Headline”",
        )


RULE = Rule(
    code="S006",
    slug="no-stories",
    summary="An issue has numbered stories.",
    severity=Severity.ERROR,
    check=check,
)
