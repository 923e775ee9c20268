"""A headline alone is a story that got lost, often an embedded post that was not pasted along."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, shorten


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    for story in issue.stories:
        if not story.text.strip() and not story.images:
            yield Finding(
                span=story.span,
                message=f"the story “{shorten(story.headline.text, 50)}” has no text",
                hint="write at least one paragraph below the headline",
            )


RULE = Rule(
    code="S009",
    slug="story-without-body",
    summary="Every story has text below its headline.",
    severity=Severity.ERROR,
    check=check,
)
