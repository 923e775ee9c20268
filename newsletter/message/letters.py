"""Letters: single messages that are no issue, such as an alert or a report to the team.

A letter must go out whatever it quotes, so nothing in its name, subject or text is refused: it is
made harmless. Letters are scanned and signed as issues are; envelopes and sending are left to the
caller. RFC 5322, 2045 to 2047, 3834 (5: Auto-Submitted).
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from newsletter.addresses import AddrSpec, Mailbox
from newsletter.errors import MessageError
from newsletter.message.dkim import Seal, Signer, check_alignment
from newsletter.message.encoding import CRLF, quoted_printable
from newsletter.message.fields import (
    MIME_VERSION,
    check_addr_spec,
    check_ascii,
    date_field,
    field,
    mailbox_field,
    message_id_field,
    recipients_field,
    subject_field,
)
from newsletter.message.part import HTML, PLAIN, media_fields, multipart_field
from newsletter.message.scan import scan_letter

MAX_SUBJECT = 200
"""Characters; what is longer is cut, with an ellipsis."""
MAX_NAME = 100

_BREAKING = re.compile(r"[\s\x00-\x20\x7f-\x9f\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_DIRECTING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates, which would turn round what is quoted after them."""
_LONE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One message to all of `to`; without `html` it is text alone. `date` is aware.

    `key` says which letter this is: the same key to the same people has the same Message-ID, so
    that a mail program may drop what was sent once more. `auto_submitted` is `auto-replied` where
    the letter answers what somebody did. `list_fields`, whole header fields, are those of a letter
    that one gets as a subscriber, so that one may leave by it.
    """

    key: str
    sender: Mailbox
    to: Sequence[AddrSpec]
    subject: str
    text: str
    html: str = ""
    date: datetime
    auto_submitted: Literal["auto-generated", "auto-replied"] = "auto-generated"
    list_fields: bytes = b""


def compose_letter(letter: Letter, signer: Signer | None = None) -> bytes:
    """The content in its canonical form: CRLF, ASCII, no line above 78 octets but for addresses.

    Equal arguments give equal bytes. Raises MessageError for an address that cannot stand in a
    header, and for a signer that does not sign for the sender's domain.
    """
    domain = letter.sender.addr_spec.domain
    named = "\n".join([letter.key, *map(str, letter.to)])
    digest = hashlib.sha256(named.encode(errors="replace")).hexdigest()[:32]
    media, body = _body(letter, boundary=f"=_{digest}".encode())
    head = _head(letter, message_id_field(digest, domain)) + media + MIME_VERSION
    signatures = b""
    if signer is not None:
        check_alignment(signer.domain, domain)
        seal = Seal(signer, fixed=head, merged=(), date=letter.date, start=body)
        signatures = seal.hashes((), body).fields()
    content = signatures + head + CRLF + body
    scan_letter(content, recipients=letter.to)
    return content


def _head(letter: Letter, message_id: bytes) -> bytes:
    if not letter.to:
        raise MessageError("a letter is for nobody", next_step="name its recipients")
    check_ascii(letter.sender.addr_spec, what="address", where="letter")
    for spec in letter.to:
        check_addr_spec(spec, what="address", where="letter")
    sender = Mailbox(_one_line(letter.sender.display_name, MAX_NAME), letter.sender.addr_spec)
    return b"".join(
        (
            mailbox_field("From", sender),
            recipients_field(letter.to),
            subject_field(_one_line(letter.subject, MAX_SUBJECT) or "(no subject)"),
            date_field(letter.date),
            message_id,
            field("Auto-Submitted", letter.auto_submitted),
            letter.list_fields,
        )
    )


def _body(letter: Letter, boundary: bytes) -> tuple[bytes, bytes]:
    """The fields that say what the body is, and the body: text first, HTML last."""
    text, html = _lines(letter.text) or "(no text)\n", _lines(letter.html)
    if not html:
        return media_fields(PLAIN), quoted_printable(text)
    delimiter = b"--" + boundary
    pieces = [
        delimiter + CRLF + media_fields(media) + CRLF + quoted_printable(part) + CRLF
        for media, part in ((PLAIN, text), (HTML, html))
    ]
    return multipart_field(boundary), b"".join((*pieces, delimiter, b"--", CRLF))


def _one_line(text: str, width: int) -> str:
    """On one line, whatever it was, and cut to a width that no mail program minds."""
    line = _BREAKING.sub(" ", _harmless(text)).strip()
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def _lines(text: str) -> str:
    """Line ends as LF, one at the end, and no control character but the tab; "" where empty."""
    lines = _harmless(text).replace("\r\n", "\n").replace("\r", "\n")
    lines = _CONTROL.sub("", lines).rstrip("\n")
    return f"{lines}\n" if lines else ""


def _harmless(text: str) -> str:
    return _LONE.sub("\ufffd", _DIRECTING.sub("", text))
