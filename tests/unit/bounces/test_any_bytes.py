"""Whatever bytes come: an understanding, the same for all line ends, and never an error."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.books import ReturnKind
from newsletter.bounces import understand

REPORT = b"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: bounces+abc@news.example.com
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b/1"

--b/1
Content-Type: text/plain; charset=us-ascii

I could not deliver your message.

<ada@example.org>: host mx.example.org[192.0.2.1] said: 550 5.1.1 <ada@example.org>:
    no such user here (in reply to RCPT TO command)

--b/1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Original-Envelope-Id: issue-7

Final-Recipient: rfc822; ada@example.org
Original-Recipient: rfc822;ada@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ada@example.org>: no such user
    here

--b/1
Content-Type: message/rfc822

Return-Path: <bounces+abc@news.example.com>
From: News <news@example.com>
To: ada@example.org
Subject: Issue 7
Message-ID: <issue7.ada@news.example.com>
List-Unsubscribe: <https://news.example.com/unsubscribe/tokentoken1>,
 <mailto:leave@news.example.com?subject=unsubscribe%20tokentoken1>

Hello
--b/1--
"""
FIELD = st.sampled_from(
    [
        b"Content-Type: multipart/report; boundary=x\n",
        b"Content-Type: message/rfc822\n",
        b"Content-Type: message/delivery-status\n",
        b"Content-Type: text/html; charset=utf-16\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: quoted-printable\n",
        b"Final-Recipient: rfc822; a@example.org\n",
        b"Action: failed\nStatus: 5.1.1\n",
        b"Subject: =?utf-16?b?/////w==?= undeliverable\n",
        b"From: MAILER-DAEMON\n",
        b"X-Failed-Recipients: a@example.org,,\n",
        b"\n--x\n",
        b"\n\n",
        b"<a@example.org>: 550 no such user\n",
    ]
)


@given(st.lists(st.one_of(FIELD, st.binary(max_size=40)), max_size=30).map(b"".join))
@example(b"")
@example(b"\xff\xfe")
@example(b"\x00")
@example(b"Content-Type: multipart/mixed; boundary=\n\n--\n--\n")
def test_any_bytes_are_understood(raw: bytes) -> None:
    assert understand(raw).kind in ReturnKind


def test_a_report_is_understood_with_all_of_its_clues() -> None:
    found = understand(REPORT, recipient="bounces+abc@News.Example.com")
    (ada,) = found.recipients

    assert (ReturnKind.HARD, "RFC 3464") == (found.kind, found.how)
    assert ("ada@example.org", 550, "5.1.1") == (ada.address, ada.code, ada.enhanced_code)
    assert "550 5.1.1 <ada@example.org>: no such user here" == ada.reason
    assert ("bounces+abc@news.example.com",) == tuple(found.clues.addressed_to)
    assert ("bounces+abc@news.example.com",) == tuple(found.clues.reverse_paths)
    assert ("issue7.ada@news.example.com",) == tuple(found.clues.message_ids)
    assert ("tokentoken1",) == tuple(found.clues.unsubscribe_tokens)
    assert ("issue-7",) == tuple(found.clues.envelope_ids)


@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_line_ends_make_no_difference(end: bytes) -> None:
    assert understand(REPORT) == understand(REPORT.replace(b"\n", end))
    assert understand(REPORT) == understand(b"From MAILER-DAEMON Mon Nov 30\n" + REPORT)


@pytest.mark.parametrize("cut", range(0, len(REPORT), 50))
def test_what_is_cut_off_is_understood_as_far_as_it_goes(cut: int) -> None:
    assert understand(REPORT[:cut]).kind in ReturnKind
