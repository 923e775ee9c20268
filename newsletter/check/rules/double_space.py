"""One space between words: a second one, or a non-breaking one beside it, shows as a gap."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.prose import prose_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue

_MAYBE = re.compile(r"[ \u00a0\u202f]{2}")
_DOUBLE = re.compile(r"(?<=\S)[ \u00a0\u202f]{2,}+(?=\S)")


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if not issue.stories or not _may_have_any(issue.source.text):
        return
    for prose in prose_of(issue, _MAYBE):
        for match in _DOUBLE.finditer(prose.text):
            span = prose.span(match.start(), match.end())
            if span.end_column - span.column != len(match[0]):
                continue  # what stood between them is not shown, a comment for one
            yield Finding(
                span=span,
                message=f"there are {len(match[0])} spaces",
                hint="one is enough" if match[0].isascii() else "one of them cannot be seen",
                fix=Fix(title="Leave one space", edits=(Edit(span=span, text=" "),)),
            )


def _may_have_any(text: str) -> bool:
    """A quick look: looking for a text is many times faster than looking for a pattern."""
    has_fixed = "\u00a0" in text or "\u202f" in text
    return "  " in text or (has_fixed and _MAYBE.search(text) is not None)


RULE = Rule(
    code="T005",
    slug="double-space",
    summary="There is one space between words.",
    severity=Severity.INFO,
    check=check,
)
