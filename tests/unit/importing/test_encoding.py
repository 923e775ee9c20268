"""Pages in the encodings that their labels mean on the web, and labels that mean none."""

import time

import pytest

from newsletter.importing.encoding import decode_page, without_c1


@pytest.mark.parametrize(
    ("label", "data", "expected"),
    [
        ("iso-8859-1", b"\x93Sensors\x94 cost \x805 \x96 low", "“Sensors” cost €5 – low"),
        ("latin1", b"\x93Sensors\x94", "“Sensors”"),
        ("us-ascii", b"it\x92s", "it’s"),
        ("iso-8859-9", b"\xddstanbul \x80", "İstanbul €"),
        ("tis-620", b"\xa1\x85", "ก…"),
        ("shift_jis", "店舗①㈱".encode("cp932"), "店舗①㈱"),
        ("x-sjis", "①".encode("cp932"), "①"),
        ("gb2312", "镕€".encode("gb18030")[:2], "镕"),
        ("ks_c_5601-1987", "똠".encode("cp949"), "똠"),
        ("euc-kr", "똠".encode("cp949"), "똠"),
        ("KOI8-R", "Пятница".encode("koi8-r"), "Пятница"),
        ("utf-16", "Zoë".encode(), "Zoë"),
        ("x-user-defined", b"it\x92s", "it’s"),
    ],
)
def test_label_means_what_browsers_take_it_for(label: str, data: bytes, expected: str) -> None:
    page = f"<meta http-equiv=Content-Type content='text/html; charset={label}'>".encode() + data

    assert decode_page(page).endswith(expected)


@pytest.mark.parametrize(
    "label", ["punycode", "idna", "rot13", "unicode_escape", "raw_unicode_escape", "utf-7", "hex"]
)
def test_codec_that_is_no_encoding_of_the_web_is_not_used(label: str) -> None:
    text = r"caf\u00e9 Zoë +AOk- ab-ab"

    assert decode_page(f"<meta charset={label}>{text}".encode()).endswith(text)


def test_decoding_is_linear_whatever_the_page_asks_for() -> None:
    started = time.process_time()

    decode_page(b"<meta charset='punycode'>" + b"ab-" * 2_000_000)

    assert time.process_time() - started < 2


def test_codes_that_nobody_types_are_what_windows_has_there() -> None:
    assert "“5” €, " == without_c1("\x935\x94 \x80,\x81 ")


def test_page_that_is_xml_says_its_encoding_in_its_declaration() -> None:
    page = b"<?xml version='1.0' encoding='ISO-8859-15'?><html>\xa4</html>"

    assert "€" in decode_page(page)
