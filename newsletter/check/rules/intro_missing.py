"""Every issue of the house has an intro, and the preheader is made from it."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if issue.stories and not issue.intro_text:
        yield Finding(
            span=issue.stories[0].span,
            message="the intro is missing: the first story follows the title",
            hint="write one paragraph between the title and story 1",
        )


RULE = Rule(
    code="S005",
    slug="intro-missing",
    summary="There is an intro between the title and the first story.",
    severity=Severity.ERROR,
    check=check,
)
