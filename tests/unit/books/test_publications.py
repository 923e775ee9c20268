"""How a publication is known: by a key that is given, or made of its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.books import MAX_KEY, key_of, parse_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("The Friday Five", "the-friday-five"),
        ("Grüße aus Kiel", "grusse-aus-kiel"),
        ("L'Été — 2026", "lete-2026"),
        ("C++ Weekly", "c-weekly"),
        ("x" * 200, "x" * MAX_KEY),
    ],
)
def test_key_is_made_of_a_name(name: str, key: str) -> None:
    assert key == key_of(name)


def test_names_without_letters_of_ours_have_keys_of_their_own() -> None:
    keys = {key_of(name) for name in ("金曜日", "土曜日", "!!!")}

    assert 3 == len(keys)
    assert {True} == {key.startswith("p-") for key in keys}


@given(st.text(min_size=1))
def test_key_of_any_name_is_a_key(name: str) -> None:
    assert key_of(name) == parse_key(key_of(name)) == key_of(name)


@pytest.mark.parametrize("text", ["a", "Friday-Five", "2026", "a-1-b", "x" * MAX_KEY])
def test_plain_names_are_keys_in_lower_case(text: str) -> None:
    assert text.lower() == parse_key(text)


@pytest.mark.parametrize(
    "text", ["", "-a", "a-", "a--b", "a b", "a_b", "ä", "a/b", "a\n", "x" * (MAX_KEY + 1), 7, None]
)
def test_what_is_no_plain_name_is_no_key(text: object) -> None:
    with pytest.raises(ValueError, match="no key"):
        parse_key(text)
