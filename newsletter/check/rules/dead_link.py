"""A mistyped link, or one whose page is gone, looks like any other until somebody follows it."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.issue_links import links_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    """The asking is done before, with `newsletter check --online` only."""
    if not context.dead_links or not issue.stories:
        return
    for link in links_of(issue):
        reason = context.dead_links.get(link.href)
        if reason:
            hint = "try it in a browser"
            yield Finding(span=link.span, message=f"the link is dead: {reason}", hint=hint)


RULE = Rule(
    code="L008",
    slug="dead-link",
    summary="A link leads to a page that is there.",
    severity=Severity.WARNING,
    check=check,
)
