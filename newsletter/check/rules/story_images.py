"""On a phone a second picture pushes the story off the screen, and each one costs the reader."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    most = context.house.lengths.images_per_story
    if "![" not in issue.source.text:
        return
    for story in issue.stories:
        count = len(story.images)
        if count > most:
            yield Finding(
                span=story.images[most].span,
                message=f"the story has {count} image{'s' if count > 1 else ''}",
                hint=f"keep {most}, and link to the rest" if most else "leave it out",
            )


RULE = Rule(
    code="M011",
    slug="story-images",
    summary="A story has no more images than the house format says.",
    severity=Severity.WARNING,
    check=check,
)
