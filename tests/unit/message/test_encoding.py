import quopri
from email.header import decode_header, make_header

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.message.encoding import (
    MAX_COLUMNS,
    MAX_ENCODED_WORD,
    encoded_words,
    quoted_printable,
    quoted_printable_value,
)

unicode = st.text(max_size=400)


def test_columns_are_those_of_the_standards() -> None:
    assert (76, 75) == (MAX_COLUMNS, MAX_ENCODED_WORD)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (b"a\r\nb\r\nc\r\nd", "a\nb\r\nc\rd"),
        (b"space=20\r\ntab=09\r\n", "space \ntab\t\n"),
        (b"two =20", "two  "),
        (b"a=3Db", "a=b"),
        (b".\r\nFrom here\r\n", ".\nFrom here\n"),
        (b"=E2=80=A8=0B=00=7F", "\u2028\v\0\x7f"),
        (b"a" * 75 + b"=\r\naa", "a" * 77),
        (b"a" * 76 + b"\r\n", "a" * 76 + "\n"),
        (b"a" * 74 + b"=\r\n=C3=A9", "a" * 74 + "é"),
    ],
)
def test_quoted_printable_writes_rfc_2045_when_given(expected: bytes, text: str) -> None:
    assert expected == quoted_printable(text)


@given(unicode)
@example("é" * 100)
@example("=" * 100 + " ")
@example(" " * 77)
@example("\t\n \r\n")
def test_quoted_printable_decodes_to_the_same_text_when_read_by_another(text: str) -> None:
    encoded = quoted_printable(text)

    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert "\r\n".join(lines).encode() == quopri.decodestring(encoded)
    assert all(len(line) <= 76 for line in encoded.split(b"\r\n"))
    assert not any(line.endswith((b" ", b"\t")) for line in encoded.split(b"\r\n"))
    assert b"=_" not in encoded


@given(unicode)
def test_quoted_printable_leaves_room_when_a_soft_end_is_asked_for(text: str) -> None:
    encoded = quoted_printable(text, soft_end=True)

    assert all(len(line) <= 76 for line in encoded.split(b"\r\n"))
    assert encoded == b"" or encoded.endswith(b"\r\n")


@given(st.text(max_size=300).map(lambda text: text.replace("\r", "").replace("\n", "")))
def test_quoted_printable_value_keeps_one_column_free_for_the_break(value: str) -> None:
    encoded = quoted_printable_value(value)

    assert value.encode() == quopri.decodestring(encoded)
    assert all(len(line) <= 76 for line in encoded.split(b"\r\n"))
    assert len(encoded.split(b"\r\n")[-1]) <= 75


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["=?utf-8?q?Caf=C3=A9_au_lait?="], "Café au lait"),
        (["=?utf-8?q?one_word=5F=3F?="], "one word_?"),
        (["=?utf-8?b?Q2Fmw6k=?="], "Café"),
        (["=?utf-8?b?5pel5pys6Kqe?="], "日本語"),
    ],
)
def test_encoded_words_choose_the_shorter_encoding(expected: list[str], text: str) -> None:
    assert expected == encoded_words(text, first_room=60)


@given(st.text(min_size=1, max_size=200), st.integers(min_value=40, max_value=75))
@example("é" * 200, 60)
@example("👩‍💻" * 40, 66)
def test_encoded_words_are_each_whole_utf_8_when_decoded_alone(text: str, first: int) -> None:
    """RFC 2047, 2 and 5: at most 75 characters, no character split."""
    words = encoded_words(text, first_room=first)
    decoded = [decode_header(word)[0][0] for word in words]

    assert text == "".join(part.decode("utf-8") for part in decoded)
    assert len(words[0]) <= first
    assert all(len(word) <= 75 for word in words)


def test_encoded_words_join_without_a_space_when_read_by_another() -> None:
    text = "Über die Woche: fünf Läden, fünf Geschichten, größer als zuvor – und schöner"
    words = encoded_words(text, first_room=60)

    assert len(words) > 1
    assert text == str(make_header(decode_header("\r\n ".join(words))))
