"""Addresses: the short way and the long way agree, and lengths are RFC 5321's."""

from contextlib import suppress

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.addresses import (
    MAX_ADDRESS,
    MAX_LOCAL_PART,
    AddrSpec,
    Mailbox,
    domain_words,
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
        "jos\ufffd@example.com",
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


@pytest.mark.parametrize(
    ("text", "sign", "like"),
    [
        ("user@examp\u217ce.org", "U+217C", "user@example.org"),
        ("\u212aelvin@example.org", "U+212A", "Kelvin@example.org"),
        ("user@\u212aelvin.org", "U+212A", "user@kelvin.org"),
        ("user@\uff45xample.org", "U+FF45", "user@example.org"),
        ("\uff55ser@example.org", "U+FF55", "user@example.org"),
        ("user@example\u3002org", "U+3002", "user@example.org"),
        ("\u017fam@example.org", "U+017F", "sam@example.org"),
        ("user@\ufb01sh.com", "U+FB01", "user@fish.com"),
        ("user@e\ufe0fxample.org", "U+FE0F", "user@example.org"),
        ("user@\u2460.com", "U+2460", "user@1.com"),
        ("\U0001d41aa@example.org", "U+1D41A", "aa@example.org"),
    ],
)
def test_an_address_that_only_looks_like_another_is_not_folded_onto_it(
    text: str, sign: str, like: str
) -> None:
    with pytest.raises(AddressError) as caught:
        parse_addr_spec(text)

    assert sign in caught.value.what
    assert caught.value.what.endswith(f"and only looks like {like}")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("user@bu\u0308cher.de", "user@xn--bcher-kva.de"),
        ("user@B\u00dcCHER.de", "user@xn--bcher-kva.de"),
        ("zoe\u0308@example.org", "zo\u00eb@example.org"),
        ("user@stra\u00dfe.de", "user@xn--strae-oqa.de"),
        ("user@ex\u0430mple.org", "user@xn--exmple-4nf.org"),
        ("\u0131m@example.org", "\u0131m@example.org"),
        ("user@例子.广告", "user@xn--fsqu00a.xn--4rr70v"),
        ("user@xn--bcher-kva.b\u00dccher.DE", "user@xn--bcher-kva.xn--bcher-kva.de"),
    ],
)
def test_a_letter_of_its_own_is_kept_apart(text: str, key: str) -> None:
    assert key == parse_addr_spec(text).key


@given(st.text(max_size=12), st.text(max_size=12))
@settings(max_examples=300, deadline=None)
def test_no_address_becomes_another_ones_in_silence(local_part: str, domain: str) -> None:
    """What is plain at the end was plain at the beginning, but for capitals."""
    text = f"a{local_part}@b{domain}.org"
    with suppress(AddressError):
        key = parse_addr_spec(text).key
        assert not key.isascii() or "xn--" in key or text.strip(" ").isascii()


@pytest.mark.parametrize(
    ("domain", "words"),
    [
        ("example.com", "example.com"),
        ("xn--bcher-kva.example", "bücher.example"),
        ("mail.xn--bcher-kva.example", "mail.bücher.example"),
        ("xn--e1afmkfd.example", "пример.example (xn--e1afmkfd.example)"),
        ("xn--pypal-4ve.example", "pаypal.example (xn--pypal-4ve.example)"),  # a Cyrillic а
        ("xn--.example", "xn--.example"),
        ("xn--99999999.example", "xn--99999999.example"),
        ("xn--a-qin.example", "xn--a-qin.example"),  # U+202E turns what follows round
    ],
)
def test_domain_is_read_in_its_letters_and_never_passes_for_another(
    domain: str, words: str
) -> None:
    assert words == domain_words(domain)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-", max_size=30))
def test_any_label_is_read_as_letters_or_left_as_it_is(label: str) -> None:
    domain = f"xn--{label}.example"

    read = domain_words(domain)

    assert domain in read or all(each.isalnum() or each in "-." for each in read)
