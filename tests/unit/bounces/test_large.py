"""Messages of any size: what is in the middle of a large one is left alone, and so is memory."""

import tracemalloc

import pytest

from newsletter.books import ReturnKind
from newsletter.bounces import understand

HEAD = b"""\
From: MAILER-DAEMON@mx.example.net
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Refused.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.org
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Message-ID: <issue7.ada@news.example.com>
From: news@example.com
To: ada@example.org

"""
LINE = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2\n"


def test_ten_megabytes_are_understood_in_little_memory() -> None:
    raw = HEAD + LINE * (10_000_000 // len(LINE)) + b"--b--\n"
    tracemalloc.start()
    found = understand(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (ReturnKind.HARD, "ada@example.org") == (found.kind, found.recipients[0].address)
    assert ("issue7.ada@news.example.com",) == tuple(found.clues.message_ids)
    assert peak < 12_000_000


@pytest.mark.parametrize(
    "unit",
    [
        b"<", b"@", b"a@", b"\n", b"- ", b"--b\n", b"=?utf-8?q?a?= ", b"<a@b.example>:\n", b"user ",
        b"Final-Recipient: rfc822; a@example.org\n\n", b"Content-Type: message/rfc822\n\n",
        b"From: a\nTo: b\nMessage-ID: <c>\n\n", b"mailbox 550 5.1.1 ", b"<style>", b'"', b"> ",
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n", b"\x1b$B", b"\xff\xfe", b"(" ,
    ],
)  # fmt: skip
def test_a_bomb_of_one_thing_is_taken_calmly(unit: bytes) -> None:
    """Whatever takes more than linear time takes minutes here, and the test's own limit ends it."""
    for head in (HEAD, b"From: MAILER-DAEMON\nContent-Type: text/html\n\n", b"Subject: "):
        assert understand(head + unit * (400_000 // len(unit))).kind in ReturnKind


def test_recipients_are_bounded() -> None:
    group = b"Final-Recipient: rfc822; a%d@example.org\nAction: failed\nStatus: 5.1.1\n\n"
    many = b"".join(group % each for each in range(5000))
    raw = HEAD.replace(b"Final-Recipient: rfc822; ada@example.org", many + b"X-Last: 1")

    assert len(understand(raw).recipients) <= 200
