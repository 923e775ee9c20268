"""Two full stops are one too many; three are an ellipsis, and "?.." is one in some languages."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Fix, Severity
from newsletter.check.prose import prose_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue

_MAYBE = re.compile(r"\.(?:[.*_\\]|\]\()")
_DOUBLED = re.compile(r"(?<![.…?!/\\])\.\.(?![.…/\\])(?!(?<=\d\.\.)\d)")


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if not issue.stories or not _MAYBE.search(issue.source.text):
        return
    for prose in prose_of(issue, _MAYBE):
        for match in _DOUBLED.finditer(prose.text):
            yield Finding(
                span=prose.span(match.start(), match.end()),
                message="there are two full stops",
                hint="leave one out",
                fix=Fix(title="Leave one full stop out", edits=(prose.without(match.end() - 1),)),
            )


RULE = Rule(
    code="T004",
    slug="doubled-full-stop",
    summary="A full stop stands alone, or is one of three.",
    severity=Severity.WARNING,
    check=check,
)
