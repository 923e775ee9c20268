"""A reason that gives no address away."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.subscribers import hashed, without_addresses

ADA = "ada.king@example.com"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rang from Leeds", "rang from Leeds"),
        ("", ""),
        (f"{ADA} rang", "(an address) rang"),
        ("<Ada.King@EXAMPLE.com>, rang", "<(an address)>, rang"),
        ("ada.king at example.com", "(an address) at (an address)"),
        ("ada.king%40example.com", "(an address)"),
        ("ａｄａ．ｋｉｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "(an address)"),
        ("bob@elsewhere.example too", "(an address) too"),
        ('"a b"@example.org', "(an address)"),
        (f"has {hashed(ADA)}", "has (an address)"),
        (f"has {hashed(ADA).removeprefix('sha256:').upper()}", "has (an address)"),
        ("two\r\nlines\tof it", "two lines of it"),
    ],
)
def test_reason_keeps_its_words_and_no_address(text: str, expected: str) -> None:
    assert expected == without_addresses(text, ADA)


def test_international_domain_is_known_as_it_is_read() -> None:
    assert "moved to (an address)" == without_addresses(
        "moved to bücher.example", "a@xn--bcher-kva.example"
    )


@given(st.text(max_size=40), st.text(max_size=40))
@example("", "x")
def test_address_is_never_left(before: str, after: str) -> None:
    assert ADA not in without_addresses(f"{before}{ADA}{after}", ADA).lower()
