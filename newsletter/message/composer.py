"""One rendered issue, compiled once into fixed bytes and gaps, then joined for each reader.

Knows what a message holds and in which order; how headers and bodies are written is `headers`
and `part`, what is left of a reader's values `values`, and whether it may leave is `scan`.
The bytes are a pure function of issue, sender and reader: no clock, no chance (RFC 2046, 5.1.4).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from newsletter.addresses import AddrSpec, Mailbox
from newsletter.errors import MessageError
from newsletter.issue import Placeholder
from newsletter.message.dkim import Hashes, Seal, Signer, check_alignment
from newsletter.message.encoding import CRLF
from newsletter.message.fields import (
    MIME_VERSION,
    check_addr_spec,
    check_text,
    date_field,
    mailbox_field,
    message_id_field,
    subject_field,
)
from newsletter.message.headers import (
    ONE_CLICK,
    Sender,
    list_fields,
    originator_fields,
    unsubscribe_pieces,
)
from newsletter.message.part import HTML, TEXT, Part, multipart_field
from newsletter.message.related import RelatedPicture, write_related
from newsletter.message.scan import scan_field, scan_message
from newsletter.message.values import clean_name, has_right_to_left, is_token, merged_value, token

UNSUBSCRIBE_TOKEN = "unsubscribe_token"  # noqa: S105 - the name of a field, not a secret

MERGED = ("to", "message-id", "list-unsubscribe")
"""The header fields that differ from reader to reader."""

MAX_MESSAGE = 10_000_000
"""Octets: the smallest limit of servers that is still common; what is larger comes back."""

_MAC = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BRACES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class RenderedIssue:
    """What is the same for every reader; `date` is that of the message.

    `pictures` are those that it brings along; an HTML that shows others fetches them.
    """

    name: str
    subject: str
    html: str
    text: str
    placeholders: tuple[Placeholder, ...]
    date: datetime
    pictures: tuple[RelatedPicture, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """What differs: `fields` has the values for the placeholders, `unsubscribe_token` among them.

    `message_id_mac` is the left side of the Message-ID: unique for issue and reader.
    """

    address: AddrSpec
    display_name: str
    fields: Mapping[str, str]
    message_id_mac: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PartSizes:
    """Bytes as sent, without the placeholders' values; the HTML part is in quoted-printable.

    `pictures` are those in the message, in base64, with what holds them together.
    """

    headers: int
    text: int
    html: int
    pictures: int = 0


class UnsignedMessage(NamedTuple):
    """A content but for its signatures; `hashes` is None where it will have none."""

    content: bytes
    hashes: Hashes | None = None

    def sign(self) -> bytes:
        """The whole content. Safe for threads, and with hashes slow enough for one."""
        return self.content if self.hashes is None else self.hashes.fields() + self.content


class Composer:
    """The compiled message of one issue. Safe for threads: nothing changes after the start.

    `subject_mark` is put in front of the subject ("[test]"). With a `signer` every message is
    signed, which costs ten times all the rest: ask for it `unsigned`, and sign in threads. Raises
    MessageError when the issue or the sender cannot be a message, when the signer's domain is
    not the sender's, and when the scanner refuses the message they make.
    """

    def __init__(
        self,
        issue: RenderedIssue,
        sender: Sender,
        *,
        subject_mark: str = "",
        signer: Signer | None = None,
    ) -> None:
        self._issue = issue.name
        self._placeholders = issue.placeholders
        self._domain = sender.mailbox.addr_spec.domain
        subject = f"{subject_mark} {issue.subject}" if subject_mark else issue.subject
        _check(issue, subject)
        boundary, inner = _boundaries(issue)
        self._head = originator_fields(sender) + subject_field(subject) + date_field(issue.date)
        self._unsubscribe = unsubscribe_pieces(sender)
        self._tail = ONE_CLICK + list_fields(sender) + MIME_VERSION + multipart_field(boundary)
        self._among_right_to_left = has_right_to_left(issue.text)
        part = partial(Part, placeholders=issue.placeholders, where=issue.name)
        around = inner if issue.pictures else boundary
        self._text = part(issue.text, TEXT, boundary=boundary, what="text part")
        self._html = part(issue.html, HTML, boundary=around, what="HTML part")
        self._related = write_related(issue.pictures, outer=boundary, inner=inner, where=issue.name)
        self._end = CRLF + b"--" + boundary + b"--" + CRLF
        self._seal = self._sealed(signer, sender, issue.date) if signer else None
        self._seal_size = len(self._seal.hashes((), b"").fields()) if self._seal else 0
        _check_size(self.size, issue.name)
        probe = self._probe()
        scan_message(self.compose(probe), recipient=probe.address)

    @property
    def part_sizes(self) -> PartSizes:
        unsubscribe = sum(map(len, self._unsubscribe))
        return PartSizes(
            headers=self._seal_size + len(self._head) + unsubscribe + len(self._tail),
            text=self._text.size,
            html=self._html.size,
            pictures=self._related.size,
        )

    @property
    def size(self) -> int:
        """Bytes of the message without what differs from reader to reader."""
        sizes = self.part_sizes
        parts = sizes.text + sizes.html + sizes.pictures
        return sizes.headers + 2 * len(CRLF) + parts + len(self._end)

    def compose(self, reader: Reader) -> bytes:
        """The whole message, CRLF throughout, not dot-stuffed; raises as `unsigned` does."""
        return self.unsigned(reader).sign()

    def unsigned(self, reader: Reader) -> UnsignedMessage:
        """The message but for its signatures, which are left to whoever has a thread for them.

        Raises MessageError, which names the recipient, for an address or display-name that cannot
        stand in a header, a damaged token, and a field that has neither value nor default.
        """
        where = self._where(reader)
        merged = self._merged_fields(reader, where)
        pieces = self._pieces(reader, where)
        if self._seal is None:
            return UnsignedMessage(b"".join((self._head, *merged, self._tail, CRLF, *pieces)))
        body = b"".join(pieces)
        content = b"".join((self._head, *merged, self._tail, CRLF, body))
        return UnsignedMessage(content, self._seal.hashes(merged, body))

    def headers(self, reader: Reader) -> bytes:
        """All header fields for one reader, without the empty line after them."""
        return self.compose(reader).partition(CRLF * 2)[0] + CRLF

    def body(self, reader: Reader) -> bytes:
        """Both parts for one reader, boundaries included."""
        return b"".join(self._pieces(reader, self._where(reader)))

    def _sealed(self, signer: Signer, sender: Sender, date: datetime) -> Seal:
        check_alignment(signer.domain, sender.mailbox.addr_spec.domain)
        return Seal(
            signer,
            fixed=self._head + self._tail,
            merged=MERGED,
            date=date,
            start=self._text.merge([b""] * len(self._placeholders))[0],
        )

    def _merged_fields(self, reader: Reader, where: str) -> tuple[bytes, bytes, bytes]:
        """To, Message-ID and List-Unsubscribe: the order of MERGED."""
        message_id = message_id_field(_mac(reader, where), self._domain)
        leave = token(UNSUBSCRIBE_TOKEN, reader.fields.get(UNSUBSCRIBE_TOKEN, ""), where)
        unsubscribe = leave.encode().join(self._unsubscribe)
        to = _to(reader, where)
        for merged in (to, message_id, unsubscribe):
            scan_field(merged, where=where)
        return to, message_id, unsubscribe

    def _pieces(self, reader: Reader, where: str) -> tuple[bytes, ...]:
        is_among = self._among_right_to_left
        values = [
            merged_value(
                placeholder,
                reader.fields.get(placeholder.field, ""),
                where,
                among_right_to_left=is_among,
            )
            for placeholder in self._placeholders
        ]
        text = self._text.merge([as_text for as_text, _ in values])
        as_html = self._html.merge([as_html for _, as_html in values])
        related = self._related
        return *text, CRLF, related.before, *as_html, related.after, self._end

    def _where(self, reader: Reader) -> str:
        return f"{self._issue} to {reader.address}"

    def _probe(self) -> Reader:
        """A reader whose values all need an escape, for the one scan of the whole message."""
        fields = {placeholder.field: "Zoë <&> = Ada" for placeholder in self._placeholders}
        tokens = {name: "probe" for name in fields if is_token(name)}
        return Reader(
            address=AddrSpec("probe", "example.com"),
            display_name="Zoë, the probe",
            fields={**fields, **tokens, UNSUBSCRIBE_TOKEN: "probe"},
            message_id_mac="probe",
        )


def _check(issue: RenderedIssue, subject: str) -> None:
    check_text(subject, what="subject", where=issue.name)
    parts = {"subject": issue.subject, "text part": issue.text, "HTML part": issue.html}
    for what, text in parts.items():
        if not text.strip():
            raise MessageError(
                f"the {what} is empty", where=issue.name, next_step="write the issue"
            )
    if _BRACES.search(subject) or any(
        placeholder.mark in subject for placeholder in issue.placeholders
    ):
        raise MessageError(
            "the subject holds a merge field",
            where=issue.name,
            next_step="use merge fields in the text only",
        )


def _check_size(size: int, where: str) -> None:
    if size > MAX_MESSAGE:
        raise MessageError(
            f"the message has {size / 1e6:.1f} MB, and many servers take no more than 10",
            where=where,
            next_step="leave out a picture, or let them be fetched from the site",
        )


def _boundaries(issue: RenderedIssue) -> tuple[bytes, bytes]:
    """Of the message and of its related part, neither the beginning of the other.

    A digest of the issue behind `=_`, which neither quoted-printable nor base64 ever writes
    (RFC 2045, 6.7 and 6.8).
    """
    digest = sha256()
    for text in (issue.name, issue.subject, issue.text, issue.html):
        octets = text.encode("utf-8", "surrogatepass")
        digest.update(b"%d:%b" % (len(octets), octets))
    octets = digest.hexdigest().encode()
    return b"=_" + octets[:32], b"=_r" + octets[32:63]


def _to(reader: Reader, where: str) -> bytes:
    check_addr_spec(reader.address, what="recipient", where=where)
    name = reader.display_name
    if name:
        check_text(name, what="display-name", where=where)
        name = clean_name(name)
    return mailbox_field("To", Mailbox(name, reader.address))


def _mac(reader: Reader, where: str) -> str:
    if _MAC.fullmatch(reader.message_id_mac) is None:
        raise MessageError(
            f"the Message-ID's {reader.message_id_mac!r} is not 1 to 64 letters, digits, - or _",
            where=where,
            next_step="make it from the secret key",
        )
    return reader.message_id_mac
