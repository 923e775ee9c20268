"""What the front matter's reader could not read, or refused to."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    for fault in issue.front_matter.faults:
        edits = tuple(Edit(span=span, text=text) for span, text in fault.repair)
        fix = Fix(title="Mend the front matter", edits=edits) if edits else None
        yield Finding(span=fault.span, message=fault.what, hint=fault.hint, fix=fix)


RULE = Rule(
    code="S002",
    slug="front-matter-invalid",
    summary="Front matter is a few lines of `key: value`.",
    severity=Severity.ERROR,
    check=check,
)
