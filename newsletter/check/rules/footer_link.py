"""By the footer's link a reader whom an issue was forwarded to joins; a wrong one loses them."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.issue_links import Part, PlacedLink, links_of
from newsletter.check.rule import Context, Rule
from newsletter.check.web_address import canonical_address, place_of_address
from newsletter.issue import Issue, Source

_ADDRESS = re.compile(r"https?://[^\s<>()\[\]]*[^\s<>()\[\].,;:!?’”\"']", re.IGNORECASE)
_FITS_BRACKETS = re.compile(r"[^\s()<>]+")


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    wanted = context.house.footer_link
    if wanted is None or issue.footer is None or not issue.stories:
        return
    links = [link for link in links_of(issue) if link.part is Part.FOOTER]
    found = [link.href for link in links] + _ADDRESS.findall(issue.footer.text)
    if any(_key(href) == _key(wanted) for href in found):
        return
    hint = f"let it lead to {wanted}, or change [house] footer_link in newsletter.toml"
    if not found:
        yield Finding(span=issue.footer.span, message="the footer has no link", hint=hint)
        return
    span = links[0].span if links else issue.footer.span
    message = f"the footer leads to {found[0]}"
    fix = _fix(issue.source, links[0], wanted) if len(found) == 1 and links else None
    yield Finding(span=span, message=message, hint=hint, fix=fix)


def _key(address: str) -> tuple[str, str]:
    """A sign-up form may be a place on a page, so the fragment counts here."""
    return canonical_address(address), address.partition("#")[2]


def _fix(source: Source, link: PlacedLink, wanted: str) -> Fix | None:
    place = place_of_address(source, link.span, link.href)
    if place is None or not _FITS_BRACKETS.fullmatch(wanted):
        return None
    return Fix(title="Put the house's link", edits=(Edit(span=place, text=wanted),))


RULE = Rule(
    code="L007",
    slug="footer-link",
    summary="The footer's link leads where the house format says.",
    severity=Severity.WARNING,
    check=check,
)
