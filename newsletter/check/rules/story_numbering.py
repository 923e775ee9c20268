"""Which number is missing, used twice or out of order, and where."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.heading_marks import hides_headlines
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, Story, begins_with_number

_NUMBER = re.compile(r"\d+")


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    found = tuple(_found(issue, context))
    if found and not hides_headlines(issue):
        yield from found


def _found(issue: Issue, context: Context) -> Iterator[Finding]:
    present = {story.number for story in issue.stories}
    seen: set[int] = set()
    fix: Fix | None = None
    for place, story in enumerate(issue.stories, start=1):
        message = _fault(story.number, seen, present)
        if message:
            fix = fix or _renumbering(issue, context)
            hint = _hint(story, place, is_gap="missing" in message)
            yield Finding(span=story.span, message=message, hint=hint, fix=fix)
        if story.number is not None:
            seen.add(story.number)


def _hint(story: Story, place: int, *, is_gap: bool) -> str:
    hint = f"this is story {place} in order"
    if is_gap:
        return f"write it, or renumber: {hint}"
    if _has_own_number(story):
        return f"{hint}: write “{place}. ” before it, or in the place of the number there"
    return hint


def _has_own_number(story: Story) -> bool:
    """Whether the words open with a number, which may be meant as the story's."""
    return story.number is None and begins_with_number(story.headline.text)


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
        if story.number != place and not _has_own_number(story)
    ]
    return Fix(title="Renumber the stories in order", edits=tuple(edits)) if edits else None


def _edit(issue: Issue, story: Story, number: int) -> Edit:
    """The digits alone; a number without digits (`III.`, `③`) is written anew."""
    line, marker = story.span.line, story.marker
    if story.number is None:
        return Edit(span=issue.source.span(line, len(marker) + 1, 0), text=f"{number}. ")
    if found := _NUMBER.search(marker):
        return Edit(
            span=issue.source.span(line, found.start() + 1, len(found[0])), text=str(number)
        )
    start = len(marker) - len(marker.lstrip(" \t#*_"))
    return Edit(span=issue.source.span(line, start + 1, len(marker) - start), text=f"{number}. ")


RULE = Rule(
    code="S008",
    slug="story-numbering",
    summary="Stories are numbered 1, 2, 3 without gap or repeat.",
    severity=Severity.ERROR,
    check=check,
)
