"""Half of all readers see an image late or never: its alt text is what they have of it."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.issue_links import images_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, plain_spaces


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if not issue.stories or "![" not in issue.source.text:
        return
    for image, span in images_of(issue):
        if not plain_spaces(image.alt).strip():
            hint = "say in the square brackets what it shows: ![words](https://…)"
            yield Finding(span=span, message="the image has no alt text", hint=hint)


RULE = Rule(
    code="M005",
    slug="image-alt",
    summary="An image has alt text.",
    severity=Severity.ERROR,
    check=check,
)
