"""Rows of text set in columns: as wide as their longest cell, cut where a terminal ends.

Widths are those of a terminal's cells, of which a Chinese character takes two (UAX #11).
"""

from collections.abc import Iterator, Sequence
from unicodedata import combining, east_asian_width

from newsletter.cli.shown import escaped

_GAP = 2
_LEAST = 12
"""Cells that a column keeps however narrow the terminal is."""


def set_out(rows: Sequence[Sequence[str]], width: int | None) -> Iterator[list[str]]:
    """The cells of each row, padded, so that joined by "" they stand in columns.

    What does not fit into `width` cells is taken from the last column, then from the one before.
    Each cell is shown as a terminal may see it, on one line.
    """
    table = [[escaped(" ".join(cell.split())) for cell in row] for row in rows]
    widths = _fitted([max(map(cells, column)) for column in zip(*table, strict=True)], width)
    for row in table:
        cut = [_cut(cell, room) for cell, room in zip(row, widths, strict=True)]
        yield [
            *(_padded(cell, room) for cell, room in zip(cut[:-1], widths, strict=False)),
            cut[-1],
        ]


def cells(text: str) -> int:
    """How many cells of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(_width_of(one) for one in text)


def _width_of(character: str) -> int:
    if combining(character) or character in "\u200c\u200d\ufe0e\ufe0f":
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def _fitted(widths: list[int], width: int | None) -> list[int]:
    if width is None:
        return widths
    over = sum(widths) + _GAP * (len(widths) - 1) - width
    for at in reversed(range(1, len(widths))):
        less = max(0, min(over, widths[at] - _LEAST))
        widths[at] -= less
        over -= less
    return widths


def _cut(text: str, room: int) -> str:
    if cells(text) <= room:
        return text
    kept, left = "", room - 1
    for character in text:
        left -= _width_of(character)
        if left < 0:
            break
        kept += character
    return f"{kept}…"


def _padded(text: str, room: int) -> str:
    return text + " " * (room + _GAP - cells(text))
