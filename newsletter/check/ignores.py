"""Ignore comments: `<!-- check: ignore story-count, blank-lines because ... -->`.

On lines of its own, one or several, a comment speaks for the next block, which may be a headline;
beside text, for the lines it stands on; with `ignore-file`, wherever it stands, for the whole
file. Whether it was of use is kept with it, so that one that silences nothing can be reported.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

from newsletter.check.diagnostic import Diagnostic
from newsletter.check.offsets import place_in_source
from newsletter.issue import Source, Span

_NAME = r"(?:\w|-(?!->))++"
_IGNORE = re.compile(
    rf"<!--\s*+check:\s*+(ignore(?:-file)?+)(?![\w-])\s*+"
    rf"({_NAME}(?:\s*+,\s*+{_NAME})*+)?+(?:[^<-]|<(?!!--)|-(?!->))*+-->"
)
_BETWEEN_NAMES = re.compile(r"\s*,\s*")
_BLANK_LINE = re.compile(r"\n[^\S\n]*(?=\n)")


@dataclass
class Ignore:
    """One rule name in one comment: which lines it covers, and whether it was of use."""

    name: str
    span: Span
    first: int
    last: int
    used: bool = False


def find_ignores(source: Source) -> list[Ignore]:
    """Every ignore comment of a text, one record for each rule that it names."""
    if "<!--" not in source.text or not _IGNORE.search(source.text):
        return []
    return list(_Reader(source).ignores())


class _Reader:
    """Finds the comments of one text; what it must know of each line is worked out once."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = "\n".join(source.lines)
        self._place = place_in_source(source)
        self._comments = list(_comments(self._text))
        shown = _without(self._text, self._comments).split("\n")
        self._has_text = [False, *(bool(line.strip()) for line in shown)]
        self._block_ends = self._ends_of_next_blocks()

    def ignores(self) -> Iterator[Ignore]:
        for match in _IGNORE.finditer(self._text):
            if not self._is_in_comment(match):
                continue
            span = self._place(match.start(), match.end())
            first, last = self._reach(match[1], span.line, span.end_line)
            for name in _BETWEEN_NAMES.split(match[2] or ""):
                yield Ignore(name.lower(), span, first, last)

    def _is_in_comment(self, match: re.Match[str]) -> bool:
        at = bisect_right(self._comments, (match.start(), len(self._text))) - 1
        return at >= 0 and match.end() <= self._comments[at][1]

    def _reach(self, kind: str, first: int, last: int) -> tuple[int, int]:
        """First and last line that a comment speaks for."""
        if kind == "ignore-file":
            return 1, len(self._source.lines)
        if self._has_text[first] or self._has_text[last]:
            return first, last
        return first, self._block_ends[last]

    def _ends_of_next_blocks(self) -> list[int]:
        """By line number: where the next block below ends, beyond blank lines and comments."""
        lines = self._source.lines
        ends = [len(lines) + 1] * (len(lines) + 1)
        end_of_run = len(lines)
        for number in range(len(lines), 0, -1):
            if number < len(lines) and not lines[number].strip():
                end_of_run = number
            ends[number - 1] = end_of_run if self._has_text[number] else ends[number]
        return ends


def _comments(text: str) -> Iterator[tuple[int, int]]:
    """Where comments begin and end. One that begins beside text does not go past its paragraph."""
    at = seen = end = blank = 0
    is_beside_text = False
    while (at := text.find("<!--", seen)) >= 0:
        end = end if end >= at + 4 else text.find("-->", at + 4)
        if end < 0:
            return
        blank = blank if blank >= at else _next_blank_line(text, at)
        _, has_line_end, before = text[seen:at].rpartition("\n")
        is_beside_text = bool(before.strip()) or (is_beside_text and not has_line_end)
        if is_beside_text and blank < end:
            seen = at + 4
        else:
            yield at, end + 3
            seen = end + 3


def _next_blank_line(text: str, at: int) -> int:
    match = _BLANK_LINE.search(text, at)
    return match.start() if match else len(text)


def _without(text: str, ranges: Sequence[tuple[int, int]]) -> str:
    """The text less some parts of it, but for the line ends in them."""
    starts = (0, *(end for _, end in ranges))
    ends = (*(start for start, _ in ranges), len(text))
    gaps = ("\n" * text.count("\n", start, end) for start, end in (*ranges, (0, 0)))
    kept = (text[start:end] for start, end in zip(starts, ends, strict=True))
    return "".join(chain.from_iterable(zip(kept, gaps, strict=True)))


def apply_ignores(
    diagnostics: Iterable[Diagnostic], ignores: Sequence[Ignore]
) -> Iterator[Diagnostic]:
    """The diagnostics that no comment silences; comments of use are marked as used."""
    if not ignores:
        return iter(diagnostics)
    found = tuple(diagnostics)
    _mark_used(found, ignores)
    reaches = {name: _Reach(some) for name, some in _by_name(ignores).items()}
    return (item for item in found if not _is_silenced(item, reaches))


def _is_silenced(item: Diagnostic, reaches: Mapping[str, "_Reach"]) -> bool:
    names = (item.slug, item.code.lower())
    return any(name in reaches and item.span.line in reaches[name] for name in names)


def _mark_used(found: Iterable[Diagnostic], ignores: Iterable[Ignore]) -> None:
    lines: dict[str, list[int]] = defaultdict(list)
    for item in found:
        for name in (item.slug, item.code.lower()):
            lines[name].append(item.span.line)
    for each in lines.values():
        each.sort()
    for ignore in ignores:
        known = lines.get(ignore.name, [])
        at = bisect_left(known, ignore.first)
        ignore.used = ignore.used or (at < len(known) and known[at] <= ignore.last)


def _by_name(ignores: Iterable[Ignore]) -> Mapping[str, list[Ignore]]:
    named: dict[str, list[Ignore]] = defaultdict(list)
    for ignore in ignores:
        named[ignore.name].append(ignore)
    return named


class _Reach:
    """The lines that some comments for one rule cover together."""

    def __init__(self, ignores: Iterable[Ignore]) -> None:
        ranges = sorted((ignore.first, ignore.last) for ignore in ignores)
        self._firsts = [first for first, _ in ranges]
        self._lasts = list(accumulate((last for _, last in ranges), max))

    def __contains__(self, line: int) -> bool:
        at = bisect_right(self._firsts, line) - 1
        return at >= 0 and line <= self._lasts[at]
