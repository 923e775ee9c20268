"""An intro of many paragraphs is most often what a paste brought along: a byline, buttons."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    most = context.house.lengths.intro_blocks
    shown = [block for block in issue.intro if not block.comment]
    if issue.stories and len(shown) > most:
        yield Finding(
            span=shown[0].span,
            message=f"the intro has {len(shown)} paragraphs",
            hint="take out what was pasted along with it, such as a byline or “Share”, or change "
            "[house.lengths] intro_blocks in newsletter.toml",
        )


RULE = Rule(
    code="S020",
    slug="intro-length",
    summary="The intro is a paragraph or a few.",
    severity=Severity.WARNING,
    check=check,
)
