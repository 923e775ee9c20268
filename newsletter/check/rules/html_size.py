"""Gmail cuts a long mail short, and the footer with its unsubscribe link is what is lost."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.html_weight import NEAR_BUDGET, weigh
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    """From all of the budget on, html-too-large speaks."""
    weight = weigh(issue, context)
    if weight and NEAR_BUDGET <= weight.share < 1:
        hint = "shorten that story before it is too much"
        yield Finding(span=weight.span, message=weight.words, hint=hint)


RULE = Rule(
    code="M009",
    slug="html-size",
    summary="The e-mail's HTML keeps well within its budget.",
    severity=Severity.WARNING,
    check=check,
)
