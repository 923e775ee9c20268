"""Rows in columns, by the cells of a terminal."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.cli.columns import cells, set_out


def test_columns_are_as_wide_as_their_longest_cell() -> None:
    rows = [["ada@example.com", "Ada", "uk"], ["李@example.com", "李雷", "press, uk"]]

    assert [
        "ada@example.com  Ada   uk",
        "李@example.com   李雷  press, uk",
    ] == ["".join(row) for row in set_out(rows, None)]


def test_what_does_not_fit_is_cut_from_the_last_column() -> None:
    rows = [["ada@example.com", "Ada Augusta King", "a reply as long as relays write them"]]

    assert ["ada@example.com  Ada Augusta King  a reply as …"] == [
        "".join(row) for row in set_out(rows, 47)
    ]


def test_a_cell_is_one_line_that_no_terminal_obeys() -> None:
    assert [[r"a\u001b[2J b"]] == list(set_out([["a\x1b[2J\r\nb"]], None))


texts = st.lists(st.text(max_size=60), min_size=3, max_size=3)


@given(st.lists(texts, min_size=1, max_size=5), st.integers(60, 200))
def test_rows_fit_wherever_every_column_has_its_least(rows: list[list[str]], width: int) -> None:
    found = list(set_out([[cell[:12], *others] for cell, *others in rows], width))

    if not any("\\" in row[0] for row in found):  # written out, a first cell may be wider
        assert all(cells("".join(row)) <= width for row in found)
