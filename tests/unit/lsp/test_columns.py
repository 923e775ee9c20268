"""Places go to the editor and come back, and an edit turns one text into the other."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.issue import source_from_text
from newsletter.lsp.answers import changes
from newsletter.lsp.columns import Columns
from tests.acceptance.lsp_client import edited

ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-32"])
TEXTS = st.text(alphabet="ab é🛒\u2028\x0c\n", max_size=30)


@given(TEXTS, ENCODINGS)
def test_place_comes_back_from_the_editor(text: str, encoding: str) -> None:
    source = source_from_text(text)
    columns = Columns(source, encoding)

    for number, line in enumerate(source.lines, start=1):
        for column in range(1, len(line) + 2):
            position = columns.position(number, column)
            assert (number, column) == columns.place(position)


@pytest.mark.parametrize(
    ("encoding", "plain", "marked"), [("utf-8", 7, 8), ("utf-16", 4, 4), ("utf-32", 3, 3)]
)
def test_column_counts_the_units_of_the_encoding(encoding: str, plain: int, marked: int) -> None:
    """A trolley is 4 bytes and 2 units of UTF-16; a byte-order mark is 3 bytes and 1 unit."""
    columns = Columns(source_from_text("a🛒é|"), encoding)
    after_mark = Columns(source_from_text("\ufeffa🛒|"), encoding)

    assert plain == columns.position(1, 4).character
    assert marked == after_mark.position(1, 3).character


@given(TEXTS, TEXTS, ENCODINGS, st.booleans())
@example("a\n", "a\nb\n", "utf-16", True)
@example("🛒", "🛒🛒", "utf-16", False)
def test_changes_turn_one_text_into_the_other(
    before: str, after: str, encoding: str, has_crlf: bool
) -> None:
    before = before.replace("\n", "\r\n") if has_crlf else before

    edits = [
        {
            "range": {
                "start": {"line": each.range.start.line, "character": each.range.start.character},
                "end": {"line": each.range.end.line, "character": each.range.end.character},
            },
            "newText": each.new_text,
        }
        for each in changes(before, after, encoding)
    ]

    assert after == edited(before, edits, encoding)
    assert (before == after) == (not edits)
