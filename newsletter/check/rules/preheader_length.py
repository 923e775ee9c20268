"""Inboxes fill a short preheader up with whatever comes next, and cut a long one."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.inbox_lines import preheader_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    preheader = preheader_of(issue)
    least, most = context.house.lengths.preheader
    if preheader and issue.stories and not least <= len(preheader.text) <= most:
        length = len(preheader.text)
        message = f"the preheader has {length} characters; {least} to {most} are good"
        yield Finding(span=preheader.span, message=message, hint=preheader.hint)


RULE = Rule(
    code="M004",
    slug="preheader-length",
    summary="A preheader has a good length.",
    severity=Severity.INFO,
    check=check,
)
