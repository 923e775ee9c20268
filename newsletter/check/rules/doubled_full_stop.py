"""Two full stops are one too many; three are an ellipsis, and "?.." is one in some languages.

Between two words or figures without a space they are a range, as in "a..b", unless a sentence ends
there and another begins; in brackets they stand for what was left out.
"""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Fix, Severity
from newsletter.check.prose import prose_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue

_MAYBE = re.compile(r"\.(?:[.*_\\]|\]\()")
_DOUBLED = re.compile(r"(?<![.…?!/\\])\.\.(?![.…/\\])")
_RANGE_BEGINS, _RANGE_ENDS = ")]}", "([{<="


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if not issue.stories or not _MAYBE.search(issue.source.text):
        return
    for prose in prose_of(issue, _MAYBE):
        for match in _DOUBLED.finditer(prose.text):
            if _is_meant(prose.text[match.start() - 1 : match.end() + 1]):
                continue
            yield Finding(
                span=prose.span(match.start(), match.end()),
                message="there are two full stops",
                hint="leave one out",
                fix=Fix(title="Leave one full stop out", edits=(prose.without(match.end() - 1),)),
            )


def _is_meant(text: str) -> bool:
    """Whether two stops, with what stands on either side, are a range or an omission."""
    before, after = text[0], text[-1]
    if len(text) < 4 or before in "([" or after in ")]":
        return len(text) == 4 and before in "([" and after in ")]"
    is_sentence = before.islower() and after.isupper()
    begins = before.isalnum() or before in _RANGE_BEGINS
    return begins and (after.isalnum() or after in _RANGE_ENDS) and not is_sentence


RULE = Rule(
    code="T004",
    slug="doubled-full-stop",
    summary="A full stop stands alone, or is one of three.",
    severity=Severity.WARNING,
    check=check,
)
