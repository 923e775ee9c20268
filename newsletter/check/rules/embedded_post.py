"""What is left when a post from a social network was pasted: its author line, its short links.

A handle alone is fine, in a quotation for one.
"""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.prose import passages
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue

_SIGNS = ("@", "t.co/", "pic.twitter.com/", "pic.x.com/")
_SHORT = r"(?:https?://)?(?<![\w.-])(?:t\.co|pic\.(?:twitter|x)\.com)/\w+"
_NAME = r"[^\s—–()-](?:[^—–().!?]|\.(?!(?<=\w{4}\.)\s)){0,60}"  # "Co. " is in a name, "2027. " not
_AUTHOR = rf"[—–-] ?{_NAME}\(@\w{{1,30}}\)"
_DAY = r"\s(?:[^\W\d]{1,12}\.?\s\d{1,2},|\d{1,2}\.?\s[^\W\d]{1,12}\.?)\s\d{4}"
_LEFT_OVER = re.compile(
    rf"{_SHORT}(?:\]\({_SHORT}\))?|(?<!\S){_AUTHOR}{_DAY}|\A[>\s]{{0,4}}{_AUTHOR}\s{{0,9}}\Z"
)


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if not issue.stories or not _may_have_any(issue.source.text):
        return
    for passage in passages(issue):
        for part in passage:
            if _may_have_any(part.markdown):
                yield from _left_overs(issue, part.span.line, part.span.end_line)


def _may_have_any(text: str) -> bool:
    return any(sign in text for sign in _SIGNS)


def _left_overs(issue: Issue, first: int, last: int) -> Iterator[Finding]:
    for number in range(first, last + 1):
        for match in _LEFT_OVER.finditer(issue.source.line(number)):
            yield Finding(
                span=issue.source.span(number, match.start() + 1, len(match[0].rstrip())),
                message="this is left over from an embedded post",
                hint="delete it, or say in words what was posted",
            )


RULE = Rule(
    code="T009",
    slug="embedded-post",
    summary="Nothing is left over from an embedded post.",
    severity=Severity.WARNING,
    check=check,
)
