"""A mail program fetches images from the web, where those of our own folder are put for it."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.issue_links import images_of
from newsletter.check.near_links import is_near_link
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue
from newsletter.pictures import FOLDER, is_source

_STEPS = re.compile(r"^(?:\.{0,2}/)+")
_HINT = f"put the file in {FOLDER}/ and write {FOLDER}/name.jpg, or give its https:// address"


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if not issue.stories or "![" not in issue.source.text:
        return
    for image, span in images_of(issue):
        message = _fault(image.src)
        if message and not is_near_link(issue, span):
            yield Finding(span=span, message=message, hint=_hint(image.src))


def _fault(src: str) -> str:
    if is_source(src) or src.lower().startswith(("https://", "http://")):
        return ""
    if src.lower().startswith("data:"):
        return "the image is written into the issue, which many mail programs do not show"
    return f"the image is neither on the web nor a file in {FOLDER}/"


def _hint(src: str) -> str:
    """Editors' previews want a path from the issue's own folder."""
    meant = _STEPS.sub("", src, count=1)
    if is_source(meant):
        return f"write {meant}: files are named from newsletter.toml's folder"
    return _HINT


RULE = Rule(
    code="M006",
    slug="image-source",
    summary=f"An image is on the web, or a file in {FOLDER}/.",
    severity=Severity.ERROR,
    check=check,
)
