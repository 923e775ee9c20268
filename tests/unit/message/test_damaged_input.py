"""Input that arrives already damaged is refused, not mended (reliability, section 4)."""

from dataclasses import replace
from typing import Any

import pytest

from newsletter.addresses import AddrSpec, Mailbox
from newsletter.errors import MessageError
from newsletter.message import Composer, Reader, RenderedIssue, Sender

DAMAGE = [
    "\r",
    "\n",
    "\r\n",
    "\0",
    "\v",
    "\f",
    "\x1c",
    "\x85",
    "\u2028",
    "\u2029",
    "\x7f",
    "\udcff",
]


@pytest.mark.parametrize("character", DAMAGE)
def test_composer_refuses_damaged_header_text_when_compiled(
    rendered: RenderedIssue, sender: Sender, character: str
) -> None:
    """Section 4: what Python's own package lets through, or turns into new header lines."""
    text = f"a{character}Bcc: evil@bad.example"
    mailbox = Mailbox(text, sender.mailbox.addr_spec)
    cases = [
        (replace(rendered, subject=text), sender, ""),
        (rendered, sender, text),
        (rendered, replace(sender, mailbox=mailbox), ""),
        (rendered, replace(sender, reply_to=mailbox), ""),
        (rendered, replace(sender, list_name=text), ""),
        (rendered, replace(sender, list_id=f"a{character}.b"), ""),
        (rendered, replace(sender, base_url=f"https://example.com/{character}a"), ""),
        (rendered, replace(sender, help_url=f"https://example.com/{character}a"), ""),
        (rendered, replace(sender, archive_url=f"https://example.com/a{character}"), ""),
        (rendered, replace(sender, feedback_id=f"a:friday5{character}"), ""),
        (rendered, replace(sender, reverse_path=AddrSpec(f"a{character}", "example.com")), ""),
        (rendered, replace(sender, unsubscribe_mailbox=AddrSpec(f"a{character}", "b.example")), ""),
    ]

    for some_content, some_sender, mark in cases:
        with pytest.raises(MessageError):
            Composer(some_content, some_sender, subject_mark=mark)


@pytest.mark.parametrize("character", DAMAGE)
def test_composer_refuses_a_damaged_display_name_of_a_reader(
    rendered: RenderedIssue, sender: Sender, reader: Reader, character: str
) -> None:
    damaged = replace(reader, display_name=f"Ada{character}Bcc: evil@bad.example")

    with pytest.raises(MessageError, match=r"2021-11-26 to ada@example\.org: the display-name"):
        Composer(rendered, sender).compose(damaged)


@pytest.mark.parametrize("key", ["subject", "html", "text"])
def test_composer_refuses_an_empty_issue(rendered: RenderedIssue, sender: Sender, key: str) -> None:
    change: dict[str, Any] = {key: " "}

    with pytest.raises(MessageError, match="is empty"):
        Composer(replace(rendered, **change), sender)


def test_composer_refuses_a_lone_surrogate_in_the_text(
    rendered: RenderedIssue, sender: Sender
) -> None:
    with pytest.raises(MessageError, match="the HTML part holds a lone surrogate"):
        Composer(replace(rendered, html="<p>\udcff"), sender)


def test_composer_refuses_a_merge_field_in_the_subject(
    rendered: RenderedIssue, sender: Sender
) -> None:
    with pytest.raises(MessageError, match="the subject holds a merge field"):
        Composer(replace(rendered, subject="For zzSLOT1zz"), sender)


def test_composer_refuses_a_placeholder_in_other_letters(
    rendered: RenderedIssue, sender: Sender
) -> None:
    with pytest.raises(MessageError, match="a damaged placeholder of first_name"):
        Composer(replace(rendered, html="<p>HELLO ZZSLOT1ZZ"), sender)
