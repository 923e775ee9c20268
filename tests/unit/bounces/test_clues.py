"""What may prove whose a message is: where it came to, the copy's fields, who vouches for it."""

import pytest

from newsletter.bounces import Vouching, understand

ANSWER = b"""\
Delivered-To: bounces+ONE@News.example.com
X-Original-To: bounces+two@news.example.com
Envelope-To: bounces+three@news.example.com
Authentication-Results: mx.example.com (ours); dkim=pass (2048 bit)
 header.d=Example.org header.s=k; spf=fail smtp.mailfrom=bad.example; dmarc=pass
 header.from=example.org
Authentication-Results: mx.forged.example; dkim=pass header.d=victim.example
From: "Lovelace, Ada" <ada@Example.org>
To: Bounces <bounces+four@news.example.com>, <list@news.example.com>
Subject: hello
In-Reply-To: <issue7.ada@news.example.com>
References: <first@news.example.com> <issue7.ada@news.example.com>

Hello
"""


def test_addresses_it_came_to_are_in_order_that_of_the_envelope_first() -> None:
    clues = understand(ANSWER, recipient="<bounces+zero@NEWS.example.com>").clues

    assert [
        "bounces+zero@news.example.com",
        "bounces+ONE@news.example.com",
        "bounces+two@news.example.com",
        "bounces+three@news.example.com",
        "bounces+four@news.example.com",
        "list@news.example.com",
    ] == list(clues.addressed_to)


def test_what_vouches_is_told_with_the_server_that_says_so() -> None:
    clues = understand(ANSWER).clues

    assert [
        Vouching(server="mx.example.com", method="dkim", domain="example.org"),
        Vouching(server="mx.example.com", method="dmarc", domain="example.org"),
        Vouching(server="mx.forged.example", method="dkim", domain="victim.example"),
    ] == list(clues.authenticated)
    assert "ada@example.org" == clues.author


@pytest.mark.parametrize(
    "results",
    [
        b'spf=fail smtp.mailfrom="a; dkim=pass header.d=victim.example"@evil.example',
        b"spf=fail (of (evil); dkim=pass header.d=victim.example) smtp.mailfrom=evil.example",
        b"spf=fail (; dkim=pass header.d=victim.example",
        b'spf=fail smtp.mailfrom="a; dkim=pass header.d=victim.example',
    ],
)
def test_results_within_a_comment_or_quotes_are_the_senders_own(results: bytes) -> None:
    raw = b"Authentication-Results: mx.example.com; " + results + b"\nFrom: a@victim.example\n\n"

    assert () == tuple(understand(raw).clues.authenticated)


@pytest.mark.parametrize(
    ("field", "author"),
    [
        (b"ada@example.org", "ada@example.org"),
        (b'"ada@example.org" <ada@example.org>', "ada@example.org"),
        (b'"ada@example.org" <eve@evil.example>', ""),
        (b"ada@example.org, eve@evil.example", ""),
        (b"ada@example.org\nFrom: eve@evil.example", ""),
        (b"Ada", ""),
    ],
)
def test_an_author_is_named_alone_or_not_at_all(field: bytes, author: str) -> None:
    assert author == understand(b"From: " + field + b"\nSubject: unsubscribe\n\n").clues.author


def test_a_reverse_path_is_found_in_the_trace_of_a_copy() -> None:
    raw = b"""\
From: MAILER-DAEMON@mx.example.net
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Final-Recipient: rfc822; ada@example.org
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Received: from news.example.com ([192.0.2.10]) by mx.example.net
\t(envelope-from <bounces+abc@news.example.com>) id 1aBc
Message-ID: <issue7.ada@news.example.com>
--b--
"""

    assert ["bounces+abc@news.example.com"] == list(understand(raw).clues.reverse_paths)


def test_what_it_answers_is_a_clue() -> None:
    clues = understand(ANSWER).clues

    assert ["issue7.ada@news.example.com", "first@news.example.com"] == list(clues.message_ids)


