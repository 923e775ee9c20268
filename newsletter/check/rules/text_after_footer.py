"""What stands below the footer is nearly always something that was pasted along."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    blocks = [block for block in issue.after_footer if not block.comment]
    if blocks:
        yield Finding(
            span=blocks[0].span.to(blocks[-1].span),
            message="there is text below the footer",
            hint="move it above the footer, or delete it",
        )


RULE = Rule(
    code="S013",
    slug="text-after-footer",
    summary="There is nothing below the footer.",
    severity=Severity.WARNING,
    check=check,
)
