"""`newsletter.mail_identity` on SPF: terms read, and what they come to (RFC 7208)."""

import asyncio
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.mail_identity import (
    SpfResult,
    SpfVerdict,
    check_host,
    is_spf,
    parse_spf,
    walk_whole,
)
from tests.zones import Zone


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("v=spf1", True),
        ("v=spf1 -all", True),
        ("V=SPF1 -all", True),
        ("v=spf10 -all", False),
        ("v=spf1-all", False),
        (" v=spf1 -all", False),
        ("spf1", False),
    ],
)
def test_a_record_says_first_what_it_is(text: str, is_one: bool) -> None:
    """RFC 7208, 4.5."""
    assert is_one == is_spf(text)


@pytest.mark.parametrize(
    "terms",
    [
        "-all",
        "ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all",
        "a mx a/24 mx//64 a/24//64 a:mail.example.com/30 -all",
        "include:_spf.example.com redirect=example.net",
        "exists:%{ir}.%{v}._spf.%{d2} exp=explain._spf.%{d}",
        "a:%{l1r-}.example.com unknown=%{d}-value",
        "ptr ptr:example.com",
        "A:EXAMPLE.com ?ALL",
    ],
)
def test_what_the_rfc_allows_is_read(terms: str) -> None:
    assert () == parse_spf(f"v=spf1 {terms}").faults


@pytest.mark.parametrize(
    "term",
    [
        "all:example.com",
        "include",
        "include:",
        "include:localhost",
        "include:example.123",
        "ip4:192.0.2.256",
        "ip4:192.0.2.0/33",
        "ip4:2001:db8::1",
        "ip4",
        "ip6:192.0.2.1",
        "ip6:2001:db8::/129",
        "a:/24",
        "a/33",
        "a//129",
        "a/024",
        "mx:%{x}.example.com",
        "exists:%{d0}.example.com",
        "exists:%{c}.example.com",
        "exists:%{d",
        "redirect=",
        "ipv4:192.0.2.1",
        "ip4:192.0.2.1,ip4:192.0.2.2",
        "a:ex ample.com",
    ],
)
def test_what_nobody_can_read_is_named(term: str) -> None:
    faults = parse_spf(f"v=spf1 {term} -all").faults

    assert faults
    assert any(word in fault for fault in faults for word in term.split()[:1] or [term])


def test_a_modifier_stands_once() -> None:
    assert ("“redirect=b.example.com” stands twice",) == parse_spf(
        "v=spf1 redirect=a.example.com redirect=b.example.com"
    ).faults


@given(st.text(alphabet=string.printable + "é\x00", max_size=300))
def test_no_text_is_too_much_for_the_reader(text: str) -> None:
    record = parse_spf(f"v=spf1 {text}")

    assert all(fault.startswith("“") for fault in record.faults)


WORDS = st.sampled_from(
    [*"/-~?+ir}", "a", "mx", "ptr", "all", "ip4:", "ip6:", "192.0.2.1", "::1", "24", "%{", ".com"]
) | st.sampled_from(["include:", "exists:", "redirect=", "exp=", "example"])


@given(st.lists(WORDS | st.just(" "), max_size=25).map("".join))
def test_every_record_has_a_result(terms: str) -> None:
    zone = Zone({"example.com TXT": [f"v=spf1 {terms}"], "example.com A": ["192.0.2.9"]})
    verdict = asyncio.run(check_host(zone, "192.0.2.1", "example.com"))
    walk = asyncio.run(walk_whole(zone, "example.com"))

    faults = parse_spf(f"v=spf1 {terms}").faults
    assert not faults or verdict.result is SpfResult.PERMERROR
    assert (verdict.result is SpfResult.PERMERROR) or walk.result is not SpfResult.TEMPERROR


def judged(records: dict[str, list[str]], address: str = "192.0.2.1") -> SpfVerdict:
    return asyncio.run(check_host(Zone(records), address, "example.com", local_part="bounces"))


