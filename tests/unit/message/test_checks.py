"""The checks of a message that concern its bytes, each with the tests that hold it.

What is looked at here are the shipped issues, rendered, signed and composed for two readers, read
by Python's own `email` and an HTML parser; what takes a smaller world stands where the table says.
"""

import ast
import email
import email.policy
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import html5lib
import pytest

from newsletter.addresses import AddrSpec
from newsletter.message import Algorithm, Sender, new_key
from newsletter.publishing.desk import open_desk
from newsletter.publishing.issues import read_issue
from newsletter.publishing.rendering import render
from newsletter.settings import DkimKeyFile, DkimSettings, Secret, Settings, load_settings

ROOT = Path(__file__).parents[3]
NOW = datetime(2021, 11, 26, 7, 0, tzinfo=UTC)
ADA, ZOE = AddrSpec("ada", "example.org"), AddrSpec("zoe.with-a-long-name+friday", "example.net")

HERE = "tests/unit/message/test_checks.py"
COMPOSER = "tests/unit/message/test_composer.py"
ENCODING = "tests/unit/message/test_encoding.py"
SCAN = "tests/unit/message/test_scan.py"
FIELDS = "tests/unit/message/test_fields.py"
HEADERS = "tests/unit/message/test_headers.py"
DKIM = "tests/unit/message/test_dkim.py"
KEYS = "tests/unit/message/test_dkim_key.py"
OPENDKIM = "tests/integration/message/test_opendkim.py"
TOKENS = "tests/unit/subscribers/test_tokens.py"

