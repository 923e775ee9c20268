"""The same link under two stories is most often the one above, pasted again."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.issue_links import PlacedLink, links_of
from newsletter.check.rule import Context, Rule
from newsletter.check.web_address import canonical_address, is_front_page, is_web_address
from newsletter.issue import Issue


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    """In one story, a picture may lead where its words lead."""
    seen: dict[str, list[PlacedLink]] = {}
    for link in links_of(issue):
        href = link.href
        if not link.story or not is_web_address(href) or is_front_page(href):
            continue
        if href.startswith(context.house.allowed_links):
            continue
        earlier = seen.setdefault(canonical_address(href), [])
        other = next((each for each in earlier if _is_repeated(each, link)), None)
        # Where a later one of its kind would be repeated, the first one is.
        if all(each.is_picture != link.is_picture for each in earlier):
            earlier.append(link)
        if other:
            number = issue.stories[other.story - 1].number or other.story
            where = "this story" if other.story == link.story else f"story {number}"
            message = f"the same link is already in {where}"
            yield Finding(span=link.span, message=message, hint="give each story its own link")


def _is_repeated(one: PlacedLink, other: PlacedLink) -> bool:
    return one.story != other.story or one.is_picture == other.is_picture


RULE = Rule(
    code="L006",
    slug="link-repeated",
    summary="A link is in the stories only once.",
    severity=Severity.WARNING,
    check=check,
)
