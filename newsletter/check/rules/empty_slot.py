"""The slots that `newsletter new` leaves, an ellipsis each, must not reach a reader."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.check.slots import SLOT, is_slot
from newsletter.issue import Issue, Line, Story


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    for key in ("subject", "preheader", "author", "correction"):
        entry = issue.front_matter.get(key)
        if entry and is_slot(entry.value):
            span = entry.value_span if entry.value else entry.key_span
            message = f"the {key} is not written yet"
            yield Finding(span=span, message=message, hint="write it, or take the line out")
    if issue.title and issue.stories and _has_slot(issue.title, context.house.titles):
        message = "the title has an empty slot"
        yield Finding(span=issue.title.span, message=message, hint=f"put words for the “{SLOT}”")
    intro = [block for block in issue.intro if not block.comment]
    if issue.stories and intro and is_slot(issue.intro_text):
        message = "the intro is not written yet"
        yield Finding(span=intro[0].span, message=message, hint=f"put an intro for the “{SLOT}”")
    for place, story in enumerate(issue.stories, start=1):
        yield from _in_story(story, story.number or place)


def _in_story(story: Story, number: int) -> Iterator[Finding]:
    """One finding is enough for a story of which nothing is written."""
    if is_slot(story.headline.text):
        message = f"the headline of story {number} is not written yet"
        yield Finding(span=story.span, message=message, hint=f"put a headline for the “{SLOT}”")
    elif story.text.strip() and is_slot(story.text):
        message = f"the text of story {number} is not written yet"
        span = story.paragraphs[0].span
        yield Finding(span=span, message=message, hint=f"put a paragraph for the “{SLOT}”")


def _has_slot(title: Line, titles: tuple[str, ...]) -> bool:
    """Whether the title is a slot, or a house title as it was laid out, slot and all."""
    if SLOT not in title.text and "..." not in title.text:
        return False
    return is_slot(title.text) or any(
        re.fullmatch(_as_laid_out(pattern), title.text) for pattern in titles if "*" in pattern
    )


def _as_laid_out(pattern: str) -> str:
    return re.escape(pattern).replace(r"\{count\}", r"\S+").replace(r"\*", SLOT)


RULE = Rule(
    code="S015",
    slug="empty-slot",
    summary="No slot of a new issue is left empty.",
    severity=Severity.ERROR,
    check=check,
)
