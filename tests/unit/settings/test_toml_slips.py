"""A slip in newsletter.toml is told with its line, and with what mends it."""

from pathlib import Path

import pytest

from newsletter.errors import SettingsError
from newsletter.settings.file import read_toml

TWICE = '[limits.domains]\ngmx = "5/s"\n\n'


@pytest.mark.parametrize(
    ("expected", "line"),
    [
        ('put the words in quotes: name = "The Block"', "name = The Block"),
        ("the quotation mark is not closed", 'name = "The Block'),
        ('put straight quotation marks round it: name = "…"', "name = “The Block”"),
        ("write `key = value`, or begin the line with # for a note", "name"),
        ("a stands there twice; keep one", "a = 1\na = 2"),
        ("there is no value behind the =", "a ="),
        ('put the words in quotes: gmx = "5/s"', "gmx = 5/s"),
        ('put the words in quotes: "gmx, web-de" = "5/s"', '"gmx, web-de" = 5/s'),
        ('put the words in quotes: window = "08:00-18:00"', "window = 08:00-18:00"),
        ('put the key in quotes: "gmx.de, gmx.net" = …', 'gmx.de, gmx.net = "5/s"'),
        ('put the key on line 2 in quotes: "gmail.com" = …', 'gmail.com = "5/s"\ngmail = "3/s"'),
        ("write the number in figures alone: per_day = 10000", "per_day = 10,000"),
        ("write the number in figures alone: per_day = 10", "per_day = 010"),
        ("write true or false in place of True, without quotes", "a = { pause = True }"),
        ("write month and day with two figures: 2026-12-01", "since = 2026-12-1"),
        ("there is no day 2026-02-30", "a = { since = 2026-02-30 }"),
        ("take away the comma before the }", 'a = { rate = "5/s", }'),
        ("write = in place of : within the braces", 'a = { rate: "5/s" }'),
        ("put commas between the pairs: { key = value, key = value }", "a = { b = 1; c = 2 }"),
        ("put commas between the values", "a = [5 15]"),
        ("a note begins with #, and not with //", "a = 5 // note"),
        ("the bracket is not closed", "a = [5, 15"),
        ("the bracket is not closed", "[limits"),
        ("the quotation marks are not closed", 'a = """text'),
        ("let what follows the bracket begin a line of its own", "[limits] a = 5"),
        (
            "[limits.domains] begins on line 2 already; put its lines there",
            f"{TWICE}[limits.domains]",
        ),
        ("[publication] begins on line 1 already; put its lines there", "[publication]"),
        (
            "domains is set on line 2 already; put all of it there, or all of it here",
            'domains = { gmx = "5/s" }\n[publication.domains]',
        ),
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


def test_braces_over_several_lines_are_told_at_their_beginning(tmp_path: Path) -> None:
    """Which line the parser stumbles over depends on its version, and so may the file's fate."""
    path = tmp_path / "newsletter.toml"
    path.write_text('[limits.domains]\nyahoo = {\n  rate = "5/s"\n', encoding="utf-8")

    with pytest.raises(SettingsError) as caught:
        read_toml(path)

    assert "what stands in braces stands on one line: yahoo = { … }" in caught.value.faults[0]


def test_file_that_is_no_text_is_no_toml(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_bytes(b"name = \xff")

    with pytest.raises(SettingsError) as caught:
        read_toml(tmp_path / "newsletter.toml")

    assert caught.value.faults[0].startswith("this is not UTF-8: ")
