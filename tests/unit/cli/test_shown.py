"""What a terminal is told obeys nobody but us."""

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.cli.console import bad, faint, good, strong, warning
from newsletter.cli.shown import shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", r"\u001b[31mred\u001b[0m"),
        ("\x1b]0;title\x07", r"\u001b]0;title\u0007"),
        (
            "\x1b]8;;https://evil.example/\x1b\\here",
            "\\u001b]8;;https://evil.example/\\u001b\\here",
        ),
        ("\x1bPq\x1b\\ \x1b^a \x1b_b \x1bc", r"\u001bPq\u001b\ \u001b^a \u001b_b \u001bc"),
        ("\x9b31m \x9d0;a\x9c \x90", r"\u009b31m \u009d0;a\u009c \u0090"),
        ("over\rwritten\b\x0b\x0c\x00\x7f", r"over\u000dwritten\u0008\u000b\u000c\u0000\u007f"),
        ("a\u202eb\u202dc\u202ad\u202be\u202c", r"a\u202eb\u202dc\u202ad\u202be\u202c"),
        ("a\u2066b\u2067c\u2068d\u2069", r"a\u2066b\u2067c\u2068d\u2069"),
        ("a\u2028b\u2029c\x85d", r"a\u2028b\u2029c\u0085d"),
        ("pay\u200bpal pay\u2060pal pay\u200dpal pay\ufeffpal", None),
        ("ab\u200eba pay\u00adpal pay\u180epal", None),
        ("a\U000e0041\U000e0042b", r"a\udb40\udc41\udb40\udc42b"),
        ("a\ufe01\ufe02\U000e0101b", r"a\ufe01\ufe02\udb40\udd01b"),
        ("\udcff2021.md", r"\udcff2021.md"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("שלום \u200fעולם", "שלום \u200fעולם"),
        ("می\u200cخواهم 👩\u200d🚀 ❤\ufe0f", "می\u200cخواهم 👩\u200d🚀 ❤\ufe0f"),
        ("🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f", None),
    ],
)
def test_shown_writes_out_what_a_terminal_would_obey(text: str, expected: str | None) -> None:
    said = shown(text)

    if expected is not None:
        assert expected == said
    elif text.startswith("🏴"):
        assert text == said
    else:
        assert said.isascii()
        assert r"\u" in said


DIRECTIONS = {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI"}


@given(st.text())
def test_shown_lets_no_control_and_no_direction_through(text: str) -> None:
    said = shown(f"{strong(text)}{text}")
    ours = re.sub(r"\x1b\[[01]m", "", said, count=2)

    assert {unicodedata.category(one) for one in ours if one not in "\n\t"}.isdisjoint({"Cc", "Cs"})
    assert DIRECTIONS.isdisjoint(map(unicodedata.bidirectional, ours))


@given(st.text())
def test_json_stays_json_and_says_the_same(text: str) -> None:
    data = {"text": text, text: [text]}

    assert data == json.loads(shown(json.dumps(data, ensure_ascii=False)))


@pytest.mark.parametrize("style", [bad, faint, good, strong, warning])
def test_our_own_colours_come_through_and_nobody_elses(style: object) -> None:
    assert callable(style)
    said = shown(style("a\x1b[31mb"))

    assert re.fullmatch(r"\x1b\[[0-9;]+ma\\u001b\[31mb\x1b\[0m", said)


def test_a_text_that_says_a_colour_by_its_codes_gets_none() -> None:
    assert "\x1b" not in shown("\x1b[1m \x1b0123456789abcdef1m \x1b[0m")
