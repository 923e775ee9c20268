"""Characters that nobody typed are told from those of any language."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.damage import damages, is_sound, masked


def misread(text: str, codec: str) -> str:
    """UTF-8 read in another encoding; Windows-1252 has holes, which programs let through."""
    holes = b"\x81\x8d\x8f\x90\x9d" if codec == "cp1252" else b""
    octets = (bytes([octet]) for octet in text.encode())
    return "".join(octet.decode("latin-1" if octet in holes else codec) for octet in octets)


def mended(text: str) -> str:
    parts, done = [], 0
    for damage in damages(text):
        parts += [text[done : damage.start], text[damage.start : damage.end]]
        parts[-1] = damage.meant if damage.meant is not None else parts[-1]
        done = damage.end
    return "".join([*parts, text[done:]])


@pytest.mark.parametrize(
    "word",
    [
        *("it’s", "“quoted”", "a – b — c", "wait…", "€5", "£5", "Trade™", "→", "✓", "20 °C", "½"),
        *("café", "naïve", "São", "über", "Ünïcödé", "ñandú", "Straße", "çà", "Łódź", "ć", "ž"),
        *("😀", "é’s", "« à »"),
    ],
)
def test_words_read_in_windows_encoding_are_mended(word: str) -> None:
    assert word == mended(misread(word, "cp1252"))


@pytest.mark.parametrize("word", ["it’s", "“q”", "a – b", "a — b", "a…", "café", "über", "naïve"])
def test_words_read_as_a_macintosh_would_are_mended(word: str) -> None:
    assert word == mended(misread(word, "mac_roman"))


@pytest.mark.parametrize("word", ["it’s", "“q”", "a – b"])
def test_marks_read_in_a_russian_encoding_are_mended(word: str) -> None:
    text = "".join(bytes([octet]).decode("cp1251", "replace") for octet in word.encode())

    assert word == mended(text)


def test_words_misread_twice_are_mended_at_once() -> None:
    assert "it’s" == mended(misread(misread("it’s", "cp1252"), "cp1252"))


@pytest.mark.parametrize(
    "text",
    [
        "CAFÉ’S “É” É… ISN’T “CAFÉ” SÃO “IRMÃ” IRMÃ» IRMÃ’S STRAßE” Ü– Ñ—",
        "Ça va ? « Oui » — Ñandú… Ærø™ Å® Ø©",
        "“‘Déjà vu’” et «\u00a0là\u00a0» à\u00a0Noël, voilà…",
        "Đây là Ấn Độ â, lâ… “lâ”",
        "שלום \u2067abc\u2069 \u200fעולם, العربية، می\u200cخواهم",
        "四十店舗のセンサー 한국어 ไทย हिन्दी க்\u200dஷ",
        "π√π √2 √x ‚ein‘ „Ärger“ ‚Ärger‘",
        "👩\u200d🚀 ❤\ufe0f 🏳\ufe0f\u200d🌈 e\u0301",
        "\ttabs and  spaces\u00a0, a\u2009b",
        "Где “дом”? В “Ђ” и вЂ",
    ],
)
def test_sound_words_of_any_language_are_let_be(text: str) -> None:
    assert [] == list(damages(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It\x92s \x93open\x94 \x96 \x85", "It’s “open” – …"),
        ("Harbour\u202e Foods\u202c", "Harbour Foods"),
        ("a\u2066b\u2069 \u202ac\u202c", "ab c"),
        ("one.\u2028Two. \u2029Three\x0bfour", "one. Two. Three four"),
        ("pay\u200bpal so\u00adft a\ufeffb w\u2060j p\u200dp \u180e", "paypal soft ab wj pp "),
        ("\uf0b7 one \uf0e0 two", "• one → two"),
        ("\ue0a0 stays, for nobody knows", "\ue0a0 stays, for nobody knows"),
        ("lost\ufffd", "lost\ufffd"),
        ("an \ufffcobject", "an object"),
        ("bell\x07 escape\x1b[31m null\x00", "bell escape[31m null"),
        ("ï»¿begins", "begins"),
        ("ï¿½", "ï¿½"),
        ("no\ufffecharacter\ufdd0", "nocharacter"),
        ("שלום\u202e!", "שלום!"),
    ],
)
def test_what_nobody_typed_is_found(text: str, expected: str) -> None:
    assert list(damages(text))
    assert expected == mended(text)


@given(st.text())
def test_damages_are_in_order_and_apart_and_sound_lines_have_none(text: str) -> None:
    found = list(damages(text))
    ends = [0, *(damage.end for damage in found)]

    assert all(before <= one.start < one.end for before, one in zip(ends, found, strict=False))
    assert not (is_sound(text) and found)
    assert len(text) == len(masked(text))


def test_damages_take_time_as_the_text_is_long() -> None:
    for text in ("Ã" * 200_000, "â€" * 100_000, "√©" * 100_000, "вЂ" * 100_000, "\u200b" * 200_000):
        begun = process_time()
        list(damages(text))

        assert process_time() - begun < 4
