"""A story in a round-up is a summary."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    most = context.house.lengths.story_blocks
    for story in issue.stories:
        count = len(story.paragraphs)
        if count > most:
            yield Finding(
                span=story.headline.span,
                message=f"the story has {count} paragraphs",
                hint=f"keep it to {most} and link to the rest, or change [house.lengths] "
                "story_blocks in newsletter.toml",
            )


RULE = Rule(
    code="T011",
    slug="long-story",
    summary="A story is short.",
    severity=Severity.INFO,
    check=check,
)
