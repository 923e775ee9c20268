"""A terminal's lines are broken between words, and hang under what they belong to."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.cli.fitted import LEAST, fitted

COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("short", "short"),
        (
            "one two three four five six seven eight\n  nine ten",
            "one two three four five six seven eight nine ten",
        ),
        (
            "  Label     one two three four five six\n            seven eight",
            "  Label     one two three four five six seven eight",
        ),
        (
            "  - one two three four five six seven\n    eight nine",
            "  - one two three four five six seven eight nine",
        ),
        (
            "Say what is wrong, one two three four:\n  `newsletter send issues/x.md --force`",
            "Say what is wrong, one two three four: `newsletter send issues/x.md --force`",
        ),
        (f"{'x' * 50}\n  and more", f"{'x' * 50} and more"),
        ("こ" * 19 + " \n  end".replace(" ", "", 1), "こ" * 19 + " end"),
        ("a  b   c", "a  b   c"),
    ],
)
def test_line_is_broken_between_words(expected: str, text: str) -> None:
    assert expected == fitted(text, 40)


def test_colours_take_no_room_and_are_kept() -> None:
    line = f"\x1b[31;1m{'word ' * 7}\x1b[0mend of it"

    found = fitted(line, 40)

    assert ["word " * 7 + "end", "  of it"] == COLOURS.sub("", found).split("\n")
    assert COLOURS.findall(line) == COLOURS.findall(found)


def test_narrow_terminal_breaks_its_lines_itself() -> None:
    assert "word " * 20 == fitted("word " * 20, LEAST - 1)


@given(st.text(st.sampled_from("ab `\n\t  é日"), max_size=200), st.integers(LEAST, 90))
def test_no_word_is_lost_or_broken(text: str, width: int) -> None:
    found = fitted(text, width)

    assert text.split() == found.split()
    for line in found.split("\n"):
        assert len(line) <= width or len(line.split()) < 2 or "`" in line or "日" in line
