"""Which number is missing, used twice or out of order, and where."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, Story

_NUMBER = re.compile(r"\d+")


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    present = {story.number for story in issue.stories}
    seen: set[int] = set()
    fix: Fix | None = None
    for place, story in enumerate(issue.stories, start=1):
        message = _fault(story.number, seen, present)
        if message:
            fix = fix or _renumbering(issue, context)
            hint = f"this is story {place} in order"
            yield Finding(span=story.span, message=message, hint=hint, fix=fix)
        if story.number is not None:
            seen.add(story.number)


def _fault(number: int | None, seen: set[int], present: set[int | None]) -> str:
    """What is wrong with one number, given those before it and all there are."""
    if number is None:
        return "the headline has no number"
    if number in seen:
        return f"the number {number} is used twice"
    missing = [n for n in range(max(seen, default=0) + 1, number) if n not in present]
    if missing:
        which = ", ".join(map(str, missing))
        return f"story {which} is missing: {number} follows {max(seen, default='the intro')}"
    if number < max(seen, default=0) or number - 1 not in seen | {0}:
        return f"the number {number} is out of order"
    return ""


def _renumbering(issue: Issue, context: Context) -> Fix | None:
    """Safe where no story is lost: then the place of each says its number."""
    least, most = context.house.stories
    if not least <= len(issue.stories) <= most:
        return None
    edits = [
        _edit(issue, story, place)
        for place, story in enumerate(issue.stories, start=1)
        if story.number != place
    ]
    return Fix(title="Renumber the stories in order", edits=tuple(edits))


def _edit(issue: Issue, story: Story, number: int) -> Edit:
    line, found = story.span.line, _NUMBER.search(story.marker)
    if found is None:
        return Edit(span=issue.source.span(line, len(story.marker) + 1, 0), text=f"{number}. ")
    return Edit(span=issue.source.span(line, found.start() + 1, len(found[0])), text=str(number))


RULE = Rule(
    code="S008",
    slug="story-numbering",
    summary="Stories are numbered 1, 2, 3 without gap or repeat.",
    severity=Severity.ERROR,
    check=check,
)
