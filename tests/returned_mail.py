"""What comes back of a message that was sent, as servers and people write it."""

from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class SentMail:
    """A message as it went out: its envelope, and its bytes with CRLF."""

    reverse_path: str
    recipient: str
    content: bytes

    def field(self, name: str) -> str:
        found = message_from_bytes(self.content)[name]
        return " ".join(str(found).split())

    @property
    def header(self) -> str:
        return self.content.partition(b"\r\n\r\n")[0].decode() + "\r\n"

    @property
    def unsubscribe_token(self) -> str:
        return self.field("List-Unsubscribe").partition("/unsubscribe/")[2].partition(">")[0]


def sent_mails(maildir: Path) -> dict[str, SentMail]:
    """All in a Maildir that the Maildir transport has written, by recipient."""
    found = {}
    for path in (maildir / "new").iterdir():
        content = path.read_bytes()
        path_line, to_line, rest = content.split(b"\n", 2)
        mail = SentMail(
            reverse_path=path_line.decode().partition("<")[2].rstrip(">"),
            recipient=to_line.decode().partition(": ")[2],
            content=rest.replace(b"\n", b"\r\n"),
        )
        found[mail.recipient] = mail
    return found


def report(
    mail: SentMail,
    *,
    status: str = "5.1.1",
    said: str = "550 5.1.1 no such user",
    action: str = "failed",
    to: str | None = None,
    copy: bool = True,
    recipient: str | None = None,
    serial: int = 0,
) -> bytes:
    """A delivery status notification (RFC 3464), as Postfix writes it."""
    whom = recipient or mail.recipient
    returned = f"--b\nContent-Type: text/rfc822-headers\n\n{mail.header}\n" if copy else ""
    return _crlf(
        f"""Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: {to or mail.reverse_path}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{serial}@mx.example.net>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

<{whom}>: {said}

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {whom}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

{returned}--b--
"""
    )


def complaint(mail: SentMail, *, to: str = "bounces@news.example.com", copy: bool = True) -> bytes:
    """A feedback report (RFC 5965) with the reader's address taken out of its fields."""
    copied = f"--b\nContent-Type: message/rfc822\n\n{mail.header}\nFive stories.\n" if copy else ""
    return _crlf(
        f"""From: feedback@isp.example.net
To: {to}
Subject: FW: five stories
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

This is an email abuse report.

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: ISP/1.0
Version: 1

{copied}--b--
"""
    )


def out_of_office(mail: SentMail) -> bytes:
    return _crlf(
        f"""From: {mail.recipient}
To: {mail.reverse_path}
Subject: Out of office: five stories
Auto-Submitted: auto-replied
In-Reply-To: {mail.field("Message-ID")}

I am away until Monday and do not read this mailbox. The user account is unavailable.
"""
    )


def unsubscribe_mail(
    mail: SentMail, *, author: str | None = None, token: str | None = None
) -> bytes:
    """What a mail program sends for List-Unsubscribe's mailto."""
    word = mail.unsubscribe_token if token is None else token
    return _crlf(
        f"""From: {author or mail.recipient}
To: unsubscribe@news.example.com
Subject: unsubscribe {word}

"""
    )


def _crlf(text: str) -> bytes:
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
