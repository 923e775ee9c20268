"""The number of stories is part of the promise; [house] stories in newsletter.toml sets it."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.heading_marks import hides_headlines
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue

_MOST_MISSING = 30


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    least, most = context.house.stories
    count = len(issue.stories)
    if count and not least <= count <= most and not hides_headlines(issue):
        wanted = f"{least}" if least == most else f"{least} to {most}"
        missing = _missing(issue)
        is_all = bool(missing) and least <= count + len(missing) <= most
        which = f"story {' and '.join(map(str, missing))} is missing; " if is_all else ""
        yield Finding(
            span=issue.stories[min(count - 1, most)].span,
            message=f"the issue has {count} {_stories(count)}, the house format says {wanted}",
            hint=f"{which}add or drop a story, or change [house] stories in newsletter.toml",
            explains=tuple(_followers(issue, least, most, is_all=is_all)),
        )


def _missing(issue: Issue) -> list[int]:
    """The numbers left out among those that are there, in order and each once; else none."""
    numbers = [story.number or 0 for story in issue.stories]
    if numbers != sorted(set(numbers)) or numbers[0] < 1:
        return []
    return sorted(set(range(1, min(numbers[-1], len(numbers) + _MOST_MISSING))) - set(numbers))


def _followers(issue: Issue, least: int, most: int, *, is_all: bool) -> Iterator[str]:
    """What tells of the same lost story again: a gap, and a title that counts as the house does."""
    if issue.title_count is not None and least <= issue.title_count <= most:
        yield "title-count"
    if is_all:
        yield "story-numbering"


def _stories(count: int) -> str:
    return "story" if count == 1 else "stories"


RULE = Rule(
    code="S007",
    slug="story-count",
    summary="An issue has as many stories as the house format says.",
    severity=Severity.ERROR,
    check=check,
)
