"""A screen reader lists the links alone: five times "click here" is no list."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.issue_links import Part, links_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, plain_inlines

_PROSE = (Part.HEAD, Part.STORY, Part.SPONSOR)
_ROUND = " \t\n.,;:!?…()[]<>«»‹›“”\"'’→➔►-–—*"


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    """The footer's link text is the house's own and not looked at."""
    if not issue.stories:
        return
    house = context.house
    generic = {text.casefold() for text in house.generic_texts}
    for link in links_of(issue):
        if link.part not in _PROSE or link.href.startswith(house.allowed_links):
            continue
        words = " ".join(plain_inlines(link.link.children).split())
        if not words and not link.is_picture:
            hint = "say where it leads"
            yield Finding(span=link.span, message="the link has no words", hint=hint)
        elif words.casefold().strip(_ROUND) in generic:
            message = f"the link text “{words}” does not say where it leads"
            hint = "link the words that say it, or add what there is to read"
            yield Finding(span=link.span, message=message, hint=hint)


RULE = Rule(
    code="L004",
    slug="link-text",
    summary="A link's text says where it leads.",
    severity=Severity.WARNING,
    check=check,
)
