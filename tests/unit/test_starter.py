"""What `newsletter init` lays out has a key of its own."""

import tomllib
from pathlib import Path

import pytest

from newsletter.books import key_of, parse_key
from newsletter.starter import new_key, starter_folder, with_key


@pytest.mark.parametrize("folder", ["friday", "Grüße 7", "金曜日", "x" * 200, "-", ""])
def test_new_key_is_a_key_and_no_two_are_alike(folder: str) -> None:
    keys = {new_key(key_of(folder)) for _ in range(3)}

    assert 1 < len(keys)
    assert keys == {parse_key(key) for key in keys}
    assert {key_of(folder)[:50]} == {key[:-5] for key in keys}


def test_key_stands_in_its_section_and_nothing_else_changes() -> None:
    text = (Path(starter_folder()) / "newsletter.toml").read_text(encoding="utf-8")

    before, after = tomllib.loads(text), tomllib.loads(with_key(text, "five-2"))

    assert "key" not in before["publication"]
    assert {**before["publication"], "key": "five-2"} == after["publication"]
    assert {name: after[name] for name in after if name != "publication"} == {
        name: before[name] for name in before if name != "publication"
    }
