"""`newsletter.mail_identity` on DKIM: a record in the DNS, held against the key that signs here."""

import base64
import string

import dns.zone
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.mail_identity import KeyFault, Wanted, key_faults, looks_like_key

BARE = b"\x30\x82" + bytes(range(200))
"""An RSA key without its frame, as far as anybody looks who compares it."""
FRAMED = b"\x30\x82\x01\x22\x30\x0d" + BARE


def b64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


OURS = f"v=DKIM1; k=rsa; p={b64(FRAMED)}"
ED = f"v=DKIM1; k=ed25519; p={b64(b'e' * 32)}"


@pytest.mark.parametrize(
    "found",
    [
        OURS,
        f"p={b64(FRAMED)}",
        f"v=DKIM1;p={b64(FRAMED)};",
        f"v=DKIM1; h=sha1:sha256; s=email; t=s; n=a note; p={b64(FRAMED)}",
        f"v=DKIM1; p={b64(FRAMED)[:80]} {b64(FRAMED)[80:]}",
        f"v=DKIM1; k=rsa; p={b64(BARE)}",
    ],
)
def test_our_key_is_known_in_every_form(found: str) -> None:
    """RFC 6376, 3.6.1, and erratum 3017: the key may stand bare."""
    assert () == key_faults(found, OURS)


@pytest.mark.parametrize(
    ("found", "fault", "words"),
    [
        ("v=DKIM1; k=rsa; p=", KeyFault.REVOKED, "revoked"),
        (f"v=DKIM2; p={b64(FRAMED)}", KeyFault.INVALID, "DKIM1"),
        (f"p={b64(FRAMED)}; v=DKIM1", KeyFault.INVALID, "first"),
        ("v=DKIM1; k=rsa", KeyFault.INVALID, "no p="),
        ("v=DKIM1; p=not*base64", KeyFault.INVALID, "base64"),
        (f"v=DKIM1; v=DKIM1; p={b64(FRAMED)}", KeyFault.INVALID, "twice"),
        (f"v=DKIM1; p={b64(b'x' * 200)}", KeyFault.OTHER_KEY, "another key"),
        (f"v=DKIM1; p={b64(FRAMED[-20:])}", KeyFault.OTHER_KEY, "another key"),
        (ED, KeyFault.OTHER_KEY, "a key for ed25519, ours for rsa"),
        (f"v=DKIM1; h=sha1; p={b64(FRAMED)}", KeyFault.NARROW, "sha256"),
        (f"v=DKIM1; s=tlsrpt; p={b64(FRAMED)}", KeyFault.NARROW, "mail"),
        (f"v=DKIM1; t=y:s; p={b64(FRAMED)}", KeyFault.TESTING, "t=y"),
    ],
)
def test_what_keeps_a_signature_from_counting(found: str, fault: KeyFault, words: str) -> None:
    [(first, said), *_] = key_faults(found, OURS)

    assert fault is first
    assert words in said


@pytest.mark.parametrize(
    ("text", "is_one"),
    [(OURS, True), ("p=", True), ("v=DKIM1", True), ("v=spf1 -all", False), ("hello", False)],
)
def test_what_is_meant_to_be_a_key(text: str, is_one: bool) -> None:
    assert is_one == looks_like_key(text)


@given(st.text(alphabet=string.printable + "é\x00", max_size=300))
def test_no_record_is_too_much_for_the_reader(text: str) -> None:
    assert isinstance(key_faults(text, OURS), tuple)
    assert key_faults(f"v=DKIM1; {text}", OURS)


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (Wanted(name="example.com", kind="MX", value="10 mx.example.com"),
         "example.com. IN MX 10 mx.example.com."),
        (Wanted(name="7.2.0.192.in-addr.arpa", kind="PTR", value="mail.example.com"),
         "7.2.0.192.in-addr.arpa. IN PTR mail.example.com."),
        (Wanted(name="mail.example.com", kind="A", value="192.0.2.7"),
         "mail.example.com. IN A 192.0.2.7"),
        (Wanted(name="example.com", kind="TXT", value='a "quoted" \\ text'),
         'example.com. IN TXT "a \\"quoted\\" \\\\ text"'),
        (Wanted(name="x.example.com", kind="TXT", value="k" * 300),
         f'x.example.com. IN TXT ( "{"k" * 255}" "{"k" * 45}" )'),
    ],
)  # fmt: skip
def test_a_wanted_record_is_a_line_of_a_zone_file(record: Wanted, line: str) -> None:
    assert line == record.zone_line


@given(st.text(alphabet=string.ascii_letters + string.digits + ' ";\\', min_size=1, max_size=600))
def test_a_zone_file_with_a_wanted_record_gives_its_value(value: str) -> None:
    """dnspython reads it as every name server would."""
    line = Wanted(name="x.example.com", kind="TXT", value=value).zone_line
    text = f"$TTL 60\n{line}\n"
    zone = dns.zone.from_text(text, origin=".", relativize=False, check_origin=False)
    [record] = zone.find_rdataset("x.example.com.", "TXT")

    assert value == b"".join(record.strings).decode()
