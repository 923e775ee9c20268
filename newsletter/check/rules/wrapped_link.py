"""A link that goes by way of a mail filter or a search engine sends every reader there first."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.issue_links import images_of, links_of
from newsletter.check.rule import Context, Rule
from newsletter.check.web_address import place_of_address
from newsletter.issue import Issue, Source, Span
from newsletter.wrapped_links import unwrapped, wrapper_of


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if not issue.stories:
        return
    allowed = context.house.allowed_links
    for kind, address, span in _addresses(issue):
        host = wrapper_of(address)
        if host is None or address == context.house.footer_link or address.startswith(allowed):
            continue
        target = unwrapped(address)
        is_told = target != address
        yield Finding(
            span=span,
            message=f"the {kind} goes by way of {host}",
            hint=(
                f"the page itself is {target}"
                if is_told
                else "open it, and copy the address of the page where you arrive"
            ),
            fix=_fix(issue.source, span, address, target) if is_told else None,
        )


def _addresses(issue: Issue) -> Iterator[tuple[str, str, Span]]:
    yield from (("link", link.href, link.span) for link in links_of(issue))
    yield from (("picture", image.src, span) for image, span in images_of(issue))


def _fix(source: Source, span: Span, address: str, target: str) -> Fix | None:
    place = place_of_address(source, span, address)
    if place is None:
        return None
    return Fix(title="Link the page itself", edits=(Edit(span=place, text=target),))


RULE = Rule(
    code="L010",
    slug="wrapped-link",
    summary="A link leads straight to its page.",
    severity=Severity.WARNING,
    check=check,
)
