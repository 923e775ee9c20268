"""Without the footer, a reader whom an issue was forwarded to cannot join."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if issue.stories and issue.footer is None:
        yield Finding(
            span=issue.source.end,
            message="the footer is missing",
            hint=f"end the issue with “{context.house.footer}”",
        )


RULE = Rule(
    code="S010",
    slug="footer-missing",
    summary="An issue ends with the footer.",
    severity=Severity.ERROR,
    check=check,
)
