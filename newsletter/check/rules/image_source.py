"""A mail program fetches images from the web: it has no folder to look into."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.issue_links import images_of
from newsletter.check.near_links import is_near_link
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if not issue.stories or "![" not in issue.source.text:
        return
    for image, span in images_of(issue):
        message = _fault(image.src.lower())
        if message and not is_near_link(issue, span):
            hint = "put it on the web and write its https:// address"
            yield Finding(span=span, message=message, hint=hint)


def _fault(src: str) -> str:
    if src.startswith(("https://", "http://")):
        return ""
    if src.startswith("data:"):
        return "the image is written into the issue, which many mail programs do not show"
    return "the image has no https:// address"


RULE = Rule(
    code="M006",
    slug="image-source",
    summary="An image is on the web.",
    severity=Severity.ERROR,
    check=check,
)
