"""A finding passed over, for a reason: the ignore comment that says so, and where it must stand.

A comment speaks for the block below it, for its own line, or for the whole file (check.ignores).
The nearest place that does it is taken, and what it does is tried out before anything is offered:
the finding goes, and no other one comes.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from newsletter.check import Diagnostic, Edit, Fix, apply_fixes
from newsletter.errors import CheckError
from newsletter.issue import Issue, Span

Find = Callable[[str], Sequence[Diagnostic]]
"""What the check finds in a text."""

MOST_WORDS = 300
"""Characters of a reason, which has to stand on one line."""

_DASHES = re.compile(r"-{2,}")


def ignore_comment(
    issue: Issue, text: str, *, slug: str, line: int, reason: str, find: Find
) -> Edit:
    """The comment by which a rule is not held against a line, and its place in the issue.

    `text` is the issue's own. Raises CheckError where there is no reason, or no comment would do.
    """
    why = _said(reason)
    if not why:
        raise CheckError(
            "the reason is missing", where=issue.path, next_step="say why it may stand"
        )
    before = Counter(item.slug for item in find(text))
    for edit in _candidates(issue, slug, line, why):
        after = Counter(item.slug for item in find(_with(text, edit)))
        if after[slug] < before[slug] and after <= before:
            return edit
    raise CheckError(
        f"no comment silences {slug} here",
        where=f"{issue.path}:{line}",
        next_step="mend it, or name the rule under [house] off in newsletter.toml",
    )


def _said(reason: str) -> str:
    """As it may stand in a comment: on one line, with dashes that end none."""
    words = " ".join(reason.split())[:MOST_WORDS]
    return _DASHES.sub("–", words).replace("<!", "<").strip()


def _candidates(issue: Issue, slug: str, line: int, why: str) -> Iterator[Edit]:
    """The nearest place first. Front matter has no comments: there, the whole file is meant."""
    lines, span = issue.source.lines, issue.front_matter.span
    below = span.end_line + 1 if span else 1
    here = f"<!-- check: ignore {slug} because {why} -->"
    if below <= line <= len(lines) and lines[line - 1].strip():
        first = line
        while first > below and lines[first - 2].strip():
            first -= 1
        yield _put(first, 1, f"{here}\n")
        yield _put(first, 1, f"{here}\n\n")
        yield _put(line, len(lines[line - 1]) + 1, f" {here}")
    everywhere = here.replace("ignore", "ignore-file", 1)
    if below <= len(lines):
        yield _put(below, 1, f"{everywhere}\n")
        yield _put(below, 1, f"{everywhere}\n\n")


def _put(line: int, column: int, text: str) -> Edit:
    span = Span(line=line, column=column, end_line=line, end_column=column)
    return Edit(span=span, text=text)


def _with(text: str, edit: Edit) -> str:
    return apply_fixes(text, [Fix(title="", edits=(edit,))])
