"""Which number is missing, used twice or out of order, and where."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    present = {story.number for story in issue.stories}
    seen: set[int] = set()
    for place, story in enumerate(issue.stories, start=1):
        message = _fault(story.number, seen, present)
        if message:
            yield Finding(span=story.span, message=message, hint=f"this is story {place} in order")
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


RULE = Rule(
    code="S008",
    slug="story-numbering",
    summary="Stories are numbered 1, 2, 3 without gap or repeat.",
    severity=Severity.ERROR,
    check=check,
)
