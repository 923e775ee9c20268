"""One way to write a number; a non-breaking space after the full stop counts as a space."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, Story

_STYLE = re.compile(r"(?:## )?[0-9]+\.[ \u00a0\u202f]")
_HEADING = re.compile(r"\s*(?:#{1,6}\s|##)")
_GLUED = re.compile(r"\s*#{2,6}(?=\d)")
_BOLD = ("**", "__")


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    is_marked = any(_HEADING.match(story.marker) for story in issue.stories)
    for story in issue.stories:
        has_mark = _HEADING.match(story.marker) is not None
        if story.number is None:
            continue
        if not _STYLE.fullmatch(story.marker) or has_mark is not is_marked:
            marker = f"{'## ' if is_marked else ''}{story.number}. "
            yield Finding(
                span=issue.source.span(story.span.line, 1, len(story.marker.rstrip())),
                message=_fault(story.marker, has_mark=has_mark),
                hint=f"write “{marker}”: a full stop and one space",
                fix=Fix(title=f"Write “{marker}”", edits=tuple(_edits(issue, story, marker))),
            )


def _edits(issue: Issue, story: Story, marker: str) -> Iterator[Edit]:
    """The marker anew. A bold that opens in it ends with the line, or goes on in the words."""
    source, place = issue.source, story.span
    end = story.headline.span.end_column
    bold = next((mark for mark in _BOLD if story.marker.count(mark) == 1), "")
    closing = bool(bold) and source.line(place.line)[end - 1 :].rstrip() == bold
    kept = "" if closing else bold
    yield Edit(span=source.span(place.line, 1, len(story.marker)), text=marker + kept)
    if closing:
        yield Edit(span=source.span(place.line, end, len(bold)), text="")


def _fault(marker: str, *, has_mark: bool) -> str:
    if _STYLE.fullmatch(marker) and not has_mark:
        return "the headline is not marked with “## ”, as others are"
    if _STYLE.fullmatch(f"{marker.rstrip()} "):  # all is well but what cannot be seen
        spaces = len(marker) - len(marker.rstrip())
        found = f"are {spaces} spaces" if spaces else "is no space"
        return f"there {found} after the number"
    if _GLUED.match(marker):
        return "there is no space after the headline’s “##”"
    return f"the number is written “{marker.strip()}”"


RULE = Rule(
    code="S011",
    slug="headline-number-style",
    summary="A headline's number is written `1. `, marked with `## `.",
    severity=Severity.WARNING,
    check=check,
)
