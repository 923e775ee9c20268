"""A headline alone is a story that got lost, often an embedded post that was not pasted along."""

from collections.abc import Iterator

from newsletter.check.blanks import is_to_be_written
from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Block, Issue, shorten


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    """A story whose very headline is still to be written is reported for that."""
    for story in issue.stories:
        if is_to_be_written(story, context.house):
            continue
        if not any(map(_says_something, story.paragraphs)) and not story.images:
            yield Finding(
                span=story.span,
                message=f"the story “{shorten(story.headline.text, 50)}” has no text",
                hint="write at least one paragraph below the headline",
            )


def _says_something(block: Block) -> bool:
    """Nearly always seen from the first letter of the block, and no text need be made of it."""
    return block.markdown[:1].isalpha() or bool(block.text.strip())


RULE = Rule(
    code="S009",
    slug="story-without-body",
    summary="Every story has text below its headline.",
    severity=Severity.ERROR,
    check=check,
)
