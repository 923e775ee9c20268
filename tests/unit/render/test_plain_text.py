"""Nodes to lines: wrapped, barred, numbered; addresses whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.issue import Paragraph, parse_markdown
from newsletter.render.flowed import COLUMNS
from newsletter.render.plain_text import capitals, wrap, write_nodes


@pytest.mark.parametrize(
    ("markdown", "lines"),
    [
        ("a *b* **c** `d`", "a _b_ *c* d"),
        ("> a\n>\n> b", "| a\n|\n| b"),
        ("> > a", "| | a"),
        ("- a\n- b", "- a\n- b"),
        ("9. a\n10. b", "9. a\n10. b"),
        ("- a\n\n  b\n- c", "- a\n\n   b\n\n- c"),
        ("- a\n  - b", "- a\n\n   - b"),
        ("\\> a", " > a"),
        ("a\\\nb", "a\nb"),
        ("[a](https://x.example/)", "a\n<https://x.example/>"),
        ("[a](https://x.example/) b", "a b\n<https://x.example/>"),
        (
            "[a](https://x.example/1) or [b.](https://x.example/2), [c](https://x.example/1)",
            "a or b., c\na:\n<https://x.example/1>\nb:\n<https://x.example/2>",
        ),
        ("> [a](https://x.example/)", "| a\n| <https://x.example/>"),
        ("- [a](https://x.example/)", "- a\n   <https://x.example/>"),
        ("see https://x.example/ now", "see \nhttps://x.example/ \nnow"),
        ("see <https://x.example/> now", "see \n<https://x.example/> \nnow"),
        ("[https://x.example/](https://x.example/)", "<https://x.example/>"),
        ("<https://x.example/>", "<https://x.example/>"),
        ("[](https://x.example/)", "<https://x.example/>"),
        ("[write](mailto:a@b.example)", "write\n<a@b.example>"),
        ("[a@b.example](mailto:a@b.example)", "<a@b.example>"),
        ("[a](/b)", "a"),
        ('![a](https://x.example/i.png "c")', "[Image: a]\nc"),
        ("## a [b](https://x.example/y)", "A B\n<https://x.example/y>"),
        ("a\n\nb", "a\n\nb"),
        ("a & <b>", "a & <b>"),
    ],
)
def test_write_nodes_writes(markdown: str, lines: str) -> None:
    assert lines == write_nodes(parse_markdown(markdown))


def test_write_nodes_flows_paragraphs_and_fixes_all_else() -> None:
    long = "harbour " * 12
    text = write_nodes(parse_markdown(f"{long}\n\n> {long}\n\n- {long}\n\n## {long}\n"))
    soft = [line for line in text.split("\n") if line.endswith(" ")]

    assert ["harbour " * 9] == soft


def test_write_nodes_takes_a_paragraph_of_plain_words() -> None:
    assert "a " * 35 + "a \na" == write_nodes("a " * 37)


def test_wrap_indents_all_lines_but_the_first() -> None:
    """The space that stuffs them is for the mail program."""
    assert "1. aaa\n    bbb\n    ccc" == wrap("aaa bbb ccc", first="1. ", rest="   ", columns=8)


def test_wrap_writes_a_headline_in_capitals_and_its_address_as_it_is() -> None:
    (paragraph,) = parse_markdown("A [tide](https://x.example/Tide) <https://x.example/Sea>")
    assert isinstance(paragraph, Paragraph)
    expected = "1. A TIDE\n    <https://x.example/Sea>\n    <https://x.example/Tide>"

    assert expected == wrap(paragraph.inlines, first="1. ", rest="   ", in_capitals=True)


def test_wrap_never_breaks_an_address() -> None:
    lines = wrap("aaa <https://x.example/long> bbb", columns=9)

    assert "aaa\n<https://x.example/long>\nbbb" == lines


def test_wrap_breaks_a_word_that_fits_no_line() -> None:
    assert "aaaa\naa b" == wrap("aaaaaa b", columns=4)


def test_wrap_keeps_non_breaking_spaces_together() -> None:
    assert "aaa\nb\u00a0c" == wrap("aaa b\u00a0c", columns=5)


@given(st.text(st.sampled_from("ab \n\t\u00a0é>"), max_size=400))
def test_wrap_loses_no_character_and_keeps_to_its_columns(text: str) -> None:
    lines = wrap(text)

    assert text.split() == lines.split() or "".join(text.split()) == "".join(lines.split())
    assert all(len(line) <= COLUMNS + 1 for line in lines.split("\n"))


def test_capitals_leaves_placeholders_alone() -> None:
    tag = "0123456789abcdef" * 2

    assert f"HELLO zz{tag}SLOT12zz, ÉTÉ" == capitals(f"Hello zz{tag}SLOT12zz, été")


def test_struck_raised_and_lowered_words_lose_no_word() -> None:
    nodes = parse_markdown("~~40~~ 60 m^2^, CO~2~, the 1^st^, x<sub>max</sub>")

    assert "~40~ 60 m², CO₂, the 1st, x_(max)" == write_nodes(nodes)
