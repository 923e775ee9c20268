"""What looks like a link or a picture and is none, so that readers would get its brackets.

Whether an issue may hold some at all is told here, at once; `near_link_search` finds them, and is
loaded for those few issues alone.
"""

import re
from collections.abc import Iterator
from itertools import islice

from newsletter.check.diagnostic import Finding
from newsletter.check.loose_text import loose_text, parts_of
from newsletter.issue import Issue, Span

_MAY_BE = re.compile(r"[\[\]［］]|<(?:https?:|www\.)|\":https?:|\)\[|!\(")
_SOUND = re.compile(r"\[[^\[\]\n]*+\]\(https?://[\w./?#@%&=+,;:~!$*-]++(?: \"[^\"\n]*+\")?\)(?!\))")
"""The links that nearly all issues hold alone."""

_MOST = 100
"""Findings; with more, somebody has pasted another format, and has been told."""

_latest: list[tuple[Issue, tuple[Finding, ...]]] = []
"""One issue's: three rules ask for them, one after the other."""


def near_links(issue: Issue) -> tuple[Finding, ...]:
    for known, found in _latest:
        if known is issue:
            return found
    found = tuple(islice(_near_links(issue), _MOST))
    _latest[:] = [(issue, found)]
    return found


def is_near_link(issue: Issue, span: Span) -> bool:
    """Whether a place is in one, so that other rules need not speak of it."""
    begin, end = (span.line, span.column), (span.end_line, span.end_column)
    return any(
        begin < (at.end_line, at.end_column) and (at.line, at.column) < end
        for found in near_links(issue)
        for at in (found.span, *(edit.span for edit in (found.fix.edits if found.fix else ())))
    )


def _near_links(issue: Issue) -> Iterator[Finding]:
    if not issue.stories or _is_sound(issue.source.text):
        return
    from newsletter.check.near_link_search import search  # forty patterns take 10 ms to compile

    yield from search(
        [loose_text(part) for part in parts_of(issue) if _may_hold_some(part.markdown)]
    )


def _is_sound(text: str) -> bool:
    """Whether every bracket of the whole text is one of a plain link; nearly all issues are so."""
    sound = len(_SOUND.findall(text))
    has_odd = any(sign in text for sign in ("<http", "<www.", '":http', "［", ")[", "! [", "!\n["))
    return sound == text.count("[") == text.count("]") and not has_odd


def _may_hold_some(markdown: str) -> bool:
    if not any(sign in markdown for sign in ("[", "]", "<", '":http', "［", ")[")):
        return False
    rest = _SOUND.sub("", markdown) if "](" in markdown else markdown
    return _MAY_BE.search(rest) is not None or "! [" in markdown or "!\n[" in markdown
