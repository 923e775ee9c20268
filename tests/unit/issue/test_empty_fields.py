"""What becomes of the words round a field that has nothing to say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.issue import without

WORDS = st.text(st.sampled_from("ab ,.!\n<>/pé"), max_size=12)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("Hello, welcome.", "Hello X, welcome."),
        ("Hello!", "Hello X!"),
        ("Hello!", "Hello, X!"),
        ("Hello", "Hello X"),
        ("Hi there", "Hi X there"),
        ("Dear,\nwe write", "Dear X,\nwe write"),
        ("Here is your week.", "X, here is your week."),
        ("Welcome back", "X! Welcome back"),
        ("One.\n\nYour week", "One.\n\nX, your week"),
        ("Hallo, schön", "Hallo\u00a0X, schön"),
        ("مرحبا، أهلا", "مرحبا X، أهلا"),
        ("read, \nthe last", "read \nX, the last"),
        ("Hi and.", "Hi X and X."),
        ("Hello<strong></strong>, welcome", "Hello <strong>X</strong>, welcome"),
        ('Hello<em style="a:b"></em>.', 'Hello <em style="a:b">X</em>.'),
        ("<p>Hello</p>", "<p>Hello, X</p>"),
        ('<p style="a:b">Your week</p>', '<p style="a:b">X, your week</p>'),
        ("Hello<br>we", "Hello X<br>we"),
        ("no mark, none", "no mark, none"),
    ],
)
def test_no_sign_of_a_field_remains(expected: str, text: str) -> None:
    assert expected == without("X", text)


@pytest.mark.parametrize("text", ["Hello Xs", "‘X’", "(X)", "a/X/b", "a <i>X</i> b", "X y"])
def test_what_is_not_understood_is_left_but_for_the_field(text: str) -> None:
    assert text.replace("X", "") == without("X", text)


@given(before=WORDS, after=WORDS)
def test_only_spaces_and_stops_go(before: str, after: str) -> None:
    kept = without("X", f"{before}X{after}")

    assert [one for one in (before + after).lower() if one not in " ,.!\n"] == [
        one for one in kept.lower() if one not in " ,.!\n"
    ]
