"""One sponsor is shown; a second one has paid for nothing."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    for sponsor in issue.sponsors[1:]:
        line = issue.sponsors[0].span.line
        yield Finding(
            span=sponsor.span,
            message=f"there is already a sponsor, on line {line}, and only that one is shown",
            hint="keep one of the two; the other may have the next issue",
        )


RULE = Rule(
    code="S016",
    slug="sponsor-repeated",
    summary="An issue has at most one sponsor.",
    severity=Severity.ERROR,
    check=check,
)
