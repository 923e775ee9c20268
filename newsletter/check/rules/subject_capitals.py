"""A subject in capitals shouts, and filters take it for what usually shouts."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.inbox_lines import subject_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue

_MAX_WORDS = 3
"""Three names in a row that are written in capitals are no shouting."""
_WORD = re.compile(r"[^\W\d_]{2,}")


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    subject = subject_of(issue)
    if subject is None or not issue.stories:
        return
    words = _WORD.findall(subject.text)
    if len(words) > _MAX_WORDS and all(word.isupper() for word in words):
        message = "the subject is all in capitals"
        yield Finding(span=subject.span, message=message, hint=subject.hint)


RULE = Rule(
    code="M003",
    slug="subject-capitals",
    summary="A subject does not shout.",
    severity=Severity.WARNING,
    check=check,
)
