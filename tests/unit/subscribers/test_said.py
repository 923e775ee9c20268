"""What is typed of a person, taken or refused in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import PersonError
from newsletter.subscribers import checked_line, checked_tag


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("uk", "uk"),
        (" UK ", "uk"),
        ("Straße", "strasse"),
        ("early-bird_2", "early-bird_2"),
        ("東京", "東京"),
    ],
)
def test_tag_is_folded(text: str, expected: str) -> None:
    assert expected == checked_tag(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "a b", "a,b", "a\nb", "x" * 41, "x" * 1_000_000, "\x00", "<b>", "tag:uk", "\udcff"],
)
def test_tag_that_is_none_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(PersonError) as caught:
        checked_tag(text)

    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)


def test_line_is_taken_as_it_is() -> None:
    assert "Łucja “Lu” 👩\u200d🚀 <b>" == checked_line(
        " Łucja “Lu” 👩\u200d🚀 <b> ", what="it", most=200
    )
    assert "" == checked_line("  ", what="it", most=200)


@pytest.mark.parametrize(
    "text", ["a\r\nBcc: x", "a\x00b", "a\u2028b", "\x1b[2J", "\udcff", "x" * 1_000_000]
)
def test_line_that_is_none_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(PersonError, match="the reason") as caught:
        checked_line(text, what="the reason", most=500)

    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)


def test_line_may_be_asked_for() -> None:
    with pytest.raises(PersonError, match=r"^the reason is missing; say why$"):
        checked_line("  ", what="the reason", most=500, step="say why")


@given(st.text())
def test_line_that_is_taken_can_be_stored(text: str) -> None:
    try:
        said = checked_line(text, what="it", most=500)
    except PersonError:
        return
    assert "\x00" not in said
    assert said == said.encode("utf-8").decode("utf-8")
