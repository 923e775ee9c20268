"""Values put into the text of newsletter.toml, each in its place."""

import tomllib
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.settings import with_values

TEXT = """\
# About this file.
[one]
name = "old"                                        # what it is called
# shown = "example"                                 # what it may be
many = [                                            # all of them
  "a",
  "b",
]
[one.inner]
# number = 3
"""


def test_value_is_set_and_its_comment_stays() -> None:
    text = with_values(TEXT, {"one": {"shown": "now set", "many": ["c"]}}, {})

    assert {"one": {"name": "old", "shown": "now set", "many": ["c"], "inner": {}}} == (
        tomllib.loads(text)
    )
    assert 'shown = "now set"                                   # what it may be' in text
    assert text.startswith("# About this file.\n")


def test_example_stays_one_and_what_was_set_may_become_one() -> None:
    text = with_values(TEXT, {}, {"one": {"shown": "Beispiel", "name": "Name"}})

    assert {"one": {"many": ["a", "b"], "inner": {}}} == tomllib.loads(text)
    assert '# shown = "Beispiel"' in text
    assert '# name = "Name"' in text


def test_key_without_a_line_comes_first_in_its_section() -> None:
    text = with_values(TEXT, {"one.inner": {"table": {"a": True, "b": [1, 2]}}}, {})

    assert {"table": {"a": True, "b": [1, 2]}} == tomllib.loads(text)["one"]["inner"]


def test_section_that_is_not_there_is_a_slip_of_ours() -> None:
    with pytest.raises(KeyError, match="two"):
        with_values(TEXT, {"two": {"name": "x"}}, {})


@example("a\\b\nc")
@example("\x7f")
@given(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"])),
        st.booleans(),
        st.integers(-(2**53), 2**53),
        st.lists(st.text("ab\"'\\ #]=…", max_size=8), max_size=3),
    )
)
def test_any_value_is_read_again_as_it_was(value: Any) -> None:
    assert value == tomllib.loads(with_values(TEXT, {"one": {"name": value}}, {}))["one"]["name"]
