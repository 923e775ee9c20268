"""The blanks of a new issue, an ellipsis each, must not reach a reader."""

import re
from collections.abc import Iterator

from newsletter.check.blanks import BLANK, is_blank
from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, Line, Story


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    for key in ("subject", "preheader", "author", "correction"):
        entry = issue.front_matter.get(key)
        if entry and is_blank(entry.value):
            span = entry.value_span if entry.value else entry.key_span
            message = f"the {key} is not written yet"
            yield Finding(span=span, message=message, hint="write it, or take the line out")
    if issue.title and issue.stories and _has_blank(issue.title, context.house.titles):
        message = "the title has an empty slot"
        yield Finding(
            span=issue.title.span, message=message, hint=f"replace the “{BLANK}” with words"
        )
    intro = [block for block in issue.intro if not block.comment]
    if issue.stories and intro and is_blank(issue.intro_text):
        message = "the intro is not written yet"
        yield Finding(
            span=intro[0].span, message=message, hint=f"replace the “{BLANK}” with an intro"
        )
    for place, story in enumerate(issue.stories, start=1):
        yield from _in_story(story, story.number or place)


def _in_story(story: Story, number: int) -> Iterator[Finding]:
    """One finding is enough for a story of which nothing is written."""
    if is_blank(story.headline.text):
        message = f"the headline of story {number} is not written yet"
        yield Finding(
            span=story.span, message=message, hint=f"replace the “{BLANK}” with a headline"
        )
    elif story.text.strip() and is_blank(story.text):
        message = f"the text of story {number} is not written yet"
        span = story.paragraphs[0].span
        yield Finding(span=span, message=message, hint=f"replace the “{BLANK}” with a paragraph")


def _has_blank(title: Line, titles: tuple[str, ...]) -> bool:
    """Whether the title is a blank, or a house title as it was laid out, blank and all."""
    if BLANK not in title.text and "..." not in title.text:
        return False
    return is_blank(title.text) or any(
        re.fullmatch(_as_laid_out(pattern), title.text) for pattern in titles if "*" in pattern
    )


def _as_laid_out(pattern: str) -> str:
    return re.escape(pattern).replace(r"\{count\}", r"\S+").replace(r"\*", BLANK)


RULE = Rule(
    code="S015",
    slug="empty-slot",
    summary="No slot of a new issue is left empty.",
    severity=Severity.ERROR,
    check=check,
)
