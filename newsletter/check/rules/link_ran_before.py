"""A link that ran in an earlier issue: an old story come round again, or a link not changed."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.issue_links import links_of
from newsletter.check.memory import PastStory
from newsletter.check.rule import Context, Rule
from newsletter.check.web_address import canonical_address, is_front_page, is_web_address
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    """The latest issue it ran in is named. Needs earlier issues."""
    if not context.past:
        return
    ran: dict[str, PastStory] = {}
    for past in context.past:
        for href in past.links:
            ran.setdefault(canonical_address(href), past)
    for link in links_of(issue):
        before = ran.get(canonical_address(link.href)) if link.story else None
        if before is None or link.href.startswith(context.house.allowed_links):
            continue
        if is_web_address(link.href) and not is_front_page(link.href):
            message = f"this link ran in {before.issue}{_in_story(before)}"
            yield Finding(span=link.span, message=message, hint="link to what is new")


def _in_story(past: PastStory) -> str:
    return "" if past.number is None else f", story {past.number}"


RULE = Rule(
    code="R001",
    slug="link-ran-before",
    summary="A link did not run in one of the last issues.",
    severity=Severity.WARNING,
    check=check,
)
