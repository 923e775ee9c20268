"""Addresses: what makes two of them one page, and what may be taken out of them."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.web_address import (
    canonical_address,
    is_front_page,
    is_web_address,
    place_of_address,
    tracking_parameters,
    without_tracking,
)
from newsletter.issue import Span, source_from_text

PARAMETERS = st.lists(
    st.sampled_from(["utm_source=a", "gclid=1", "id=7", "q=a%20b", "page", "", "fbclid", "UTM_X="])
)
PATHS = st.text(string.ascii_letters + "/.-_%", max_size=12)
ADDRESSES = st.builds(
    "{}://{}{}/{}{}{}".format,
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(["shop.example", "Shop.Example", "a.b.example"]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    PATHS,
    PARAMETERS.map(lambda parts: "?" + "&".join(parts) if parts else ""),
    st.sampled_from(["", "#", "#top", "#?utm_source=a"]),
)


@pytest.mark.parametrize(
    ("expected", "address"),
    [
        ("https://shop.example/News", "HTTPS://Shop.EXAMPLE/News"),
        ("https://shop.example", "https://shop.example/"),
        ("https://shop.example", "https://shop.example:443"),
        ("https://shop.example", "https://shop.example:/#"),
        ("http://shop.example:443", "http://shop.example:443/"),
        ("http://shop.example", "http://shop.example:80/#top"),
        ("https://shop.example/a?b=1&a=2", "https://shop.example/a/?b=1&a=2&utm_id=3"),
        ("https://shop.example/a", "https://shop.example/a?"),
        ("https://shop.example/a", "https://shop.example/a?utm_source=x#y"),
        ("https://[2001:db8::1]/a", "https://[2001:DB8::1]:443/a"),
        ("mailto:a@shop.example", "mailto:a@shop.example"),
        ("https://[", "https://["),
        ("", ""),
    ],
)
def test_canonical_address_is_the_same_for_one_page(expected: str, address: str) -> None:
    assert expected == canonical_address(address)


@given(ADDRESSES)
def test_canonical_address_is_its_own_canonical_address(address: str) -> None:
    canonical = canonical_address(address)

    assert canonical == canonical_address(canonical)
    assert () == tracking_parameters(canonical)


@given(ADDRESSES)
def test_without_tracking_takes_out_nothing_else(address: str) -> None:
    """Parts stay in their order and to the letter; path and fragment are never touched."""
    cleaned = without_tracking(address)
    before, mark, rest = address.partition("?")
    query, hash_, fragment = rest.partition("#") if "#" not in before else ("", "", "")
    tracked = set(tracking_parameters(address))
    kept = [part for part in query.split("&") if part.partition("=")[0] not in tracked]

    if not tracked:
        assert address == cleaned
    else:
        wanted = f"{before}{mark if kept else ''}{'&'.join(kept)}{hash_}{fragment}"
        assert wanted == cleaned
        assert cleaned == without_tracking(cleaned)


def test_tracking_parameters_are_not_looked_for_in_a_fragment() -> None:
    assert () == tracking_parameters("https://shop.example/#?utm_source=a")
    assert ("gclid",) == tracking_parameters("https://shop.example/?gclid=1#?utm_source=a")


def test_tracking_parameters_knows_whole_names_only() -> None:
    assert () == tracking_parameters("https://shop.example/?xgclid=1&gclidx=2&ref=3&utm=4")


def test_is_front_page_is_true_for_a_site_without_a_page() -> None:
    assert is_front_page("https://shop.example/?utm_source=a")
    assert not is_front_page("https://shop.example/?id=7")
    assert not is_front_page("https://shop.example/news")


def test_is_web_address_is_true_for_http_and_https_alone() -> None:
    assert is_web_address("HTTP://shop.example")
    assert is_web_address("https://shop.example")
    assert not is_web_address("mailto:a@shop.example")
    assert not is_web_address("//shop.example")


@pytest.mark.parametrize(
    ("expected", "line"),
    [
        ((10, 31), "See [it](https://shop.example/) now"),
        ((11, 32), "See [it](<https://shop.example/>) now"),
        ((6, 27), "See <https://shop.example/> now"),
        ((32, 53), "[from (https://shop.example/)](https://shop.example/)"),
        (None, "See [it](https://shop\\.example/) now"),
    ],
)
def test_place_of_address_is_where_the_address_stands(
    expected: tuple[int, int] | None, line: str
) -> None:
    source = source_from_text(line)

    found = place_of_address(source, source.span_of_line(1), "https://shop.example/")

    assert expected == (found and (found.column, found.end_column))


def test_place_of_address_is_none_for_a_link_on_two_lines() -> None:
    source = source_from_text("[a\nb](https://shop.example/)")

    assert None is place_of_address(
        source, Span(line=1, column=1, end_line=2, end_column=28), "https://shop.example/"
    )
