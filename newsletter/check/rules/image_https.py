"""Many mail programs fetch nothing by http, and what they fetch by it can be changed on its way."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.issue_links import images_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if not issue.stories or "![" not in issue.source.text:
        return
    for image, span in images_of(issue):
        if image.src[:7].lower() == "http://":
            message = "the image is fetched by http, not https"
            yield Finding(span=span, message=message, hint="try it with https:// in a browser")


RULE = Rule(
    code="M012",
    slug="image-https",
    summary="An image is fetched by https.",
    severity=Severity.WARNING,
    check=check,
)
