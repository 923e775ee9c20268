"""From offsets in joined lines back to the source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.offsets import (
    lines_joined,
    place_in_block,
    place_in_source,
    without_comments,
)
from newsletter.issue import Span, parse_issue, source_from_text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_place_in_source_gives_line_and_column_for_any_line_end(end: str) -> None:
    source = source_from_text(end.join(["One", "", "two 😀 three", "four"]))
    text = lines_joined(source)
    place, at = place_in_source(source), text.index("three")

    assert Span(line=3, column=7, end_line=3, end_column=12) == place(at, at + 5)
    assert Span(line=3, column=7, end_line=4, end_column=5) == place(at, len(text))
    assert Span(line=1, column=1, end_line=1, end_column=4) == place(0, 3)


def test_place_in_block_counts_from_the_blocks_first_line() -> None:
    issue = parse_issue(
        source_from_text("# Title\n\nIt is\r\nFriday again.\n\n## 1. One\n\nTwo.\n")
    )
    (intro,) = issue.intro
    start = intro.markdown.index("Friday")

    found = place_in_block(intro)(start, start + 6)

    assert Span(line=4, column=1, end_line=4, end_column=7) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no comment", "no comment"),
        ("a <!-- b\nc --> d", "a " + "\x00" * 6 + "\n" + "\x00" * 5 + " d"),
        ("<!-- a --><!-- b", "\x00" * 10 + "<!-- b"),
        ("<!-->", "<!-->"),
    ],
)
def test_without_comments_keeps_every_place(text: str, expected: str) -> None:
    assert expected == without_comments(text)


@given(st.text(st.sampled_from("<!->a\n"), max_size=40))
def test_without_comments_keeps_length_and_lines(text: str) -> None:
    blanked = without_comments(text)

    assert len(text) == len(blanked)
    assert text.count("\n") == blanked.count("\n")
