"""A note to colleagues that never ends is no comment, and every reader gets it."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.loose_text import loose_text, parts_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue

_OPENING = re.compile(r"<![ ]?-{1,2}")


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if not issue.stories or "<!" not in issue.source.text:
        return
    for part in parts_of(issue):
        if "<!" not in part.markdown:
            continue
        loose = loose_text(part)
        if match := _OPENING.search(loose.text):
            is_right = match[0] == "<!--"
            yield Finding(
                span=loose.place(*match.span()),
                message="this comment is not closed, and would be mailed"
                if is_right
                else "this is no comment, and would be mailed",
                hint="end it in --> before the next blank line"
                if is_right
                else "a comment begins with <!-- and ends in -->",
            )


RULE = Rule(
    code="S018",
    slug="comment-not-closed",
    summary="A comment ends.",
    severity=Severity.ERROR,
    check=check,
)
