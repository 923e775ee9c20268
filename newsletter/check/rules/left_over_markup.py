"""A mark that means nothing here is mailed as it was typed: `<br>`, `[^1]`, `:tada:`."""

import re
from collections.abc import Iterator
from itertools import islice

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.loose_text import loose_text, parts_of
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, Line

_SIGNS = ("^", "~", "==", "++", "**", "```", "!!! ", "'''", "]{", "){")
# Each begins with a sign itself, so that all the text before one is passed over at once.
_PATTERNS = {
    "[": re.compile(r"\[(?:[ xX]\]|[\^!/]|_{0,2}[tT][oO][cC])"),
    "{": re.compile(r"\{[:.#]"),
    "|": re.compile(r"\|(?:[|:-]|[ ][:-]|(?<=[:\n-]\|)|(?<=[:-][ ]\|)|(?<=\A\|))"),
    ":": re.compile(r":(?:::|[a-z+1x-][a-z0-9_+-]*:)"),
    "&": re.compile(r"&[a-z#]"),
}
_MOST = 50
"""Findings; with more, somebody has pasted another format, and has been told."""


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if issue.stories and _may_hold_some(issue.source.text):
        yield from islice(_found(issue), _MOST)


def _may_hold_some(text: str) -> bool:
    """Spares nearly all issues the search; each of these is a matter of microseconds."""
    if text.count("<") > text.count("<!--") + text.count("<http"):
        return True
    if any(sign in text for sign in _SIGNS):
        return True
    return any(sign in text and pattern.search(text) for sign, pattern in _PATTERNS.items())


def _found(issue: Issue) -> Iterator[Finding]:
    # Many patterns, which take 10 ms to compile, and nearly all issues need none of them.
    from newsletter.check.foreign_marks import foreign_marks, without_ours
    from newsletter.check.html_tags import html_tags

    told: set[str] = set()
    for part in parts_of(issue):
        if _may_hold_some(part.markdown):
            loose = loose_text(part)
            yield from foreign_marks(loose, part, told)
            if "<" in loose.text:
                yield from html_tags(loose, without_ours(loose), is_line=isinstance(part, Line))


RULE = Rule(
    code="T012",
    slug="left-over-markup",
    summary="No mark is left that means nothing here.",
    severity=Severity.WARNING,
    check=check,
)
