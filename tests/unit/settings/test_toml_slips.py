"""A slip in newsletter.toml is told with its line, and with what mends it."""

from pathlib import Path

import pytest

from newsletter.errors import SettingsError
from newsletter.settings.file import read_toml


@pytest.mark.parametrize(
    ("expected", "line"),
    [
        ('put the words in quotes: name = "The Block"', "name = The Block"),
        ("the quotation mark is not closed", 'name = "The Block'),
        ('put straight quotation marks round it: name = "…"', "name = “The Block”"),
        ("write `key = value`, or begin the line with # for a note", "name"),
        ("a stands there twice; keep one", "a = 1\na = 2"),
    ],
)
def test_slip_is_told_with_its_line_and_what_mends_it(
    expected: str, line: str, tmp_path: Path
) -> None:
    path = tmp_path / "newsletter.toml"
    path.write_text(f"[publication]\n{line}\n", encoding="utf-8")

    with pytest.raises(SettingsError) as caught:
        read_toml(path)

    number, last = line.count("\n") + 2, line.splitlines()[-1]
    assert (f"line {number}, “{last}” is not TOML: {expected}",) == caught.value.faults


def test_file_that_is_no_text_is_no_toml(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_bytes(b"name = \xff")

    with pytest.raises(SettingsError) as caught:
        read_toml(tmp_path / "newsletter.toml")

    assert caught.value.faults[0].startswith("this is not UTF-8: ")
