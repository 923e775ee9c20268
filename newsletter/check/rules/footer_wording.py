"""The footer's words are fixed; its link may be Markdown, an address, or lost in pasting."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, plain_spaces

_LINK = re.compile(r"[<(]?https?://[^\s<>]*[^\s<>.,;:!?)][>)]?")
_AND_LINK = re.compile(r"here[:\s–-]+here")


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if issue.footer is None:
        return
    wanted, found = _words(context.house.footer), _words(issue.footer.text)
    if found == wanted:
        return
    if found.rstrip(".") == wanted.rstrip("."):
        lacks = wanted.endswith(".")
        message = "the footer lacks its full stop" if lacks else "the footer ends in a full stop"
    else:
        message = "the footer is not worded as the house format says"
    hint = f"write “{context.house.footer}”, with the link where it was"
    yield Finding(span=issue.footer.span, message=message, hint=hint)


def _words(text: str) -> str:
    """The words alone: a link may have come through as its address, or not at all."""
    plain = _LINK.sub("here", plain_spaces(text).replace("’", "'"))
    return " ".join(_AND_LINK.sub("here", plain).split())


RULE = Rule(
    code="S012",
    slug="footer-wording",
    summary="The footer says what the house format says.",
    severity=Severity.WARNING,
    check=check,
)
