"""Places in a text as an editor counts them: from zero, in the units that were agreed.

LSP 3.17 counts UTF-16 code units unless both sides agree on others (its section Position). Ours are
from one, in characters, and leave out a byte-order mark.
"""

from dataclasses import dataclass

from lsprotocol import types

from newsletter.issue import Source, Span

_UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one text in the units of `encoding`: utf-8, utf-16 or utf-32."""

    source: Source
    encoding: str

    def range(self, span: Span) -> types.Range:
        return types.Range(
            start=self.position(span.line, span.column),
            end=self.position(span.end_line, span.end_column),
        )

    def position(self, line: int, column: int) -> types.Position:
        """Where the editor has the character at one of our places."""
        before = self._line(line)[: column - 1 + self._shift(line)]
        return types.Position(line=line - 1, character=self._width(before))

    def place(self, position: types.Position) -> tuple[int, int]:
        """Our line and column of a position; one beyond the end is the end."""
        line = min(position.line + 1, max(len(self.source.lines), 1))
        if position.line >= line:
            return line, len(self._line(line)) + 1
        width = 0
        text = self._line(line)
        for index, character in enumerate(text):
            width += self._width(character)
            if width > position.character:
                return line, max(index + 1 - self._shift(line), 1)
        return line, len(text) + 1 - self._shift(line)

    def _line(self, line: int) -> str:
        """A line as the editor has it."""
        text = self.source.line(line) if self.source.lines else ""
        return f"\ufeff{text}" if self._shift(line) else text

    def _shift(self, line: int) -> int:
        return 1 if line == 1 and self.source.has_bom else 0

    def _width(self, text: str) -> int:
        if text.isascii():
            return len(text)
        codec, size = _UNITS[self.encoding]
        return len(text.encode(codec, "surrogatepass")) // size
