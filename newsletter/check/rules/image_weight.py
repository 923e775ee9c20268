"""A heavy image comes late on a telephone, or not at all: most readers pay for it in patience."""

from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.issue_links import images_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue
from newsletter.pictures import Picture

MOST = 500_000
"""Octets as readers get them; a photograph as wide as the e-mail has 100,000 to 300,000."""


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if not issue.stories or not context.pictures:
        return
    for image, span in images_of(issue):
        outcome = context.pictures.get(image.src)
        if isinstance(outcome, Picture) and len(outcome.octets) > MOST:
            yield Finding(
                span=span,
                message=f"the image has {len(outcome.octets):,} bytes as readers get it, "
                f"and more than {MOST:,} come late on a telephone",
                hint=_hint(outcome),
            )


def _hint(picture: Picture) -> str:
    if picture.media_type == "image/png":
        return "save it as JPEG if it is a photograph, or with fewer colours"
    return "cut it to what matters, or make it smaller"


RULE = Rule(
    code="M014",
    slug="image-weight",
    summary="An image is light enough to be there when a reader looks.",
    severity=Severity.WARNING,
    check=check,
)
