"""Letters, read back by Python's own parser: what got in comes out, and nothing else."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.addresses import AddrSpec, Mailbox, parse_addr_spec
from newsletter.errors import MessageError
from newsletter.message import Letter, compose_letter
from newsletter.message.letters import MAX_SUBJECT

if TYPE_CHECKING:
    from email.headerregistry import Address

DESK = parse_addr_spec("desk@example.com")
SENDER = Mailbox("The Friday Five", parse_addr_spec("friday@news.example.com"))
DATE = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
FIELDS = [
    *("from", "to", "subject", "date", "message-id", "auto-submitted"),
    *("content-type", "content-transfer-encoding", "mime-version"),
]

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
HOSTILE = "Late\r\nBcc: everybody@example.com\r\n\r\n<b>\u2028X-Odd: 1\x00 =?utf-8?q?=0d=0a?="


def letter(**changes: Any) -> bytes:
    values: dict[str, Any] = {
        "sender": SENDER,
        "to": [DESK],
        "subject": "2026-11-27 was not sent",
        "text": "It was late by 2 hours.\n",
        "date": DATE,
        "key": "missed 2026-11-27",
    }
    return compose_letter(Letter(**(values | changes)))


def parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=SMTP)


def test_letter_has_the_fields_of_an_automatic_message_and_no_other() -> None:
    message = parsed(letter())

    assert FIELDS == [name.lower() for name in message]
    assert "The Friday Five <friday@news.example.com>" == message["From"]
    assert "desk@example.com" == message["To"]
    assert "2026-11-27 was not sent" == message["Subject"]
    assert DATE == message["Date"].datetime
    assert "auto-generated" == message["Auto-Submitted"]
    assert "It was late by 2 hours.\r\n" == message.get_content()


def test_letter_with_html_has_the_text_first() -> None:
    message = parsed(letter(text="Grüße", html="<p>Grüße</p>"))
    parts = [(part.get_content_type(), part.get_content()) for part in message.iter_parts()]

    assert "multipart/alternative" == message.get_content_type()
    assert [("text/plain", "Grüße\r\n"), ("text/html", "<p>Grüße</p>\r\n")] == parts


def test_letter_is_the_same_every_time() -> None:
    assert letter(html="<p>") == letter(html="<p>")


def test_message_id_is_of_the_letter_and_its_reader() -> None:
    """An alert that is sent again is the same message; that to another person is not."""
    other = parse_addr_spec("chief@example.com")
    ids = [
        parsed(letter(**changes))["Message-ID"]
        for changes in ({}, {"text": "again"}, {"to": [other]}, {"key": "missed 2026-12-04"})
    ]

    assert ids[0] == ids[1]
    assert 3 == len(set(ids))
    assert all(re.fullmatch(r"<[0-9a-f]{32}@news\.example\.com>", one) for one in ids)


def test_letter_names_all_whom_one_message_is_for() -> None:
    to = [parse_addr_spec(f"reader-{number}@a-long-domain.example.com") for number in range(40)]
    message = parsed(letter(to=to))

    assert [str(spec) for spec in to] == [one.addr_spec for one in message["To"].addresses]


@given(WORDS)
@example("")
@example(HOSTILE)
@example("x" * 999)
@example("word " * 400)
@example("=?utf-8?q?not_one?=")
@example("ä" * 250)
def test_subject_is_one_harmless_line_whatever_it_was(subject: str) -> None:
    content = letter(subject=subject)
    message = parsed(content)
    read = str(message["Subject"])

    assert FIELDS == [name.lower() for name in message]
    assert 0 < len(read) <= MAX_SUBJECT
    assert all(len(line) <= 78 for line in content.split(b"\r\n"))
    assert not re.search("[\x00-\x1f\x7f\u2028\u2029]", read)
    words = re.sub("[\u202a-\u202e\u2066-\u2069]", "", subject)
    words = " ".join(re.sub("[\x00-\x1f\x7f-\x9f]", " ", words).split())
    if len(words) < MAX_SUBJECT:
        assert (words or "(no subject)") == " ".join(read.split())


@given(WORDS)
@example('Five, "The" <Friday> (x@y.example); \\')
@example("Fünf, die")
@example("a" * 70)
@example("=?x?=")
def test_originator_is_one_mailbox_whatever_its_name(name: str) -> None:
    message = parsed(letter(sender=Mailbox(name, SENDER.addr_spec)))
    (address,) = cast("tuple[Address, ...]", message["From"].addresses)

    assert "friday@news.example.com" == address.addr_spec
    assert FIELDS == [field.lower() for field in message]


@given(WORDS, WORDS)
@example("", "")
@example("From here.\n.\n..\r\r\n\x00\x1b[31m" + "long" * 900, HOSTILE)
def test_bodies_are_ascii_in_short_lines_and_read_back(text: str, html: str) -> None:
    content = letter(text=text, html=html)
    body = parsed(content).get_body(("plain",))
    lines = re.sub("[\u202a-\u202e\u2066-\u2069\ufffe\uffff]", "", text)
    lines = lines.replace("\r\n", "\n").replace("\r", "\n")
    lines = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", lines).rstrip("\n")

    assert content.isascii()
    assert all(len(line) <= 78 for line in content.split(b"\r\n"))
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|\x00", content)
    assert body is not None
    assert f"{lines or '(no text)'}\n" == body.get_content().replace("\r\n", "\n")


def test_letter_says_what_a_broken_file_name_says() -> None:
    """A name that is not UTF-8 comes with lone surrogates, which no message can hold."""
    message = parsed(letter(subject="gone: \udcff.md", text="gone: \udcff.md"))

    assert "gone: \ufffd.md" == message["Subject"]
    assert "gone: \ufffd.md\r\n" == message.get_content()


@pytest.mark.parametrize(
    "changes",
    [
        {"to": [AddrSpec('"a b"', "example.com")]},
        {"to": [AddrSpec("a\r\nBcc: x", "example.com")]},
        {"to": [AddrSpec("a", "example.com>, <b@example.com")]},
        {"to": []},
        {"sender": Mailbox("", AddrSpec("a", "exämple.com"))},
        {"sender": Mailbox("", AddrSpec("a", "news.example.com>\r\nBcc: x"))},
        {"sender": Mailbox("", AddrSpec("a", ""))},
    ],
)
def test_letter_with_an_address_that_no_header_can_hold_is_refused(
    changes: dict[str, object],
) -> None:
    with pytest.raises(MessageError):
        letter(**changes)


def test_letter_to_an_address_beyond_ascii_has_it_in_utf_8_and_all_else_in_seven_bits() -> None:
    """RFC 6532: such a letter goes only to a server that offers SMTPUTF8."""
    head, _, body = letter(to=[AddrSpec("jörg", "example.com")]).partition(b"\r\n\r\n")

    assert "\r\nTo: jörg@example.com\r\n".encode() in head
    assert head.replace("jörg".encode(), b"").isascii()
    assert body.isascii()


def test_letter_of_a_list_says_how_to_leave_it_and_only_whole() -> None:
    whole = b"List-Id: <a.example>\r\nList-Unsubscribe: <https://a.example/u>\r\n"
    post = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"

    assert whole + post in letter(list_fields=whole + post)
    with pytest.raises(MessageError, match="missing: list-unsubscribe-post"):
        letter(list_fields=whole)
