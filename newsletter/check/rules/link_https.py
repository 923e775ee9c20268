"""An http link can be read and changed on its way, and browsers warn of it."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.issue_links import links_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if not issue.stories:
        return
    for link in links_of(issue):
        is_http = link.href[:7].lower() == "http://"
        if is_http and not link.href.startswith(context.house.allowed_links):
            # No fix: whether the site answers under https too, only asking it would tell.
            hint = "try it with https:// in a browser"
            yield Finding(span=link.span, message="the link is http, not https", hint=hint)


RULE = Rule(
    code="L002",
    slug="link-https",
    summary="A link to the web is https.",
    severity=Severity.WARNING,
    check=check,
)
