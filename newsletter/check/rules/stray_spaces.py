"""Bytes that pasting leaves and nobody sees; the parser minds none of them."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue, Span

_FIXED = {
    "\u00a0": "non-breaking space",
    "\u2007": "figure space",
    "\u2009": "thin space",
    "\u202f": "narrow space",
}
_FIXED_SPACE = re.compile(f"[{''.join(_FIXED)}]")
_AT_END = " \t\u205f\u3000\ufeff\u200b" + "".join(map(chr, (0xA0, 0x202F, *range(0x2000, 0x200B))))
_RIGHT_BEFORE = "!?:;%…»–—€$£"
_RIGHT_AFTER = "«–—€$£"
_BREAK = "  "
_SHORT_WORD = 2
"""Letters of an abbreviation that may be tied to the next word, as in "Mr. Bloom"."""


def check(issue: Issue, _context: Context) -> Iterator[Finding]:
    if not issue.stories:
        return
    yield from _of_the_file(issue)
    lines, text = issue.source.lines, issue.source.text
    has_fixed = any(space in text for space in _FIXED)
    comments = _comment_lines(issue)
    for number, line in enumerate(lines, start=1):
        words = line.rstrip(_AT_END)
        if number in comments or not (has_fixed or len(words) < len(line)):
            continue
        following = lines[number] if number < len(lines) else ""
        yield from _at_the_end(issue, number, len(words), following)
        if has_fixed:
            yield from _inside(issue, number, words)


def _of_the_file(issue: Issue) -> Iterator[Finding]:
    """No edit of the text mends these: whoever writes the file does."""
    start = Span(line=1, column=1, end_line=1, end_column=1)
    if issue.source.has_bom:
        yield Finding(
            span=start,
            message="the file begins with a byte-order mark",
            hint="a safe fix writes the file without it",
        )
    if issue.source.has_crlf:
        yield Finding(
            span=start,
            message="lines end in a carriage return",
            hint="a safe fix writes the file with plain line ends",
        )


def _comment_lines(issue: Issue) -> frozenset[int]:
    if "<!--" not in issue.source.text:
        return frozenset()
    comments = [block.span for block in issue.blocks() if block.comment]
    return frozenset(line for span in comments for line in range(span.line, span.end_line + 1))


def _at_the_end(issue: Issue, number: int, width: int, following: str) -> Iterator[Finding]:
    line = issue.source.line(number)
    is_break = line.endswith(_BREAK) and width > 0 and following.strip(_AT_END) != ""
    kept = _BREAK if is_break else ""
    if line[width:] != kept:
        span = issue.source.span(number, width + 1, len(line) - width)
        yield Finding(
            span=span,
            message="there are spaces at the end of the line",
            hint="two ask for a break, and these are not two" if kept else "delete them",
            fix=Fix(title="Delete the spaces", edits=(Edit(span=span, text=kept),)),
        )


def _inside(issue: Issue, number: int, words: str) -> Iterator[Finding]:
    indent = len(words) - len(words.lstrip())
    for match in _FIXED_SPACE.finditer(words):
        at, space = match.start(), match[0]
        if at >= indent and _has_a_use(words, at):
            continue
        span = issue.source.span(number, at + 1, 1)
        wanted = "" if at < indent else " "
        yield Finding(
            span=span,
            message=f"a {_FIXED[space]} is used where a plain one belongs",
            hint="it keeps the words beside it on one line",
            fix=Fix(title="Write a plain space", edits=(Edit(span=span, text=wanted),)),
        )


def _has_a_use(words: str, at: int) -> bool:
    """Beside a figure, beside a sign or behind an abbreviation. Two spaces are not ours to tell."""
    before, after = words[at - 1], words[at + 1]
    if before.isspace() or after.isspace() or before.isnumeric() or after.isnumeric():
        return True
    if before in _RIGHT_AFTER or after in _RIGHT_BEFORE:
        return True
    letters = words[max(at - _SHORT_WORD - 2, 0) : at - 1].replace(".", " ").replace("(", " ")
    return before == "." and 0 < len((" " + letters).rpartition(" ")[2]) <= _SHORT_WORD


RULE = Rule(
    code="T008",
    slug="stray-spaces",
    summary="There is no space where nobody sees or needs it.",
    severity=Severity.INFO,
    check=check,
)
