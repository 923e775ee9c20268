"""Gmail cuts a long mail short, and the footer with its unsubscribe link is what is lost."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.html_weight import weigh
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    weight = weigh(issue, context)
    if weight and weight.share >= 1:
        hint = "shorten that story: Gmail cuts off the rest, and the footer with it"
        yield Finding(span=weight.span, message=weight.words, hint=hint)


RULE = Rule(
    code="M010",
    slug="html-too-large",
    summary="The e-mail's HTML fits its budget.",
    severity=Severity.ERROR,
    check=check,
)
