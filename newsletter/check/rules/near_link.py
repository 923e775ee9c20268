"""A slip of one character, and a link is no link: its brackets and its address are mailed."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.near_links import near_links
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    yield from near_links(issue)


RULE = Rule(
    code="L009",
    slug="near-link",
    summary="What looks like a link or a picture is one.",
    severity=Severity.ERROR,
    check=check,
)
