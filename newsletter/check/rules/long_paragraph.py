"""A paragraph that fills a telephone's screen twice is not read; often a line end was lost."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Block, Issue, Paragraph

_TARGET = re.compile(r"\]\([^()\s]++(?: \"[^\"\n]*+\")?\)")


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if not issue.stories:
        return
    most = context.house.lengths.paragraph
    for block in issue.blocks():
        if len(block.markdown) > most and (count := _characters(block)) > most:
            yield Finding(
                span=block.span,
                message=f"the paragraph has {count:,} characters",
                hint=f"begin a new one after a sentence, {most:,} are plenty, or change "
                "[house.lengths] paragraph in newsletter.toml",
            )


def _characters(block: Block) -> int:
    """Of a paragraph, nearly as readers see it; a list or a quote has other shapes to it."""
    match block.nodes:
        case (Paragraph(),) if not block.comment:
            return len(_TARGET.sub("", block.markdown))
        case _:
            return 0


RULE = Rule(
    code="T014",
    slug="long-paragraph",
    summary="A paragraph is short enough to be read on a telephone.",
    severity=Severity.WARNING,
    check=check,
)
