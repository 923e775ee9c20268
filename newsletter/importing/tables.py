"""Which tables hold figures rather than a page's layout, and their rows.

Mails are laid out in tables, and pages were. A table of figures has a head, or rows of as many
short cells each; a spreadsheet's is nothing else.
"""

from collections.abc import Iterator

from newsletter.importing.tags import BLOCKS, LEFT_OUT, Tag

_SHORT = 60
"""Characters: cells of more are columns of text."""

_WITHIN = frozenset({"p", "div", "li", "ul", "ol"})


def rows_of(table: Tag, *, is_sheet: bool = False) -> list[list[Tag]] | None:
    """The cells of a table of figures, row by row; None for a page's layout.

    With `is_sheet` it was copied in a spreadsheet, where one column is no table yet.
    """
    if table.get("role") in {"presentation", "none"}:
        return None
    rows = [cells for row in _rows(table) if (cells := _cells(row))]
    if is_sheet:
        return rows if any(len(row) > 1 for row in rows) else None
    cells = [cell for row in rows for cell in row]
    if len(rows) < 2 or any(_holds_blocks(cell) for cell in cells):
        return None
    has_head = any(cell.name == "th" for cell in cells)
    widths = {len(row) for row in rows}
    if max(widths) < 2:
        return None
    is_even = len(widths) == 1 and all(0 < len(cell.text()) <= _SHORT for cell in cells)
    return rows if has_head or (is_even and not _is_numbered(rows)) else None


def _is_numbered(rows: list[list[Tag]]) -> bool:
    """Headlines, laid out beside their numbers, one more each."""
    words = [row[0].text().strip().rstrip(".)") for row in rows]
    if not all(word.isascii() and word.isdigit() and len(word) <= 2 for word in words):
        return False
    numbers = [int(word) for word in words]
    return numbers == [*range(numbers[0], numbers[0] + len(numbers))]


def _rows(table: Tag) -> Iterator[Tag]:
    for child in table.children:
        if isinstance(child, Tag) and child.name == "tr":
            yield child
        elif isinstance(child, Tag) and child.name in {"thead", "tbody", "tfoot"}:
            yield from _rows(child)


def _cells(row: Tag) -> list[Tag]:
    return [c for c in row.children if isinstance(c, Tag) and c.name in {"td", "th"}]


def _holds_blocks(cell: Tag) -> bool:
    inner = [tag.name for tag in cell.tags()][1:]
    return any(
        name in BLOCKS - _WITHIN or name in {"img", "a"} for name in inner if name != LEFT_OUT
    )
