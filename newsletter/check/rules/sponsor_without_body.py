"""A sponsor's name alone is an announcement of what was not pasted along."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Image, Issue, Sponsor, walk_inlines


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    for sponsor in issue.sponsors:
        if not _says_something(sponsor):
            yield Finding(
                span=sponsor.span,
                message="the sponsor’s block has no text",
                hint="write a paragraph below its heading, or take the heading out",
            )


def _says_something(sponsor: Sponsor) -> bool:
    """A picture says something too; whether it has words is for image-alt."""
    return any(
        block.text.strip() or any(isinstance(each, Image) for each in walk_inlines(block.nodes))
        for block in sponsor.paragraphs
    )


RULE = Rule(
    code="S017",
    slug="sponsor-without-body",
    summary="A sponsor's block has text below its heading.",
    severity=Severity.WARNING,
    check=check,
)
