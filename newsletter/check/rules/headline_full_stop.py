"""A headline is no sentence; an abbreviation at its end keeps its full stop."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Fix, Severity
from newsletter.check.prose import read
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue

_INITIALS = re.compile(r"(?<!\w)(?:\w\.)+\Z")


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    for story in issue.stories:
        text = story.headline.text
        if not text.endswith(".") or _is_abbreviation(text, context.house.typography.abbreviations):
            continue
        (prose,) = read(issue.source, story.headline)
        shown = prose.text.rstrip()
        if not shown.endswith(".") or shown.endswith(("..", "….")):
            continue
        yield Finding(
            span=prose.span(len(shown) - 1, len(shown)),
            message="the headline ends in a full stop",
            hint="leave it out",
            fix=Fix(title="Leave out the full stop", edits=(prose.without(len(shown) - 1),)),
        )


def _is_abbreviation(text: str, abbreviations: tuple[str, ...]) -> bool:
    """Whether the last word is a known one, or initials such as "U.S.", "a.m." and "B."."""
    last = text.split()[-1]
    return last in abbreviations or _INITIALS.search(last) is not None


RULE = Rule(
    code="T001",
    slug="headline-full-stop",
    summary="A headline does not end in a full stop.",
    severity=Severity.WARNING,
    check=check,
)
