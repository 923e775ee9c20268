"""Characters that nobody typed reach readers as boxes, as nonsense, or turn a line round."""

from collections.abc import Iterator
from itertools import islice

from newsletter.check.damage import Damage, damages, is_sound
from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue

_MOST = 50
"""Findings; with more the whole text is damaged, and that has been said."""
_WRONG_ENCODING = "it was saved or pasted in another encoding than UTF-8"


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if not is_sound(issue.source.text):
        yield from islice(_found(issue), _MOST)


def _found(issue: Issue) -> Iterator[Finding]:
    comments = _comment_lines(issue)
    for number, line in enumerate(issue.source.lines, start=1):
        if number not in comments and not is_sound(line):
            shown = line.rstrip(
                "\u200b\ufeff \t"
            )  # what stands at a line's end is for stray-spaces
            for damage in damages(shown):
                yield _finding(issue, number, damage)


def _comment_lines(issue: Issue) -> frozenset[int]:
    if "<!--" not in issue.source.text:
        return frozenset()
    comments = [block.span for block in issue.blocks() if block.comment]
    return frozenset(line for span in comments for line in range(span.line, span.end_line + 1))


def _finding(issue: Issue, number: int, damage: Damage) -> Finding:
    span = issue.source.span(number, damage.start + 1, damage.end - damage.start)
    fix = None
    if damage.meant is not None:
        title = f"Write {damage.meant.strip() or 'a space'}" if damage.meant else "Delete it"
        fix = Fix(title=title, edits=(Edit(span=span, text=damage.meant),))
    return Finding(span=span, message=damage.what, hint=_hint(damage), fix=fix)


def _hint(damage: Damage) -> str:
    if "encoding" in damage.what:
        return _WRONG_ENCODING
    return "look for what was meant, and type it" if damage.meant is None else "nobody typed it"


RULE = Rule(
    code="T013",
    slug="damaged-characters",
    summary="Every character was typed by somebody.",
    severity=Severity.WARNING,
    check=check,
)
