"""One way to write a number; a non-breaking space after the full stop counts as a space."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue

_STYLE = re.compile(r"(?:## )?\d+\.[ \u00a0\u202f]")


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    for story in issue.stories:
        if story.number is not None and not _STYLE.fullmatch(story.marker):
            mark = "## " if "#" in story.marker else ""
            yield Finding(
                span=issue.source.span(story.span.line, 1, len(story.marker.rstrip())),
                message=_fault(story.marker),
                hint=f"write “{mark}{story.number}. ”: a full stop and one space",
            )


def _fault(marker: str) -> str:
    if _STYLE.fullmatch(f"{marker.rstrip()} "):  # all is well but what cannot be seen
        spaces = len(marker) - len(marker.rstrip())
        found = f"are {spaces} spaces" if spaces else "is no space"
        return f"there {found} after the number"
    return f"the number is written “{marker.strip()}”"


RULE = Rule(
    code="S011",
    slug="headline-number-style",
    summary="A headline's number is written `1. `, marked with `## `.",
    severity=Severity.WARNING,
    check=check,
)