def test_a_token_is_found_in_a_folded_field_of_a_copy_in_the_text() -> None:
    raw = b"""\
From: MAILER-DAEMON@mx.example.net
Subject: failure notice

<ada@example.org>: 550 no such user

--- Below this line is a copy of the message.

Return-Path: <bounces+abc@news.example.com>
Received: from news.example.com by mx.example.net; Fri, 27 Nov 2026 07:00:00 +0000
Message-ID: <issue7.ada@news.example.com>
From: news@example.com
To: ada@example.org
List-Unsubscribe: <https://news.example.com/unsubscribe/
 abcdefgh12345>,
 <mailto:leave@news.example.com?subject=unsubscribe%20abcdefgh12345>

Hello
"""
    clues = understand(raw).clues

    assert ["abcdefgh12345"] == list(clues.unsubscribe_tokens)
    assert ["bounces+abc@news.example.com"] == list(clues.reverse_paths)


def test_a_token_is_read_from_subject_or_address_as_a_program_wrote_it() -> None:
    for head in (
        b"Subject: unsubscribe abcdefgh12345\nTo: leave@news.example.com",
        b"Subject: =?utf-8?q?unsubscribe_abcdefgh?=\n =?utf-8?q?12345?=\nTo: leave@example.com",
        b"Subject: Unsubscribe\n abcdefgh12345\nTo: leave@news.example.com",
        b"Subject: hello\nTo: <unsubscribe+abcdefgh12345@news.example.com>",
    ):
        clues = understand(b"From: ada@example.org\n" + head + b"\n\n").clues

        assert ["abcdefgh12345"] == list(clues.unsubscribe_tokens)


def test_whom_we_wrote_to_stands_in_report_and_copy() -> None:
    """What a forwarding mailbox refuses is told by the name of the mailbox behind it."""
    raw = (
        "From: MAILER-DAEMON@mx.example.net\nContent-Type: multipart/report; boundary=b\n\n"
        "--b\nContent-Type: message/delivery-status\n\n"
        "Original-Recipient: rfc822;ada+2Bnews@example.org\n"
        "Final-Recipient: rfc822; countess@forward.example\nAction: failed\nStatus: 5.1.1\n\n"
        "--b\nContent-Type: message/rfc822\n\nFrom: news@example.com\n"
        "To: Ada <ada@example.org>\nMessage-ID: <a@b.example>\n\n--b--\n"
    )
    found = understand(raw.encode())

    assert ["countess@forward.example"] == [each.address for each in found.recipients]
    assert ("ada+news@example.org", "ada@example.org") == tuple(found.clues.sent_to)


def test_a_server_is_believed_behind_no_earlier_trace() -> None:
    trace = "Received: from b.example by mx.example.com; Fri, 27 Nov 2026 07:00:03 +0000\n"
    ours = "Authentication-Results: mx.example.com; "
    above = f"{trace}{ours}dkim=pass header.d=b.example\nFrom: ada@b.example\n\n"
    forged = f"{ours}dkim=none\n{trace}{ours}dmarc=pass header.from=b.example\n\n"

    assert ["dkim"] == [each.method for each in understand(above.encode()).clues.authenticated]
    assert () == understand(forged.encode()).clues.authenticated


def test_a_server_is_believed_in_its_first_field_alone() -> None:
    """Whoever writes the message may write the others, with our server's name in them."""
    ours = "Authentication-Results: mx.example.com; "
    raw = (
        f"{ours}dkim=fail header.d=b.example; spf=pass smtp.mailfrom=c.example\n"
        f"{ours}dkim=pass header.d=b.example\n{ours}dmarc=pass header.from=d.example\n"
        "From: ada@b.example\nSubject: unsubscribe\n\n"
    )
    found = understand(raw.encode()).clues.authenticated

    assert [("spf", "c.example"), ("dmarc", "d.example")] == [
        (each.method, each.domain) for each in found
    ]
