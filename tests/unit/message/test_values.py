"""A reader's words, whatever they are, change nothing round them."""

import html
import quopri
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.issue import Placeholder
from newsletter.message.values import (
    MAX_MARKS,
    MAX_VALUE,
    clean,
    clean_name,
    has_right_to_left,
    isolated,
    merged_value,
)

NAME = Placeholder(mark="zzSLOT1zz", field="first_name", default="there")
OPENING, CLOSING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068", "\u202c\u2069"
unicode = st.text(st.characters(), max_size=250)


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ("Zoë", "Zoë"),
        ("Ada Bcc: x@bad.example", "Ada\r\nBcc: x@bad.example"),
        ("Ada", " \t\u00a0Ada\u2003\u2028"),
        ("Ada Lovelace", "Ada\u00a0 \u0085\u2029Lovelace"),
        ("Ada", "A\0d\x1ba\x7f\x9f"),
        ("gnp.exe", "\u202egnp.exe"),
        ("Ada", "\u2067A\u2068d\u2069\u202ca\u206a"),
        ("Ada", "\u0301\u20dd\u200d\ufe0fAda"),
        ("Ada", "\u0301 \u0301Ada"),
        ("Zoe\u0308", "Zoe\u0308"),
        ("Z" + "\u0351" * MAX_MARKS + "a", "Z" + "\u0351" * 40 + "a"),
        ("क्षि", "क्षि"),
        ("မြွှေ့", "မြွှေ့"),
        ("Ada", "A\u200b\ufeff\u00add\u2060a"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩🏽‍💻 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️", "👩🏽‍💻 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️"),
        ("A\u200fb", "A\u200fb"),
        ("Ada", "A\ud800d\udfffa\ufffe\U0010ffff\ufdd0"),
        ("", "\u200d\u200c\u200e\u3164"),
        ("a" * MAX_VALUE, "a" * MAX_VALUE),
        ("a" * (MAX_VALUE - 1) + "…", "a" * (MAX_VALUE + 1)),
        ("a" * 97 + "…", "a" * 97 + "👩‍👩‍👧" * 3),
        ("a" * 98 + "…", "a" * 98 + " " + "b" * 9),
    ],
)
def test_clean_leaves(expected: str, value: str) -> None:
    assert expected == clean(value)


@given(unicode)
@example("\u202e" * 300)
@example("\u0301 \u0301Ada")
@example("\U000e0067" * 300)
@example("a" + "\u0e47" * 300)
def test_clean_gives_one_short_line_that_cleaning_leaves_as_it_is(value: str) -> None:
    cleaned = clean(value)

    assert cleaned == clean(cleaned)
    assert cleaned == " ".join(cleaned.split())
    assert len(cleaned) <= MAX_VALUE
    assert {"Cc", "Cs", "Zl", "Zp"}.isdisjoint(map(unicodedata.category, cleaned))
    assert not set(OPENING + CLOSING) & set(cleaned)
    assert not unicodedata.category((cleaned or "a")[0]).startswith("M")
    assert len(unicodedata.normalize("NFC", f">{cleaned}")) == 1 + len(
        unicodedata.normalize("NFC", cleaned)
    ), "no mark may join what stands before the value"


@given(st.text(st.sampled_from(OPENING + CLOSING + "aא1(\u0301\u200f \n"), max_size=40))
def test_isolated_opens_and_closes_as_often(value: str) -> None:
    """UAX #9, BD9: what is opened in a value is closed in it."""
    shown = isolated(clean(value))

    assert shown.count("\u2068") == shown.count("\u2069")
    assert shown == clean(value) or (shown[0], shown[-1]) == ("\u2068", "\u2069")
    assert has_right_to_left(shown) == ("\u2068" in shown)


@pytest.mark.parametrize("value", ["אדם", "علي", "𐤀", "A\u200fb", "Ada אדם!"])
def test_isolated_keeps_a_value_of_the_other_direction_to_itself(value: str) -> None:
    assert f"\u2068{value}\u2069" == isolated(value)


def test_isolated_leaves_a_value_alone_unless_the_text_runs_the_other_way() -> None:
    assert ("Zoë", "\u2068Zoë\u2069", "") == (
        isolated("Zoë"),
        isolated("Zoë", is_among=True),
        isolated("", is_among=True),
    )


def test_clean_name_takes_no_direction_into_a_header() -> None:
    assert "Ada" == clean_name("\u202eA\u2066da")


@given(unicode)
@example("</p><script>alert(1)</script>")
@example("--><!-- <![endif]-->")
@example('" onload="x')
@example("&lt;b&gt;")
def test_merged_value_is_no_markup_wherever_it_stands(value: str) -> None:
    """In running text and in an attribute, as Python's own HTML parser reads it."""
    _, encoded = merged_value(NAME, value, "here")
    shown = _quoted_printable(encoded)
    parser = _Recorder()
    parser.feed(f'<p title="{shown}">{shown}</p><!--[if mso]><i>{shown}</i><![endif]-->')
    parser.close()

    expected = isolated(clean(value) or "there")
    assert [("p", [("title", expected)])] == parser.tags
    assert expected == "".join(parser.words)
    assert [f"[if mso]><i>{html.escape(expected)}</i><![endif]"] == parser.comments


def _quoted_printable(encoded: bytes) -> str:
    return quopri.decodestring(encoded).decode()


class _Recorder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.words: list[str] = []
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)
