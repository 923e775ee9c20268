"""What the front matter's reader could not read, or refused to."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    for fault in issue.front_matter.faults:
        yield Finding(span=fault.span, message=fault.what, hint=fault.hint)


RULE = Rule(
    code="S002",
    slug="front-matter-invalid",
    summary="Front matter is a few lines of `key: value`.",
    severity=Severity.ERROR,
    check=check,
)
