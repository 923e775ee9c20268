"""An image that is a file is there, and can be made into what mail programs show."""

from collections.abc import Iterator
from urllib.parse import unquote

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.issue_links import images_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue
from newsletter.pictures import PictureFault


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if not issue.stories or not context.pictures:
        return
    for image, span in images_of(issue):
        outcome = context.pictures.get(image.src)
        if isinstance(outcome, PictureFault):
            message = f"the image {unquote(image.src)} {outcome.what}"
            yield Finding(span=span, message=message, hint=outcome.next_step)


RULE = Rule(
    code="M013",
    slug="image-file",
    summary="The file of an image is there, and is a picture that can be shown.",
    severity=Severity.ERROR,
    check=check,
)
