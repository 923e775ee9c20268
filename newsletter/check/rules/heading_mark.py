"""A headline whose mark is not read as one is mailed with it, in the story above."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.heading_marks import heading_marks
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    yield from heading_marks(issue)


RULE = Rule(
    code="S019",
    slug="heading-mark",
    summary="A headline begins its line, with a space after its mark.",
    severity=Severity.ERROR,
    check=check,
)
