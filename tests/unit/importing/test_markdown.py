"""What is written reads as what it was."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.importing.inlines import NOWHERE, MarkedText, fold
from newsletter.importing.markdown import write_block, write_inlines
from newsletter.issue import (
    Emphasis,
    Heading,
    Image,
    LineBreak,
    Link,
    ListNode,
    Node,
    Paragraph,
    Quote,
    Strong,
    Text,
    parse_inlines,
    parse_markdown,
    plain_inlines,
    plain_text,
)

SIGNS = st.text(alphabet="ab1 .)*_[]()!<>&;#-+=~`\\\"'|:/{}é…", max_size=30)
WORDS = st.builds(
    MarkedText,
    text=SIGNS,
    href=st.sampled_from(["", "", "https://www.example.com/a?b=1&c=2"]),
    strong=st.booleans(),
    emphasis=st.booleans(),
)
RUNS = st.lists(st.one_of(WORDS, st.just(MarkedText(other=LineBreak()))), max_size=6)


def one(text: str) -> Paragraph:
    return Paragraph(inlines=(Text(text=text),))


@given(RUNS)
@example([MarkedText(text="a "), MarkedText(text="b.", strong=True), MarkedText(text="c")])
@example([MarkedText(text="1. x")])
@example([MarkedText(text="![a](b)")])
@example([MarkedText(text="<!-- check: ignore-file S001 -->")])
@example([MarkedText(text="&copy; \\* a\\")])
@example([MarkedText(text="wow!"), MarkedText(text="here", href="https://www.example.com/")])
def test_paragraph_reads_as_the_words_it_was(words: Sequence[MarkedText]) -> None:
    inlines = fold(words)
    written = write_block(Paragraph(inlines=inlines))

    assert plain_inlines(inlines) == plain_text(parse_markdown(written))
    assert "\n\n" not in written


@given(RUNS)
def test_headline_reads_as_the_words_it_was(words: Sequence[MarkedText]) -> None:
    inlines = fold(words)
    written = write_inlines(inlines)

    assert " ".join(plain_inlines(inlines).split()) == plain_inlines(parse_inlines(written))
    assert "\n" not in written


@pytest.mark.parametrize(
    ("written", "node"),
    [
        ("One_two and 3 \\* 4", one("One_two and 3 * 4")),
        ("1\\. is the number", one("1. is the number")),
        ("\\# of shops", one("# of shops")),
        ("\\- a dash", one("- a dash")),
        ("-5 degrees", one("-5 degrees")),
        ("\\---", one("---")),
        ("\\> 40", one("> 40")),
        ("AT&T &amp;amp; R&D", one("AT&T &amp; R&D")),
        ("a < b, \\<b> and &lt;!-- note -->", one("a < b, <b> and <!-- note -->")),
        ("> Said.\n>\n> Twice.", Quote(nodes=(one("Said."), one("Twice.")))),
        ("- One\n- Two", ListNode(start=None, items=((one("One"),), (one("Two"),)))),
        ("9. One\n10. Two", ListNode(start=9, items=((one("One"),), (one("Two"),)))),
        (
            "- One\n  - Inner\n- Two",
            ListNode(
                start=None,
                items=(
                    (one("One"), ListNode(start=None, items=((one("Inner"),),))),
                    (one("Two"),),
                ),
            ),
        ),
        ("### Part \\#", Heading(level=3, inlines=(Text(text="Part #"),))),
        (
            '![A (low) shelf](https://www.example.com/a.jpg "Says \\"hi\\"")',
            Paragraph(
                inlines=(
                    Image(
                        src="https://www.example.com/a.jpg",
                        alt="A (low) shelf",
                        caption='Says "hi"',
                        span=NOWHERE,
                    ),
                )
            ),
        ),
        (
            "wow\\![**so** it](https://www.example.com/)",
            Paragraph(
                inlines=(
                    Text(text="wow!"),
                    Link(
                        href="https://www.example.com/",
                        children=(Strong(children=(Text(text="so"),)), Text(text=" it")),
                        span=NOWHERE,
                    ),
                )
            ),
        ),
        ("One\\\ntwo", Paragraph(inlines=(Text(text="One"), LineBreak(), Text(text="two")))),
        (
            "***Both* bold**",
            Paragraph(
                inlines=(
                    Strong(
                        children=(Emphasis(children=(Text(text="Both"),)), Text(text=" bold")),
                    ),
                )
            ),
        ),
    ],
)
def test_block_is_written_plainly_and_reads_as_itself(written: str, node: Node) -> None:
    assert written == write_block(node)
    assert (node,) == parse_markdown(written)


def test_marks_in_mid_word_are_given_up_rather_than_shown() -> None:
    words = [MarkedText(text="Stop"), MarkedText(text=".", strong=True), MarkedText(text="go")]

    assert "Stop.go" == write_block(Paragraph(inlines=fold(words)))


def test_paragraphs_of_a_list_item_are_lines() -> None:
    """A blank line would end the list."""
    item = (one("One"), one("More"))

    assert "- One\\\n  More" == write_block(ListNode(start=None, items=(item,)))
