"""`newsletter.mail_identity` on DMARC: records read, the walk up the DNS, alignment (RFC 9989)."""

import asyncio
import string
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.mail_identity import Policy, Walk, is_aligned, walk_up
from newsletter.mail_identity.dmarc import is_dmarc, parse_dmarc
from tests.zones import Zone


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("v=DMARC1; p=none", True),
        ("v = DMARC1;p=none", True),
        ("v=DMARC1", True),
        ("v=dmarc1; p=none", False),
        ("v=DMARC10; p=none", False),
        ("p=none; v=DMARC1", False),
    ],
)
def test_a_record_says_first_what_it_is(text: str, is_one: bool) -> None:
    assert is_one == is_dmarc(text)


def test_a_record_is_read() -> None:
    record = parse_dmarc(
        "example.com",
        "v=DMARC1; p=reject; sp=quarantine; aspf=s; rua=mailto:a@example.com!1m,mailto:b@x.example",
    )

    assert (Policy.REJECT, Policy.QUARANTINE) == (record.policy, record.subdomain_policy)
    assert (True, False) == (record.strict_spf, record.strict_dkim)
    assert ("example.com", "x.example") == record.report_domains
    assert Policy.REJECT is record.policy_of("example.com")
    assert Policy.QUARANTINE is record.policy_of("news.example.com")
    assert ((), ()) == (record.faults, record.notes)


@pytest.mark.parametrize(
    ("tags", "fault", "note"),
    [
        ("p=rejekt", "p=rejekt is none of none, quarantine, reject", ""),
        ("sp=none", "p= is not in it", ""),
        ("p=none; p=reject", "p= stands twice", ""),
        ("p=none; sp=no", "sp=no is none of", ""),
        ("p=none; adkim=relaxed", "adkim= is neither r nor s", ""),
        ("p=none, rua=mailto:a@example.com", "p=none, rua=mailt", ""),
        ("p=none; nonsense", "“nonsense” is not NAME=VALUE", ""),
        ("p=none; rua=a@example.com", "", "rua= has “a@example.com”, which is no mailto: address"),
        ("p=reject; pct=50", "", "pct= counts no more"),
        ("p=reject; t=y", "", "t=y asks receivers to be milder"),
        ("p=none; unknown=1", "", ""),
    ],
)
def test_what_is_wrong_with_a_record_is_named(tags: str, fault: str, note: str) -> None:
    record = parse_dmarc("example.com", f"v=DMARC1; {tags}")

    assert bool(fault) == bool(record.faults)
    assert bool(note) == bool(record.notes)
    assert fault in " ".join(record.faults)
    assert note in " ".join(record.notes)


@given(st.text(alphabet=string.printable + "é\x00", max_size=300))
def test_no_text_is_too_much_for_the_reader(text: str) -> None:
    record = parse_dmarc("example.com", f"v=DMARC1;{text}")

    assert record.policy in Policy


def walk(records: Mapping[str, str], domain: str, lost: tuple[str, ...] = ()) -> Walk:
    zone = Zone({f"_dmarc.{name} TXT": [text] for name, text in records.items()}, lost=lost)
    return asyncio.run(walk_up(zone, domain))


@pytest.mark.parametrize(
    ("records", "organisation", "applied"),
    [
        ({}, "a.mail.example.com", None),
        ({"mail.example.com": "", "example.com": ""}, "example.com", "example.com"),
        ({"com": "psd=y"}, "example.com", "com"),
        ({"com": "psd=y", "mail.example.com": ""}, "example.com", "com"),
        ({"example.com": "psd=n", "com": ""}, "example.com", "example.com"),
        ({"a.mail.example.com": "", "example.com": ""}, "example.com", "a.mail.example.com"),
        ({"a.mail.example.com": "psd=y"}, "a.mail.example.com", "a.mail.example.com"),
    ],
)
def test_the_organisation_is_found_by_walking_up(
    records: Mapping[str, str], organisation: str, applied: str | None
) -> None:
    """RFC 9989, 4.10; the first four are its own examples."""
    found = walk(
        {name: f"v=DMARC1; p=none; {more}" for name, more in records.items()}, "a.mail.example.com"
    )

    assert organisation == found.organisation
    assert applied == (found.applied.domain if found.applied else None)


def test_a_long_name_takes_eight_questions() -> None:
    zone = Zone({})

    asyncio.run(walk_up(zone, "a.b.c.d.e.f.g.h.i.j.mail.example.com"))

    assert [
        "_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "_dmarc.g.h.i.j.mail.example.com",
        "_dmarc.h.i.j.mail.example.com",
        "_dmarc.i.j.mail.example.com",
        "_dmarc.j.mail.example.com",
        "_dmarc.mail.example.com",
        "_dmarc.example.com",
        "_dmarc.com",
    ] == [name for name, _ in zone.asked]


def test_several_records_count_for_nothing() -> None:
    zone = Zone({"_dmarc.example.com TXT": ["v=DMARC1; p=none", "v=DMARC1; p=reject", "other"]})

    found = asyncio.run(walk_up(zone, "example.com"))

    assert ("example.com", None) == (found.several, found.applied)


def test_silence_is_not_the_absence_of_a_record() -> None:
    found = walk({}, "news.example.com", lost=("_dmarc.example.com",))

    assert found.unknown is not None
    assert "_dmarc.example.com" == found.unknown.name


@pytest.mark.parametrize(
    ("own", "other", "strict", "aligned"),
    [
        ("example.com", "example.com", True, True),
        ("news.example.com", "bounces.example.com", False, True),
        ("news.example.com", "bounces.example.com", True, False),
        ("news.example.com", "example.com", False, True),
        ("example.com", "example.net", False, False),
        ("example.com", "badexample.com", False, False),
    ],
)
def test_alignment(own: str, other: str, strict: bool, aligned: bool) -> None:
    records = dict.fromkeys(("example.com", "example.net"), "v=DMARC1; p=none")

    assert aligned == is_aligned(walk(records, own), walk(records, other), strict=strict)
