"""The number of stories is part of the promise; [house] stories in newsletter.toml sets it."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.heading_marks import hides_headlines
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    least, most = context.house.stories
    count = len(issue.stories)
    if count and not least <= count <= most and not hides_headlines(issue):
        wanted = f"{least}" if least == most else f"{least} to {most}"
        yield Finding(
            span=issue.stories[min(count - 1, most)].span,
            message=f"the issue has {count} {_stories(count)}, the house format says {wanted}",
            hint="add or drop a story, or change [house] stories in newsletter.toml",
        )


def _stories(count: int) -> str:
    return "story" if count == 1 else "stories"


RULE = Rule(
    code="S007",
    slug="story-count",
    summary="An issue has as many stories as the house format says.",
    severity=Severity.ERROR,
    check=check,
)
