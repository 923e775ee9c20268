"""One kind of apostrophe. Nearly every real issue mixes the two, so this is off by default."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.prose import prose_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue

_STRAIGHT = re.compile(r"'(?<=[^\W\d_]')(?=[^\W\d_])")
_CURLY = re.compile(r"’(?<=[^\W\d_]’)(?=[^\W\d_])")


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if not issue.stories or "'" not in issue.source.text or not _CURLY.search(issue.source.text):
        return
    for prose in prose_of(issue, _STRAIGHT):
        for match in _STRAIGHT.finditer(prose.text):
            span = prose.span(match.start(), match.end())
            yield Finding(
                span=span,
                message="this apostrophe is straight, others are curly",
                hint="write ’",
                fix=Fix(title="Write ’", edits=(Edit(span=span, text="’"),)),
            )


RULE = Rule(
    code="T007",
    slug="apostrophes",
    summary="Apostrophes are of one kind throughout.",
    severity=Severity.INFO,
    check=check,
)
