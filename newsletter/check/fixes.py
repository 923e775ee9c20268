"""Fixes put into a text: what no edit touches stays as it is, byte for byte.

Which fixes are safe is for the rules to say. Two belong to the file as a whole and have no edit,
the byte-order mark and foreign line ends; they come last, where the rule stray-spaces asks for it.
"""

import re
from bisect import bisect, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from newsletter.check.diagnostic import Diagnostic, Fix
from newsletter.issue import ENGLISH, Cues, Issue, Span, parse_issue, source_from_text

ROUNDS = 10
"""Most times that a text is checked anew; two or three do, and none should go round in circles."""

_LINE_END = re.compile(r"\r\n|\n|\r")
_BOM = "\ufeff"
_WHOLE_FILE = "stray-spaces"

Check = Callable[[Issue], Sequence[Diagnostic]]

Range = tuple[int, int, str]
"""From, up to, and what comes in its place."""


def fix_text(text: str, check: Check, *, path: str = "-", cues: Cues = ENGLISH) -> str:
    """The text with every fix that `check` offers, checked again until nothing changes.

    Doing this twice changes nothing more. `path` gives the date of an issue that names none.
    """

    def read(text: str) -> Issue:
        return parse_issue(source_from_text(text, path=path), cues=cues)

    for _ in range(ROUNDS):
        issue = read(text)
        found = check(issue)
        fixes = [item.fix for item in found if item.fix]
        if makers := [fix for fix in fixes if fix.makes_parts]:
            text = apply_fixes(text, makers)
            continue
        kept = _harmless(fixes, lambda some: _same_parts(issue, read(apply_fixes(text, some))))  # noqa: B023 - called at once
        after = apply_fixes(text, kept)
        if after == text:
            after = _whole_file(text, found)
        if after == text:
            break
        text = after
    return text


def apply_fixes(text: str, fixes: Iterable[Fix]) -> str:
    """Put the edits of fixes into a text; the first of two that overlap wins, as a whole.

    Line ends in an edit are written as the text has them.
    """
    starts = _line_starts(text)
    taken: list[Range] = []
    for fix in fixes:
        ranges = [(*_range(edit.span, starts), edit.text) for edit in fix.edits]
        if _fit(ranges, taken):
            for each in ranges:
                insort(taken, each)
    end = match[0] if (match := _LINE_END.search(text)) else "\n"
    return "".join(_pieces(text, taken, end))


def _pieces(text: str, ranges: Iterable[Range], line_end: str) -> Iterator[str]:
    done = 0
    for start, stop, put in ranges:
        yield text[done:start]
        yield put.replace("\n", line_end)
        done = stop
    yield text[done:]


def _line_starts(text: str) -> list[int]:
    """The offset of each line; a byte-order mark is not in the first one."""
    first = 1 if text.startswith(_BOM) else 0
    return [first, *(match.end() for match in _LINE_END.finditer(text))]


def _range(span: Span, starts: Sequence[int]) -> tuple[int, int]:
    return starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1


def _fit(ranges: Sequence[Range], taken: Sequence[Range]) -> bool:
    """Whether ranges overlap neither each other nor those that are taken, which are sorted."""
    ordered = sorted(ranges)
    if any(_overlap(one, other) for one, other in pairwise(ordered)):
        return False
    for each in ordered:
        at = bisect(taken, each)
        if any(_overlap(near, each) for near in taken[max(at - 1, 0) : at]):
            return False
        if any(_overlap(each, near) for near in taken[at : at + 1]):
            return False
    return True


def _overlap(one: Range, other: Range) -> bool:
    """Of two in order. Two edits at one place would have no order, so they overlap too."""
    return other[0] < one[1] or other[0] == one[0]


def _harmless(fixes: list[Fix], is_harmless: Callable[[list[Fix]], bool]) -> list[Fix]:
    """The fixes less those that do harm, found by halving; nearly always all of them."""
    if not fixes or is_harmless(fixes):
        return fixes
    middle = len(fixes) // 2
    if not middle:
        return []
    first = _harmless(fixes[:middle], is_harmless)
    both = first + _harmless(fixes[middle:], is_harmless)
    return both if is_harmless(both) else first


def _same_parts(before: Issue, after: Issue) -> bool:
    """A mended issue has the title, the stories and the sponsors that it had.

    Pasted text is read by its shape: a blank line above "2. Others follow." makes it a headline.
    """
    return _parts(before) == _parts(after)


def _parts(issue: Issue) -> tuple[int, int, bool]:
    return len(issue.stories), len(issue.sponsors), issue.title is not None


def _whole_file(text: str, found: Iterable[Diagnostic]) -> str:
    """Without the mark and with plain line ends, if a finding about the file asks for it."""
    asked = any(
        item.slug == _WHOLE_FILE and not item.fix and (item.span.line, item.span.column) == (1, 1)
        for item in found
    )
    return _LINE_END.sub("\n", text.removeprefix(_BOM)) if asked else text