@pytest.mark.parametrize(
    ("terms", "address", "result"),
    [
        ("ip4:192.0.2.1 -all", "192.0.2.1", "pass"),
        ("ip4:192.0.2.0/24 -all", "192.0.2.77", "pass"),
        ("ip4:192.0.2.0/24 -all", "198.51.100.1", "fail"),
        ("ip4:192.0.2.1 ~all", "198.51.100.1", "softfail"),
        ("ip4:192.0.2.1", "198.51.100.1", "neutral"),
        ("-ip4:192.0.2.1 +all", "192.0.2.1", "fail"),
        ("ip6:2001:db8::/32 -all", "2001:db8::7", "pass"),
        ("ip4:192.0.2.1 -all", "::ffff:192.0.2.1", "pass"),
        ("a -all", "192.0.2.50", "pass"),
        ("a/24 -all", "192.0.2.51", "pass"),
        ("a:other.example.com -all", "192.0.2.50", "fail"),
        ("a//64 -all", "2001:db8:1::ff", "pass"),
        ("mx -all", "192.0.2.60", "pass"),
        ("mx:example.net -all", "192.0.2.60", "fail"),
        ("include:deny.example.com ~all", "192.0.2.1", "softfail"),
        ("include:allow.example.com -all", "198.51.100.200", "pass"),
        ("redirect=allow.example.com", "198.51.100.1", "pass"),
        ("-all redirect=allow.example.com", "198.51.100.1", "fail"),
        ("exists:%{ir}.list.%{d} -all", "192.0.2.77", "pass"),
        ("exists:%{ir}.list.%{d} -all", "192.0.2.78", "fail"),
        ("exists:%{l}.by-name.%{d2} -all", "192.0.2.78", "pass"),
        ("ptr -all", "192.0.2.70", "pass"),
        ("ptr:example.net -all", "192.0.2.70", "fail"),
        ("ptr -all", "192.0.2.71", "fail"),
    ],
)
def test_an_address_is_judged_as_receivers_do(terms: str, address: str, result: str) -> None:
    zone = {
        "example.com TXT": ["unrelated", f"v=spf1 {terms}"],
        "example.com A": ["192.0.2.50"],
        "example.com AAAA": ["2001:db8:1::1"],
        "example.com MX": ["10 mx.example.com"],
        "mx.example.com A": ["192.0.2.60"],
        "other.example.com A": ["192.0.2.99"],
        "deny.example.com TXT": ["v=spf1 -all"],
        "allow.example.com TXT": ["v=spf1 ip4:198.51.100.0/24 -all"],
        "77.2.0.192.list.example.com A": ["127.0.0.2"],
        "bounces.by-name.example.com A": ["127.0.0.2"],
        "70.2.0.192.in-addr.arpa PTR": ["host.example.com"],
        "host.example.com A": ["192.0.2.70"],
        "71.2.0.192.in-addr.arpa PTR": ["host.example.com"],
        "78.2.0.192.in-addr.arpa PTR": [],
    }

    assert result == judged(zone, address).result


@pytest.mark.parametrize(
    ("zone", "result", "words"),
    [
        ({}, "none", "no SPF record"),
        ({"example.com TXT": ["v=spf1 a", "v=spf1 mx"]}, "permerror", "2 SPF records"),
        ({"example.com TXT": ["v=spf1 wat -all"]}, "permerror", "wat"),
        ({"example.com TXT": ["v=spf1 include:gone.example.com"]}, "permerror", "no SPF record"),
        ({"example.com TXT": ["v=spf1 redirect=gone.example.com"]}, "permerror", "no SPF record"),
        ({"example.com TXT": ["v=spf1 include:example.com"]}, "permerror", "over 10 lookups"),
        ({"example.com TXT": ["v=spf1 redirect=example.com"]}, "permerror", "over 10 lookups"),
        ({"example.com TXT": ["v=spf1 a:x.example a:y.example a:z.test"]}, "permerror", "z.test"),
        ({"example.com TXT": ["v=spf1 include:lost.example -all"]}, "temperror", "lost.example"),
        ({"example.com TXT": ["v=spf1 a:lost.example -all"]}, "temperror", "lost.example"),
    ],
)  # fmt: skip
def test_what_keeps_receivers_from_a_result(
    zone: dict[str, list[str]], result: str, words: str
) -> None:
    verdict = asyncio.run(check_host(Zone(zone, lost={"lost.example"}), "192.0.2.1", "example.com"))

    assert result == verdict.result
    assert words in verdict.why


@pytest.mark.parametrize(
    ("terms", "result", "lookups", "voids"),
    [
        ("-all", "fail", 0, 0),
        ("ip4:0.0.0.0/0 -all", "fail", 0, 0),
        ("a mx include:one.example.com -all", "fail", 5, 3),
        ("include:open.example.com -all", "pass", 1, 0),
        ("+all", "pass", 0, 0),
        ("ip4:192.0.2.1", "neutral", 0, 0),
        (" ".join(f"include:n{at}.example.com" for at in range(12)) + " -all", "fail", 12, 0),
        (" ".join(f"a:gone{at}.example.com" for at in range(4)) + " -all", "fail", 4, 4),
    ],
)
def test_the_whole_record_is_counted(terms: str, result: str, lookups: int, voids: int) -> None:
    """Whoever is not named: how much it takes to say so, and what is said."""
    zone = {
        "example.com TXT": [f"v=spf1 {terms}"],
        "example.com A": ["192.0.2.50"],
        "one.example.com TXT": ["v=spf1 a:gone.example.com mx ~all"],
        "open.example.com TXT": ["v=spf1 +all"],
        **{f"n{at}.example.com TXT": ["v=spf1 ip4:192.0.2.9 ~all"] for at in range(12)},
    }
    verdict = asyncio.run(walk_whole(Zone(zone), "example.com"))

    assert (result, lookups, voids) == (verdict.result, verdict.lookups, verdict.voids)


def test_a_walk_ends_whatever_it_is_led_into() -> None:
    zone = Zone({"example.com TXT": ["v=spf1 include:example.com"]})

    verdict = asyncio.run(walk_whole(zone, "example.com"))

    assert SpfResult.PERMERROR is verdict.result
    assert 40 > len(zone.asked)
