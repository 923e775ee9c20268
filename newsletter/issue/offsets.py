"""Places of a text as a page's editor counts them: from zero, one number from the beginning.

Browsers count UTF-16 code units (ECMA-262, 6.1.4), and their editors one for every line end,
however the file has it. Ours are a line and a column in characters.
"""

from dataclasses import dataclass
from functools import cached_property

from newsletter.issue.source import Source, Span


@dataclass(frozen=True)
class Offsets:
    """The offsets of one text, whose byte-order mark is no part of it."""

    source: Source

    def range(self, span: Span) -> tuple[int, int]:
        r"""From, up to.

        >>> from newsletter.issue.source import source_from_text
        >>> source = source_from_text("One\r\n\U0001f6d2 two")
        >>> Offsets(source).range(source.span(2, 3, 3))
        (7, 10)
        """
        return self.at(span.line, span.column), self.at(span.end_line, span.end_column)

    def at(self, line: int, column: int) -> int:
        starts = self._starts
        if line > len(self.source.lines):
            return starts[-1]
        return starts[line - 1] + _units(self.source.line(line)[: column - 1])

    @cached_property
    def _starts(self) -> list[int]:
        """Of each line, and behind the last one where the text itself ends."""
        starts = [0]
        for line in self.source.lines:
            starts.append(starts[-1] + _units(line) + 1)
        if not self.source.text.endswith(("\n", "\r")):
            starts[-1] = max(starts[-1] - 1, 0)
        return starts


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
