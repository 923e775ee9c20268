"""A house title is how readers know the newsletter again, with or without a theme before it."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.house_titles import theme_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Cues, Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    house, title = context.house, issue.title
    if not (house.titles and issue.stories and title) or theme_of(title.text, house) is not None:
        return
    count = min(max(len(issue.stories), house.stories[0]), house.stories[1])
    examples = [_example(wanted, count, house.cues) for wanted in house.titles]
    yield Finding(
        span=title.span,
        message="this is not a house title",
        hint=f"write {' or '.join(examples)}, with or without a theme before it, "
        "or change [house] titles in newsletter.toml",
    )


def _example(wanted: str, count: int, cues: Cues) -> str:
    """A house title with its number filled in."""
    words = dict(enumerate(cues.numbers, start=2))
    return f"“{wanted.replace('{count}', words.get(count, str(count))).replace('*', '…')}”"


RULE = Rule(
    code="C002",
    slug="title-wording",
    summary="The title is a house title, with or without a theme before it.",
    severity=Severity.WARNING,
    check=check,
)