CHECKS: Mapping[str, tuple[str, ...]] = {
    "C01 singletons": (
        f"{HERE}::test_message_has_each_field_once",
        f"{COMPOSER}::test_composer_holds_each_header_once",
    ),
    "C02 line ends and lengths": (
        f"{HERE}::test_message_is_seven_bit_in_short_lines",
        f"{COMPOSER}::test_composer_keeps_to_crlf_and_short_lines_when_nothing_is_short",
    ),
    "C03 alignment": (
        f"{DKIM}::test_check_alignment_refuses_any_other",
        f"{DKIM}::test_composer_refuses_a_signer_of_another_domain",
        f"{DKIM}::test_composer_refuses_a_signer_for_a_free_mail_sender",
        "tests/unit/settings/test_dkim_settings.py::test_dkim_names_the_fault_by_its_key",
    ),
    "C04 List-Unsubscribe": (
        f"{HERE}::test_message_offers_one_https_and_one_mailto_uri_and_one_click",
        f"{COMPOSER}::test_composer_never_encodes_or_breaks_the_unsubscribe_uris_when_they_are_long",
    ),
    "C05 List-Unsubscribe-Post": (
        f"{HERE}::test_message_offers_one_https_and_one_mailto_uri_and_one_click",
        f"{COMPOSER}::test_composer_offers_one_click_exactly_once",
    ),
    "C06 both signed": (
        f"{DKIM}::test_signer_covers_every_field_and_once_more",
        f"{OPENDKIM}::test_opendkim_verifies_both_signatures_when_a_server_received_the_message",
    ),
    "C08 token": (
        f"{HERE}::test_message_shows_no_address_but_in_to",
        f"{TOKENS}::test_token_shows_no_address",
        f"{TOKENS}::test_token_is_none_for_another_purpose_or_list",
        f"{TOKENS}::test_token_is_refused_when_any_bit_of_it_is_changed",
        f"{TOKENS}::test_token_stays_readable_for_years",
        f"{TOKENS}::test_token_survives_a_rotation_while_the_old_secret_is_listed",
    ),
    "C09 visible link": (f"{HERE}::test_message_shows_the_unsubscribe_link_in_both_parts",),
    "C10 List-Id": (
        f"{HERE}::test_messages_of_all_issues_have_one_list_id",
        f"{HEADERS}::test_list_fields_refuse_what_has_not_the_right_form",
    ),
    "C11 other list fields": (
        f"{HERE}::test_messages_of_all_issues_have_one_list_id",
        f"{HEADERS}::test_list_fields_are_all_there_when_all_are_set",
        f"{HEADERS}::test_list_fields_refuse_what_has_not_the_right_form",
    ),
    "C12 Message-ID": (
        f"{HERE}::test_messages_have_an_id_each_and_the_same_when_sent_again",
        f"{TOKENS}::test_message_id_mac_is_one_for_each_issue_and_recipient",
        f"{COMPOSER}::test_composer_makes_the_message_id_of_the_mac_and_our_domain",
    ),
    "C13 Date": (
        f"{HERE}::test_message_is_dated_by_its_run",
        f"{FIELDS}::test_date_field_has_a_numeric_zone",
    ),
    "C14 encoded-words": (
        f"{COMPOSER}::test_composer_encodes_words_in_subject_and_names_only",
        f"{ENCODING}::test_encoded_words_are_each_whole_utf_8_when_decoded_alone",
        f"{SCAN}::test_scan_message_refuses_a_message_with_one_fault",
    ),
    "C15 SMTPUTF8": (
        f"{COMPOSER}::test_composer_writes_utf_8_in_to_only_when_the_local_part_needs_it",
        f"{HEADERS}::test_originator_fields_refuse_a_local_part_that_needs_smtputf8",
    ),
    "C16 address lengths": (
        f"{FIELDS}::test_addr_spec_limits_are_those_of_rfc_5321",
        f"{FIELDS}::test_check_addr_spec_refuses_what_no_header_should_hold",
        f"{COMPOSER}::test_composer_refuses_a_recipient_that_no_header_can_hold",
    ),
    "C17 two parts": (
        f"{HERE}::test_message_has_the_same_links_in_both_parts",
        f"{COMPOSER}::test_composer_puts_text_first_and_html_last",
    ),
    "C18 algorithm and key": (
        f"{DKIM}::test_signer_says_how_it_signed",
        f"{KEYS}::test_read_key_refuses_a_size_that_no_receiver_takes",
        f"{KEYS}::test_read_key_calls_1024_bits_weak",
    ),
    "C19 Ed25519": (
        f"{DKIM}::test_signer_refuses_ed25519_alone",
        f"{DKIM}::test_signer_hashes_the_digest_that_rfc_8463_signs",
    ),
    "C20 no l=": (
        f"{DKIM}::test_signer_says_how_it_signed",
        f"{DKIM}::test_scan_message_refuses_a_signature_that_leaves_something_open",
    ),
    "C21 over-signing": (
        f"{DKIM}::test_signer_covers_every_field_and_once_more",
        f"{DKIM}::test_signature_fails_when_a_field_is_changed_or_added",
        f"{OPENDKIM}::test_opendkim_refuses_both_when_anything_signed_is_changed_or_added",
    ),
    "C22 relaxed/relaxed": (
        f"{DKIM}::test_signer_says_how_it_signed",
        f"{DKIM}::test_signature_holds_when_a_relay_adds_what_relays_add",
    ),
    "C23 replay": (f"{DKIM}::test_signature_ends_when_the_signer_says_so",),
    "C34 Feedback-ID": (
        f"{HERE}::test_message_has_one_feedback_id_that_names_no_reader",
        f"{HEADERS}::test_list_fields_refuse_what_has_not_the_right_form",
        f"{DKIM}::test_signer_covers_every_field_and_once_more",
    ),
    "C44 header names": (
        f"{HERE}::test_message_has_each_field_once",
        f"{SCAN}::test_scan_message_refuses_a_message_with_one_fault",
    ),
}


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_has_its_tests(check: str) -> None:
    for name in CHECKS[check]:
        path, _, test = name.partition("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        found = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]

        assert test in found, name


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The shipped settings, with a key and every header field there may be."""
    path = tmp_path_factory.mktemp("dkim") / "key.pem"
    path.touch(0o600)
    path.write_bytes(new_key(Algorithm.RSA))
    shipped = load_settings(ROOT, {}, with_environment=False)
    key = DkimKeyFile(selector="s", algorithm=Algorithm.RSA, path=path)
    sender: Sender = replace(
        shipped.sender,
        reply_to=shipped.sender.mailbox,
        feedback_id="friday-five:weekly:news:examplemed",
    )
    return replace(
        shipped,
        sender=sender,
        dkim=DkimSettings(domain="news.example.com", keys=[key], expires_days=None),
        environment=replace(shipped.environment, secret_key=Secret("k" * 40)),
    )


def composed(settings: Settings, path: Path) -> dict[AddrSpec, bytes]:
    issue = read_issue(path, settings.house)
    rendered = render(issue, settings, NOW)
    desk = open_desk(issue, rendered, settings, message_date=NOW, key=b"k" * 40)
    return {address: desk.message(address, {"first_name": "Zoë"}) for address in (ADA, ZOE)}


@pytest.fixture(scope="module")
def sent(settings: Settings) -> dict[tuple[str, AddrSpec], bytes]:
    """By issue and reader."""
    return {
        (path.stem, address): message
        for path in sorted((ROOT / "issues").glob("*.md"))
        for address, message in composed(settings, path).items()
    }


Sent = dict[tuple[str, AddrSpec], bytes]


def parsed(data: bytes) -> EmailMessage:
    return email.message_from_bytes(data, policy=email.policy.default)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def links(html: str) -> dict[str, str]:
    """Addresses of the links of a page, and what is read there."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    return {link.get("href", ""): "".join(link.itertext()).strip() for link in tree.iter("a")}


def test_message_has_each_field_once(sent: Sent) -> None:
    for data in sent.values():
        message = parsed(data)
        names = [name.lower() for name in message]

        assert sorted(set(names)) == sorted(names)
        assert {"date", "from", "subject", "message-id", "to", "mime-version"} < set(names)
        assert not {"bcc", "cc", "sender", "return-path", "received"} & set(names)
        assert all(re.fullmatch(r"[!-9;-~]+", name) for name in names)
        assert [] == message.defects


def test_message_is_seven_bit_in_short_lines(sent: Sent) -> None:
    for data in sent.values():
        head, _, body = data.partition(b"\r\n\r\n")

        assert data.isascii()
        assert data.endswith(b"\r\n")
        assert re.search(rb"\x00|(?<!\r)\n|\r(?!\n)", data) is None
        assert 76 >= max(map(len, body.split(b"\r\n")))
        assert all(len(line) <= 78 for line in head.split(b"\r\n") if b"<" not in line)


def test_message_offers_one_https_and_one_mailto_uri_and_one_click(sent: Sent) -> None:
    """In the raw bytes: whole URIs, folded between them only, no encoded-word."""
    for data in sent.values():
        (field,) = re.findall(rb"(?m)^List-Unsubscribe: (.*\r\n(?: .*\r\n)*)", data)
        (post,) = re.findall(rb"(?m)^List-Unsubscribe-Post: (.*)\r\n", data)

        assert re.fullmatch(rb"<https://[!-;=?-~]+>,\r\n <mailto:[!-;=?-~]+>\r\n", field)
        assert b"=?" not in field
        assert b"List-Unsubscribe=One-Click" == post


def test_message_shows_no_address_but_in_to(sent: Sent) -> None:
    for (_, address), data in sent.items():
        head, _, rest = data.partition(b"\r\nTo: ")
        to, _, body = rest.partition(b"\r\n")

        assert str(address).encode() in to
        assert address.local_part.encode() + b"@" not in head + body
        assert address.local_part.encode() + b"%40" not in head + body


def test_message_shows_the_unsubscribe_link_in_both_parts(sent: Sent) -> None:
    """It is the one of the header, so it carries this reader's token."""
    for data in sent.values():
        message = parsed(data)
        url = str(message["List-Unsubscribe"]).partition(">")[0].removeprefix("<")

        assert links(part(message, "html"))[url]
        assert f"<{url}>" in part(message, "plain")


def test_messages_of_all_issues_have_one_list_id(sent: Sent) -> None:
    fields = {
        tuple(str(parsed(data)[name]) for name in ("List-Id", "List-Post", "List-Help"))
        for data in sent.values()
    }
    ((list_id, post, help_url),) = fields

    assert "The Friday Five <friday-five.news.example.com>" == list_id
    assert len(list_id) <= 255
    assert ("NO", "<https://news.example.com/help>") == (post, help_url)


def test_messages_have_an_id_each_and_the_same_when_sent_again(
    sent: Sent, settings: Settings
) -> None:
    ids = {key: str(parsed(data)["Message-ID"]) for key, data in sent.items()}
    path = ROOT / "issues" / "2021-11-26.md"

    assert len(set(ids.values())) == len(sent) == 6
    for one in ids.values():
        assert re.fullmatch(r"<[a-z2-7]{24}@news\.example\.com>", one)
    for address, data in composed(settings, path).items():
        assert sent["2021-11-26", address] == data


def test_message_is_dated_by_its_run(sent: Sent) -> None:
    for data in sent.values():
        assert b"\r\nDate: Fri, 26 Nov 2021 07:00:00 +0000\r\n" in data
        assert timedelta() == parsed(data)["Date"].datetime - NOW


def test_message_has_the_same_links_in_both_parts(sent: Sent) -> None:
    for data in sent.values():
        message = parsed(data)
        found = {url for url in links(part(message, "html")) if url.startswith("https:")}
        text = set(re.findall(r"<(https://[^>]+)>", part(message, "plain")))

        assert len(found) > 8
        assert found == text


def test_message_has_one_feedback_id_that_names_no_reader(sent: Sent) -> None:
    values = {tuple(parsed(data).get_all("Feedback-ID", [])) for data in sent.values()}

    assert {("friday-five:weekly:news:examplemed",)} == values
