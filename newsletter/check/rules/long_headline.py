"""A headline is read at a glance."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    most = context.house.lengths.headline_words
    for story in issue.stories:
        count = len(story.headline.text.split())
        if count > most:
            yield Finding(
                span=story.headline.span,
                message=f"the headline has {count} words",
                hint=f"keep it to {most}, or change [house.lengths] headline_words in "
                "newsletter.toml",
            )


RULE = Rule(
    code="T010",
    slug="long-headline",
    summary="A headline is short.",
    severity=Severity.INFO,
    check=check,
)
