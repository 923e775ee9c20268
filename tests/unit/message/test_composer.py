import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest

from newsletter.addresses import AddrSpec, Mailbox
from newsletter.errors import MessageError
from newsletter.message import Composer, Reader, RenderedIssue, Sender

STRICT = policy.SMTP + policy.strict


def parsed(data: bytes) -> EmailMessage:
    """The second opinion: Python's own parser, which raises at any defect."""
    return message_from_bytes(data, policy=STRICT)


def header_lines(data: bytes) -> list[bytes]:
    return data.partition(b"\r\n\r\n")[0].split(b"\r\n")


def names(data: bytes) -> list[str]:
    lines = header_lines(data)
    return [line.partition(b":")[0].decode() for line in lines if not line.startswith(b" ")]


def test_composer_writes_this_message_when_all_is_plain(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    expected = """\
From: Friday Five <editor@news.example.com>
Subject: The week in retail tech
Date: Fri, 26 Nov 2021 07:00:00 +0000
To: Ada Lovelace <ada@example.org>
Message-ID: <9f86d081884c7d65@news.example.com>
List-Unsubscribe: <https://news.example.com/unsubscribe/k1.Zm9vYmFy>,
 <mailto:leave@news.example.com?subject=unsubscribe%20k1.Zm9vYmFy>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
List-Id: Friday Five <friday-five.news.example.com>
List-Post: NO
MIME-Version: 1.0
Content-Type: multipart/alternative;
 boundary="BOUNDARY"

--BOUNDARY
Content-Type: text/plain; charset=utf-8; format=flowed; delsp=no
Content-Transfer-Encoding: quoted-printable

Hello=20=
Ada=
,
leave: https://news.example.com/u/=
k1.Zm9vYmFy

--BOUNDARY
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>Hello=20=
Ada=
,</p>
<a href=3D"https://news.example.com/u/=
k1.Zm9vYmFy=
">leave</a>

--BOUNDARY--
"""
    got = Composer(rendered, sender).compose(reader)

    boundary = parsed(got).get_boundary()
    assert boundary
    assert expected.replace("BOUNDARY", boundary).replace("\n", "\r\n").encode() == got


def test_composer_holds_each_header_once(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    """C01 and C44: the singletons once each, no Bcc, no Sender, only names of the list."""
    full = replace(
        sender,
        reply_to=sender.mailbox,
        help_url="https://news.example.com/help",
        archive_url="https://news.example.com/",
        feedback_id="issue:list:news:friday5",
    )

    got = names(Composer(rendered, full).compose(reader))
    assert len(set(got)) == len(got)
    assert {
        *("Date", "From", "Subject", "Message-ID", "To", "MIME-Version", "Content-Type"),
        *("Reply-To", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help"),
        *("List-Archive", "List-Post", "Feedback-ID"),
    } == set(got)
    assert all(re.fullmatch(r"[!-9;-~]+", name) for name in got)


def test_composer_keeps_to_crlf_and_short_lines_when_nothing_is_short(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    """C02. Only a line with a URI, which cannot be folded, is longer than 78 columns."""
    long = replace(
        rendered, subject="größer " * 40, html="<p>" + "ж" * 5000, text=("word " * 900) + "\n"
    )
    data = Composer(long, sender).compose(replace(reader, display_name="Zoë " * 40))

    lines = data.split(b"\r\n")
    assert data.isascii()
    assert not re.search(rb"[\x00]|(?<!\r)\n|\r(?!\n)", data)
    assert all(len(line) <= 78 for line in lines if b"://" not in line and b"mailto:" not in line)
    assert all(len(line) <= 998 for line in lines)


def test_composer_never_encodes_or_breaks_the_unsubscribe_uris_when_they_are_long(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    """C04: where Python's EmailMessage writes encoded-words, and the button goes away."""
    token = "t" * 200
    data = Composer(rendered, sender).compose(replace(reader, fields={"unsubscribe_token": token}))

    (line, rest) = [one for one in header_lines(data) if token.encode() in one]
    expected = f"List-Unsubscribe: <https://news.example.com/unsubscribe/{token}>,".encode()
    assert expected == line
    assert f" <mailto:leave@news.example.com?subject=unsubscribe%20{token}>".encode() == rest


def test_composer_offers_one_click_exactly_once(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    """C05."""
    data = Composer(rendered, sender).compose(reader)

    assert ["List-Unsubscribe=One-Click"] == parsed(data).get_all("List-Unsubscribe-Post")


def test_composer_keeps_the_list_id_when_issue_and_reader_change(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    """C10 and C11: the same for all issues, no token inside; nobody may post."""
    other = replace(rendered, name="2021-12-03", subject="Another week")
    first = parsed(Composer(rendered, sender).compose(reader))
    second = parsed(Composer(other, sender).compose(replace(reader, display_name="Grace")))

    assert "Friday Five <friday-five.news.example.com>" == first["List-Id"] == second["List-Id"]
    assert "NO" == first["List-Post"]


def test_composer_makes_the_message_id_of_the_mac_and_our_domain(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    """C12: no address inside."""
    message_id = parsed(Composer(rendered, sender).compose(reader))["Message-ID"]

    assert f"<{reader.message_id_mac}@news.example.com>" == message_id
    assert "ada" not in message_id


@pytest.mark.parametrize("mac", ["", "a b", "a@b", "x" * 65, "a>\r\nBcc: x@bad.example"])
def test_composer_refuses_a_mac_that_would_leave_the_message_id(
    rendered: RenderedIssue, sender: Sender, reader: Reader, mac: str
) -> None:
    with pytest.raises(MessageError, match="Message-ID"):
        Composer(rendered, sender).compose(replace(reader, message_id_mac=mac))


def test_composer_dates_the_message_by_the_content_alone(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    """C13: equal on a re-send, whenever that is."""
    when = datetime(2021, 11, 26, 7, 0, tzinfo=UTC)

    assert when == parsed(Composer(rendered, sender).compose(reader))["Date"].datetime


def test_composer_encodes_words_in_subject_and_names_only(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    """C14."""
    abroad = replace(
        sender, mailbox=Mailbox("Fünf", sender.mailbox.addr_spec), list_name="Fünf am Freitag"
    )
    composer = Composer(replace(rendered, subject="Über die Woche"), abroad)
    got = parsed(composer.compose(replace(reader, display_name="Zoë")))

    raw = [line for line in header_lines(got.as_bytes()) if b"=?" in line]
    assert [b"From", b"Subject", b"To"] == sorted(line.partition(b":")[0] for line in raw)
    assert "Über die Woche" == got["Subject"]
    assert "Fünf" == got["From"].addresses[0].display_name
    assert "Zoë" == got["To"].addresses[0].display_name


def test_composer_writes_utf_8_in_to_only_when_the_local_part_needs_it(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    """C15: never an encoded-word in an addr-spec; the name stays seven-bit."""
    data = Composer(rendered, sender).compose(
        replace(reader, address=AddrSpec("用户", "xn--fiqs8s.example"), display_name="Zoë")
    )

    (line,) = [one for one in data.split(b"\r\n") if not one.isascii()]
    assert "To: =?utf-8?q?Zo=C3=AB?= <用户@xn--fiqs8s.example>".encode() == line


@pytest.mark.parametrize(
    "address",
    [
        AddrSpec("a" * 65, "example.com"),
        AddrSpec('"a b"', "example.com"),
        AddrSpec("=?utf-8?q?a?=", "example.com"),
        AddrSpec("a>\r\nBcc: <evil@bad.example", "example.com"),
        AddrSpec("a", "example.com>, <evil@bad.example"),
    ],
)
def test_composer_refuses_a_recipient_that_no_header_can_hold(
    rendered: RenderedIssue, sender: Sender, reader: Reader, address: AddrSpec
) -> None:
    """C16, and CVE-2026-53533: an address with CRLF becomes nobody's command."""
    with pytest.raises(MessageError, match=r"2021-11-26 to .* cannot go in a header"):
        Composer(rendered, sender).compose(replace(reader, address=address))


def test_composer_puts_text_first_and_html_last(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    """C17."""
    message = parsed(Composer(rendered, sender).compose(reader))

    found = [cast("EmailMessage", part) for part in message.iter_parts()]
    assert "multipart/alternative" == message.get_content_type()
    assert ["text/plain", "text/html"] == [part.get_content_type() for part in found]
    assert ["utf-8", "utf-8"] == [part.get_content_charset() for part in found]
    assert ["quoted-printable"] * 2 == [part["Content-Transfer-Encoding"] for part in found]


def test_composer_refuses_a_subject_with_a_merge_field(
    rendered: RenderedIssue, sender: Sender
) -> None:
    """It is the same for every reader: braces would be read by all of them."""
    for subject in ("Hello zzSLOT1zz", "Hello {{ first_name }}", "{% if x %}Hello"):
        with pytest.raises(MessageError, match="the subject holds a merge field"):
            Composer(replace(rendered, subject=subject), sender)


def test_composer_differs_in_placeholders_only_when_readers_differ(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    grace = Reader(
        address=AddrSpec("grace", "example.net"),
        display_name="Grace",
        fields={"first_name": "Grace", "unsubscribe_token": "k1.other"},
        message_id_mac="feedface",
    )
    composer = Composer(rendered, sender)
    first = composer.compose(reader).split(b"\r\n")
    second = composer.compose(grace).split(b"\r\n")

    different = [(one, two) for one, two in zip(first, second, strict=True) if one != two]
    assert [
        (b"To: Ada Lovelace <ada@example.org>", b"To: Grace <grace@example.net>"),
        (
            b"Message-ID: <9f86d081884c7d65@news.example.com>",
            b"Message-ID: <feedface@news.example.com>",
        ),
        (
            b"List-Unsubscribe: <https://news.example.com/unsubscribe/k1.Zm9vYmFy>,",
            b"List-Unsubscribe: <https://news.example.com/unsubscribe/k1.other>,",
        ),
        (
            b" <mailto:leave@news.example.com?subject=unsubscribe%20k1.Zm9vYmFy>",
            b" <mailto:leave@news.example.com?subject=unsubscribe%20k1.other>",
        ),
        (b"Ada=", b"Grace="),
        (b"k1.Zm9vYmFy", b"k1.other"),
        (b"Ada=", b"Grace="),
        (b"k1.Zm9vYmFy=", b"k1.other="),
    ] == different


def test_composer_gives_the_same_bytes_when_asked_again(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    """G5."""
    first = Composer(rendered, sender).compose(reader)

    assert first == Composer(replace(rendered), replace(sender)).compose(replace(reader))


PROGRAM = """
import sys
from datetime import UTC, datetime
from newsletter.addresses import parse_addr_spec, parse_mailbox
from newsletter.issue import Placeholder
from newsletter.message import Composer, RenderedIssue, Reader, Sender

address = parse_addr_spec("a@example.com")
sender = Sender(
    mailbox=parse_mailbox("Zoë <a@example.com>"), reply_to=None, reverse_path=address,
    list_id="list.example.com", list_name="List", base_url="https://example.com",
    unsubscribe_mailbox=address, help_url=None, archive_url=None, feedback_id=None,
)
rendered = RenderedIssue(
    name="1", subject="Über", html="<p>ß zzA", text="ß zzA zzB",
    date=datetime(2021, 1, 1, tzinfo=UTC),
    placeholders=tuple(Placeholder(mark=p, field=p, default="d") for p in ("zzA", "zzB")),
)
reader = Reader(
    address=address, display_name="", fields={"unsubscribe_token": "t"}, message_id_mac="m"
)
sys.stdout.buffer.write(Composer(rendered, sender).compose(reader))
assert "email" not in sys.modules, "the email package was imported"
"""


def test_composer_gives_the_same_bytes_in_two_processes_without_the_email_package() -> None:
    digests = {
        hashlib.sha256(
            subprocess.run(
                [sys.executable, "-c", PROGRAM],
                env={**os.environ, "PYTHONHASHSEED": seed},
                check=True,
                capture_output=True,
            ).stdout
        ).hexdigest()
        for seed in ("1", "2")
    }

    assert 1 == len(digests)


def test_composer_takes_a_boundary_that_no_body_can_hold(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    """`=_` never comes out of quoted-printable; another issue has another boundary."""
    boundary = parsed(Composer(rendered, sender).compose(reader)).get_boundary()
    hostile = replace(rendered, text=f"--{boundary}\n--{boundary}--\n")
    data = Composer(hostile, sender).compose(
        replace(reader, fields={**reader.fields, "first_name": f"--{boundary}"})
    )

    assert boundary
    assert boundary.startswith("=_")
    assert boundary != parsed(data).get_boundary()
    assert 3 == data.count(f"\r\n--{parsed(data).get_boundary()}".encode())


def test_composer_marks_the_subject_of_a_test(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    data = Composer(rendered, sender, subject_mark="[test]").compose(reader)

    assert "[test] The week in retail tech" == parsed(data)["Subject"]


def test_composer_size_is_the_message_without_its_values(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    composer = Composer(rendered, sender)
    lines = composer.compose(reader).split(b"\r\n")

    varying = sum(len(line) + 2 for line in lines if line.startswith((b"To:", b"Message-ID:")))
    values = 4 * len("k1.Zm9vYmFy") + 2 * len("Ada")
    assert len(composer.compose(reader)) - varying - values == composer.size
    sizes = composer.part_sizes
    assert 0 < sizes.headers < sizes.headers + sizes.text + sizes.html < composer.size


def test_composer_gives_headers_and_body_apart(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    composer = Composer(rendered, sender)

    whole = composer.headers(reader) + b"\r\n" + composer.body(reader)
    assert whole == composer.compose(reader)
