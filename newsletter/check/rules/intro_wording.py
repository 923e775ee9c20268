"""What every intro of a house says, by a pattern of its own making."""

import re
from collections.abc import Iterator
from functools import cache

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    wanted, text = context.house.intro, issue.intro_text
    if wanted is None or not issue.stories or not text:
        return
    if not _pattern(wanted).search(_straight(text)):
        yield Finding(
            span=next(block.span for block in issue.intro if not block.comment),
            message="the intro does not say what the house format asks for",
            hint=f"it must match {wanted}, or change [house] intro in newsletter.toml",
        )


@cache
def _pattern(wanted: str) -> re.Pattern[str]:
    return re.compile(_straight(wanted))


def _straight(text: str) -> str:
    """An apostrophe of either kind is an apostrophe."""
    return text.replace("’", "'").replace("‘", "'")


RULE = Rule(
    code="C009",
    slug="intro-wording",
    summary="The intro matches the house's own pattern.",
    severity=Severity.WARNING,
    check=check,
)
