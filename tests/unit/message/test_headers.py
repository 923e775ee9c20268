"""The fields of an issue: from whom, of which list, and how to leave it."""

from dataclasses import replace
from typing import Any

import pytest

from newsletter.addresses import AddrSpec, Mailbox
from newsletter.errors import MessageError
from newsletter.message import Sender
from newsletter.message.headers import list_fields, originator_fields, unsubscribe_pieces


def test_originator_fields_are_from_and_reply_to_when_set(sender: Sender) -> None:
    with_reply = replace(sender, reply_to=Mailbox("Desk", AddrSpec("desk", "example.com")))

    expected = b"From: Friday Five <editor@news.example.com>\r\n"
    assert expected == originator_fields(sender)
    assert expected + b"Reply-To: Desk <desk@example.com>\r\n" == originator_fields(with_reply)


def test_originator_fields_refuse_a_local_part_that_needs_smtputf8(sender: Sender) -> None:
    abroad = replace(sender, mailbox=Mailbox("", AddrSpec("redaktör", "example.com")))

    with pytest.raises(MessageError, match=r"the From address redaktör@example\.com is not ASCII"):
        originator_fields(abroad)


def test_list_fields_are_all_there_when_all_are_set(sender: Sender) -> None:
    full = replace(
        sender,
        help_url="mailto:help@news.example.com?subject=help",
        archive_url="https://news.example.com/archive",
        feedback_id="2021-11-26:friday-five:news:friday5",
    )

    expected = (
        b"List-Id: Friday Five <friday-five.news.example.com>\r\n"
        b"List-Post: NO\r\n"
        b"List-Help: <mailto:help@news.example.com?subject=help>\r\n"
        b"List-Archive: <https://news.example.com/archive>\r\n"
        b"Feedback-ID: 2021-11-26:friday-five:news:friday5\r\n"
    )
    assert expected == list_fields(full)


@pytest.mark.parametrize("name", ["Fünf am Freitag", "x" * 200, "=?utf-8?q?x?=", ""])
def test_list_fields_drop_the_list_name_when_it_would_need_an_encoded_word(
    sender: Sender, name: str
) -> None:
    fields = list_fields(replace(sender, list_name=name))

    assert fields.startswith(b"List-Id: <friday-five.news.example.com>\r\n")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("list_id", "no-dot"),
        ("list_id", "a..b"),
        ("list_id", "a b.example.com"),
        ("list_id", "x" * 250 + ".example"),
        ("help_url", "ftp://example.com/"),
        ("help_url", "https://example.com/<x>"),
        ("archive_url", "https://example.com/archive, <https://evil.example>"),
        ("archive_url", "https://example.com/größe"),
        ("feedback_id", "a:b:c:d:friday5"),
        ("feedback_id", "a:b:c:four"),
        ("feedback_id", "a:b:c:sixteen-letters-"),
        ("feedback_id", "a b:friday5"),
    ],
)
def test_list_fields_refuse_what_has_not_the_right_form(
    sender: Sender, key: str, value: str
) -> None:
    change: dict[str, Any] = {key: value}

    with pytest.raises(MessageError, match="is malformed"):
        list_fields(replace(sender, **change))


def test_unsubscribe_pieces_are_https_then_mailto_when_there_is_a_mailbox(sender: Sender) -> None:
    expected = (
        b"List-Unsubscribe: <https://news.example.com/unsubscribe/TOKEN>,\r\n"
        b" <mailto:leave@news.example.com?subject=unsubscribe%20TOKEN>\r\n"
    )
    assert expected == b"TOKEN".join(unsubscribe_pieces(sender))


def test_unsubscribe_pieces_are_https_alone_when_there_is_no_mailbox(sender: Sender) -> None:
    pieces = unsubscribe_pieces(replace(sender, unsubscribe_mailbox=None))

    assert (b"List-Unsubscribe: <https://news.example.com/unsubscribe/", b">\r\n") == pieces


def test_unsubscribe_pieces_escape_the_mailbox_where_a_uri_needs_it(sender: Sender) -> None:
    odd = replace(sender, unsubscribe_mailbox=AddrSpec("a&b?c=d%+e", "example.com"))

    assert b"<mailto:a%26b%3Fc%3Dd%25+e@example.com?" in unsubscribe_pieces(odd)[1]


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example.com",
        "https://news.example.com/",
        "https://news.example.com?x=1",
        "https://news.example.com/a b",
        "https://news.example.com>,<https://evil.example",
        "https://näws.example.com",
        "https://news.example.com/" + "x" * 700,
        "",
    ],
)
def test_unsubscribe_pieces_refuse_a_base_url_that_would_not_lead_there(
    sender: Sender, url: str
) -> None:
    with pytest.raises(MessageError, match="the base URL"):
        unsubscribe_pieces(replace(sender, base_url=url))
