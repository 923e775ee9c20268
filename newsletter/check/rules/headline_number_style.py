"""One way to write a number; a non-breaking space after the full stop counts as a space."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, Story

_STYLE = re.compile(r"(?:## )?\d+\.[ \u00a0\u202f]")


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    for story in issue.stories:
        if story.number is not None and not _STYLE.fullmatch(story.marker):
            marker = f"{'## ' if '#' in story.marker else ''}{story.number}. "
            yield Finding(
                span=issue.source.span(story.span.line, 1, len(story.marker.rstrip())),
                message=_fault(story.marker),
                hint=f"write “{marker}”: a full stop and one space",
                fix=Fix(title=f"Write “{marker}”", edits=tuple(_edits(issue, story, marker))),
            )


def _edits(issue: Issue, story: Story, marker: str) -> Iterator[Edit]:
    """The marker anew. A bold that opens in it ends with the line, or goes on in the words."""
    source, place = issue.source, story.span
    end = story.headline.span.end_column
    is_open = story.marker.count("**") == 1
    closing = source.line(place.line)[end - 1 :].rstrip() == "**"
    kept = "**" if is_open and not closing else ""
    yield Edit(span=source.span(place.line, 1, len(story.marker)), text=marker + kept)
    if is_open and closing:
        yield Edit(span=source.span(place.line, end, len("**")), text="")


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
