"""Tracking parameters pasted along tell others where their readers come from, and look shady."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.issue_links import Part, links_of
from newsletter.check.rule import Context, Rule
from newsletter.check.web_address import (
    is_web_address,
    place_of_address,
    tracking_parameters,
    without_tracking,
)
from newsletter.issue import Issue, Source, Span


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    """A sponsor's links are as the sponsor wants them."""
    if not issue.stories:
        return
    house = context.house
    for link in links_of(issue):
        href = link.href
        if link.part is Part.SPONSOR:
            continue
        if "?" not in href or href == house.footer_link or href.startswith(house.allowed_links):
            continue
        if is_web_address(href) and (names := tracking_parameters(href)):
            count = "a tracking parameter" if len(names) == 1 else "tracking parameters"
            yield Finding(
                span=link.span,
                message=f"the link carries {count}: {', '.join(names)}",
                hint="the link works just as well without",
                fix=_fix(issue.source, link.span, href),
            )


def _fix(source: Source, span: Span, href: str) -> Fix | None:
    place = place_of_address(source, span, href)
    if place is None:
        return None
    edit = Edit(span=place, text=without_tracking(href))
    return Fix(title="Remove the tracking parameters", edits=(edit,))


RULE = Rule(
    code="L005",
    slug="tracking-parameters",
    summary="Links carry no tracking parameters.",
    severity=Severity.WARNING,
    check=check,
)
