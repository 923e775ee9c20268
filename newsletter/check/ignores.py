"""Ignore comments: `<!-- check: ignore story-count, blank-lines because ... -->`.

On lines of its own a comment speaks for the next block, which may be a headline; on a line with
text, for that line; with `ignore-file`, wherever it stands, for the whole file. Whether it was of
use is kept with it, so that one that silences nothing can be reported.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from newsletter.check.diagnostic import Diagnostic
from newsletter.issue import Source, Span

_COMMENT = re.compile(
    r"<!--\s*check:\s*(ignore(?:-file)?)(?![\w-])[ \t]*"
    r"([\w-]+(?:\s*,\s*[\w-]+)*)?(?:[^<-]|<(?!!--)|-(?!->))*-->"
)

_ANY_COMMENT = re.compile(r"<!--.*?-->")


@dataclass
class Ignore:
    """One rule name in one comment: which lines it covers, and whether it was of use."""

    name: str
    span: Span
    first: int
    last: int
    used: bool = False

    def covers(self, diagnostic: Diagnostic) -> bool:
        names = (diagnostic.slug, diagnostic.code.lower())
        return self.name in names and self.first <= diagnostic.span.line <= self.last


def find_ignores(source: Source) -> list[Ignore]:
    """Every ignore comment of a text, one record for each rule that it names."""
    if "<!--" not in source.text:
        return []
    return list(_found(source))


def _found(source: Source) -> Iterator[Ignore]:
    for number, line in enumerate(source.lines, start=1):
        for match in _COMMENT.finditer(line):
            span = source.span(number, match.start() + 1, len(match[0]))
            first, last = _reach(source, number, match)
            for name in re.split(r"\s*,\s*", match[2] or ""):
                yield Ignore(name.lower(), span, first, last)


def _reach(source: Source, number: int, match: re.Match[str]) -> tuple[int, int]:
    """First and last line that a comment speaks for."""
    if match[1] == "ignore-file":
        return 1, len(source.lines)
    if _ANY_COMMENT.sub("", source.line(number)).strip():
        return number, number
    first = number + 1
    while first <= len(source.lines) and not _ANY_COMMENT.sub("", source.line(first)).strip():
        first += 1
    last = first
    while last < len(source.lines) and source.line(last + 1).strip():
        last += 1
    return number, last


def apply_ignores(
    diagnostics: Iterable[Diagnostic], ignores: Sequence[Ignore]
) -> Iterator[Diagnostic]:
    """The diagnostics that no comment silences; comments of use are marked as used."""
    for diagnostic in diagnostics:
        covering = [ignore for ignore in ignores if ignore.covers(diagnostic)]
        for ignore in covering:
            ignore.used = True
        if not covering:
            yield diagnostic
