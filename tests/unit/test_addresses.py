"""Addresses: the short way and the long way agree, and lengths are RFC 5321's."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.addresses import (
    MAX_ADDRESS,
    MAX_LOCAL_PART,
    AddrSpec,
    Mailbox,
    parse_addr_spec,
    parse_mailbox,
)
from newsletter.errors import AddressError

LABEL = st.from_regex(r"\A[A-Za-z0-9-]{1,12}\Z")
TOP = st.sampled_from(
    [
        "com",
        "COM",
        "uk",
        "test",
        "local",
        "localhost",
        "invalid",
        "onion",
        "arpa",
        "c",
        "x1",
        "example",
    ]
)
DOMAIN = st.builds(lambda labels, top: ".".join([*labels, top]), st.lists(LABEL, max_size=4), TOP)
LOCAL_PART = st.from_regex(r"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,70}\Z")
ADDRESS = st.one_of(
    st.builds(lambda local, domain: f"{local}@{domain}", LOCAL_PART, DOMAIN), st.text(max_size=30)
)


def by_the_package(text: str) -> AddrSpec | None:
    """What email-validator alone says, in our terms."""
    try:
        found = validate_email(text.strip(" "), check_deliverability=False)
    except EmailNotValidError:
        return None
    return AddrSpec(found.local_part, found.ascii_domain.lower())


@given(ADDRESS)
@example("a@b-.com")
@example("a@-b.com")
@example("a@xn--mnchen-3ya.de")
@example("a@b--c.com")
@example("a..b@example.com")
@example("a@example.com.")
@example("a@1.2.3.4")
@example("A@EXAMPLE.COM")
@example("a" * 64 + "@example.com")
@example("a" * 65 + "@example.com")
@example("a@" + ("b" * 63 + ".") * 3 + "com")
@settings(deadline=None, max_examples=300)
def test_parse_addr_spec_accepts_only_what_email_validator_accepts_with_the_same_result(
    text: str,
) -> None:
    try:
        found = parse_addr_spec(text)
    except AddressError:
        return

    assert by_the_package(text) == found
    assert len(found.local_part.encode()) <= MAX_LOCAL_PART
    assert len(str(found).encode()) <= MAX_ADDRESS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ada@example.com", "ada@example.com"),
        ("  ada@example.com ", "ada@example.com"),
        ("Ada.Lovelace+news@EXAMPLE.co.uk", "Ada.Lovelace+news@example.co.uk"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("ada@münchen.example.com", "ada@xn--mnchen-3ya.example.com"),
        ("jörg@example.com", "jörg@example.com"),
    ],
)
def test_parse_addr_spec_normalises(text: str, found: str) -> None:
    assert found == str(parse_addr_spec(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@localhost",
        "ada@example.test",
        "ada@@example.com",
        "ada example@example.com",
        "ada@exam ple.com",
        "ada@example..com",
        ".ada@example.com",
        "ada.@example.com",
        "ada@example.com>",
        "<ada@example.com>",
        "ada@example.com\n",
        "ada@example.com\r\nBcc: eve@example.com",
        "ada\x00@example.com",
        "ada\u2028@example.com",
        '"ada love"@example.com',
        "ada@[192.0.2.1]",
        "a" * 65 + "@example.com",
        "a@" + ("b" * 60 + ".") * 4 + "com" + "c" * 20,
    ],
)
def test_parse_addr_spec_refuses(text: str) -> None:
    with pytest.raises(AddressError) as caught:
        parse_addr_spec(text)

    assert "\n" not in str(caught.value)
    assert caught.value.what


def test_addr_spec_key_is_the_same_for_two_spellings() -> None:
    assert parse_addr_spec("Ada@EXAMPLE.com").key == parse_addr_spec("ada@example.com").key


def test_addr_spec_says_when_the_server_must_offer_smtputf8() -> None:
    assert not parse_addr_spec("jörg@example.com").is_ascii
    assert parse_addr_spec("ada@münchen.de").is_ascii


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("ada@example.com", "", "ada@example.com"),
        ("Ada <ada@example.com>", "Ada", "ada@example.com"),
        ("  The  Friday Five   <five@example.com> ", "The Friday Five", "five@example.com"),
        ('"Lovelace, Ada" <ada@example.com>', "Lovelace, Ada", "ada@example.com"),
        ('"The \\"Five\\"" <five@example.com>', 'The "Five"', "five@example.com"),
        ("<ada@example.com>", "", "ada@example.com"),
    ],
)
def test_parse_mailbox_reads_name_and_address(text: str, name: str, address: str) -> None:
    mailbox = parse_mailbox(text)

    assert (name, address) == (mailbox.display_name, str(mailbox.addr_spec))


@pytest.mark.parametrize(
    "text", ["Ada", "Ada <ada>", "Ada <ada@example.com", "Ada\r\nBcc: x <ada@example.com>", "<>"]
)
def test_parse_mailbox_refuses(text: str) -> None:
    with pytest.raises(AddressError):
        parse_mailbox(text)


def test_mailbox_prints_as_people_write_it() -> None:
    spec = AddrSpec("ada", "example.com")

    assert "Ada <ada@example.com>" == str(Mailbox("Ada", spec))
    assert "ada@example.com" == str(Mailbox("", spec))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a..b@Docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        (".a@docomo.ne.jp", '".a"@docomo.ne.jp'),
        ("a.@ezweb.ne.jp", '"a."@ezweb.ne.jp'),
        ('"a..b"@docomo.ne.jp', '"a..b"@docomo.ne.jp'),
        ('"ada"@example.com', "ada@example.com"),
        ("ada.b@example.com", "ada.b@example.com"),
        ("jörg@example.com", "jörg@example.com"),
    ],
)
def test_a_lenient_reader_takes_dots_wherever_they_stand(text: str, expected: str) -> None:
    """On the wire a quoted-string, as RFC 5321, 4.1.2 has it."""
    spec = parse_addr_spec(text, lenient=True)

    assert expected == str(spec)
    assert expected.lower() == spec.key


@pytest.mark.parametrize("text", ["a..b@docomo.ne.jp", ".a@docomo.ne.jp", "a.@docomo.ne.jp"])
def test_other_readers_do_not(text: str) -> None:
    with pytest.raises(AddressError):
        parse_addr_spec(text)


@pytest.mark.parametrize(
    "text",
    [
        '"a b"@docomo.ne.jp',
        '"a@b"@docomo.ne.jp',
        "a..b@localhost",
        "a..b@-x.jp",
        '"a..b@docomo.ne.jp',
        "a..b>@docomo.ne.jp",
        f"{'a.' * 40}@docomo.ne.jp",
        "a..b@",
    ],
)
def test_a_lenient_reader_takes_nothing_else(text: str) -> None:
    with pytest.raises(AddressError):
        parse_addr_spec(text, lenient=True)
