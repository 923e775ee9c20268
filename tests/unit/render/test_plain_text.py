"""Nodes to lines: wrapped, barred, numbered; addresses whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.issue import parse_markdown
from newsletter.render.plain_text import COLUMNS, capitals, wrap, write_nodes


@pytest.mark.parametrize(
    ("markdown", "lines"),
    [
        ("a *b* **c** `d`", "a _b_ *c* d"),
        ("> a\n>\n> b", "| a\n|\n| b"),
        ("> > a", "| | a"),
        ("- a\n- b", "- a\n- b"),
        ("9. a\n10. b", "9. a\n10. b"),
        ("- a\n\n  b\n- c", "- a\n\n  b\n\n- c"),
        ("- a\n  - b", "- a\n\n  - b"),
        ("a\\\nb", "a\nb"),
        ("[a](https://x.example/)", "a <https://x.example/>"),
        ("[https://x.example/](https://x.example/)", "<https://x.example/>"),
        ("<https://x.example/>", "<https://x.example/>"),
        ("[](https://x.example/)", "<https://x.example/>"),
        ("[write](mailto:a@b.example)", "write <a@b.example>"),
        ("[a@b.example](mailto:a@b.example)", "<a@b.example>"),
        ("[a](/b)", "a"),
        ('![a](https://x.example/i.png "c")', "[Picture: a]\nc"),
        ("## a", "a"),
        ("a\n\nb", "a\n\nb"),
        ("a & <b>", "a & <b>"),
    ],
)
def test_write_nodes_writes(markdown: str, lines: str) -> None:
    assert lines == write_nodes(parse_markdown(markdown))


def test_wrap_indents_all_lines_but_the_first() -> None:
    assert "1. aaa\n   bbb\n   ccc" == wrap("aaa bbb ccc", first="1. ", rest="   ", columns=8)


def test_wrap_never_breaks_an_address() -> None:
    lines = wrap("aaa <https://x.example/long> bbb", columns=9)

    assert "aaa\n<https://x.example/long>\nbbb" == lines


def test_wrap_breaks_a_word_that_fits_no_line() -> None:
    assert "aaaa\naa b" == wrap("aaaaaa b", columns=4)


def test_wrap_keeps_non_breaking_spaces_together() -> None:
    assert "aaa\nb\u00a0c" == wrap("aaa b\u00a0c", columns=5)


@given(st.text(st.sampled_from("ab \n\t\u00a0é"), max_size=400))
def test_wrap_loses_no_character_and_keeps_to_its_columns(text: str) -> None:
    lines = wrap(text)

    assert text.split() == lines.split() or "".join(text.split()) == "".join(lines.split())
    assert all(len(line) <= COLUMNS for line in lines.split("\n"))


def test_capitals_leaves_placeholders_alone() -> None:
    assert "HELLO zzSLOT12zz, ÉTÉ" == capitals("Hello zzSLOT12zz, été")
