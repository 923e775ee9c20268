"""`newsletter.mail_identity` on what is good to have: MTA-STS, TLS-RPT, BIMI."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.mail_identity import bimi_fault, parse_sts_policy, sts_fault, tls_rpt_fault

POLICY = """version: STSv1\r
mode: enforce\r
mx: mx.example.com\r
mx: *.example.net\r
max_age: 86400\r
"""


@pytest.mark.parametrize(
    ("records", "fault"),
    [
        (("v=STSv1; id=20261129",), ""),
        (("v=STSv1; id=20261129", "other"), ""),
        (("v=STSv1; id=2026-11",), "its id= is not 1 to 32 letters and digits"),
        (("v=STSv1;",), "its id= is not 1 to 32 letters and digits"),
        (("v=STSv1; id=1", "v=STSv1; id=2"), "there are 2 records"),
    ],
)
def test_the_record_of_mta_sts(records: tuple[str, ...], fault: str) -> None:
    assert sts_fault(records).startswith(fault)
    assert bool(fault) == bool(sts_fault(records))


def test_a_policy_names_the_hosts_that_it_covers() -> None:
    policy = parse_sts_policy(POLICY)

    assert ("", "enforce") == (policy.fault, policy.mode)
    for host, is_covered in {
        "mx.example.com": True,
        "a.example.net": True,
        "a.b.example.net": False,
        "example.net": False,
        "mx.example.org": False,
    }.items():
        assert is_covered == policy.covers(host), host


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("STSv1", "STSv2", "its version is not STSv1"),
        ("enforce", "strict", "its mode is none of enforce, testing, none"),
        ("86400", "forever", "its max_age"),
        ("86400", "99999999", "its max_age"),
        ("mx:", "mxx:", "it names no mx"),
        ("mode: ", "mode ", "“mode enforce” is not KEY: VALUE"),
    ],
)
def test_what_is_wrong_with_a_policy(old: str, new: str, fault: str) -> None:
    assert parse_sts_policy(POLICY.replace(old, new)).fault.startswith(fault)


@given(st.text(alphabet=string.printable + "é\x00", max_size=300))
def test_no_policy_is_too_much_for_the_reader(text: str) -> None:
    assert isinstance(parse_sts_policy(text).fault, str)
    assert isinstance(sts_fault((f"v=STSv1;{text}",)), str)


@pytest.mark.parametrize(
    ("record", "is_sound"),
    [
        ("v=TLSRPTv1; rua=mailto:a@example.com", True),
        ("v=TLSRPTv1;rua=https://example.com/r,mailto:a@example.com", True),
        ("v=TLSRPTv1; rua=a@example.com", False),
        ("v=TLSRPTv1", False),
        ("v=TLSRPT1; rua=mailto:a@example.com", False),
    ],
)
def test_the_record_of_tls_rpt(record: str, is_sound: bool) -> None:
    assert is_sound == (tls_rpt_fault((record,)) == "")


@pytest.mark.parametrize(
    ("record", "is_sound"),
    [
        ("v=BIMI1; l=https://example.com/logo.svg; a=", True),
        ("v=BIMI1; l=http://example.com/logo.svg", False),
        ("v=BIMI1; l=;", False),
    ],
)
def test_the_record_of_bimi(record: str, is_sound: bool) -> None:
    assert is_sound == (bimi_fault((record,)) == "")
