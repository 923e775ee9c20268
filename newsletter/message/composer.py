"""One rendered issue, compiled once into fixed bytes and slots, then joined for each reader.

Knows where a reader's values stand in the message and makes them harmless there; how headers and
bodies are written is `headers` and `encoding`, and whether the outcome may leave is `scan`.
The bytes are a pure function of content, sender and reader: no clock, no chance (RFC 2046, 5.1.4).
"""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from newsletter.addresses import AddrSpec, Mailbox
from newsletter.errors import MessageError
from newsletter.issue import Slot
from newsletter.message.encoding import CRLF, SOFT_BREAK, quoted_printable, quoted_printable_value
from newsletter.message.headers import (
    Sender,
    check_addr_spec,
    check_text,
    date_field,
    field,
    list_fields,
    mailbox_field,
    originator_fields,
    subject_field,
    unsubscribe_pieces,
)
from newsletter.message.scan import scan_field, scan_message, scan_value

UNSUBSCRIBE_TOKEN = "unsubscribe_token"  # noqa: S105 - the name of a field, not a secret
MAX_VALUE = 200
"""Characters of one reader's value; what is longer is cut (no first name is, an attack may be)."""

_TOKEN_FIELD = "_token"  # noqa: S105 - as above
_TOKEN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._~-]{0,499}")
_MAC = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._~-]{0,73}[A-Za-z0-9._~-])?")
"""A value that is itself in HTML, in plain text and in quoted-printable, whatever stands round."""
_BIDI = "\\u202a-\\u202e\\u2066-\\u2069"
_STRIPPED = re.compile(f"[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029{_BIDI}\\ud800-\\udfff]")
_OVERRIDES = re.compile(f"[{_BIDI}]")

_MIME_VERSION = field("MIME-Version", "1.0")
_ONE_CLICK = field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")  # RFC 8058, 3.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What is the same for every reader: the rendered issue, its slots, and its Date."""

    issue: str
    subject: str
    html: str
    text: str
    slots: tuple[Slot, ...]
    date: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """What differs: `fields` has the values for the slots, `unsubscribe_token` among them.

    `message_id_mac` is the left side of the Message-ID: unique for issue and reader.
    """

    address: AddrSpec
    display_name: str
    fields: Mapping[str, str]
    message_id_mac: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PartSizes:
    """Bytes as sent, without the slots' values; the HTML part is in quoted-printable."""

    headers: int
    text: int
    html: int


class Composer:
    """The compiled message of one issue. Safe for threads: nothing changes after the start.

    `subject_mark` is put in front of the subject ("[test]"). Raises MessageError when the content
    or the sender cannot be a message, and when the scanner refuses the message they make.
    """

    def __init__(self, content: Content, sender: Sender, *, subject_mark: str = "") -> None:
        self._issue = content.issue
        self._slots = content.slots
        self._message_id_end = f"@{sender.mailbox.addr_spec.domain}>"
        subject = f"{subject_mark} {content.subject}" if subject_mark else content.subject
        _check_content(content, subject)
        boundary = _boundary(content)
        self._head = originator_fields(sender) + subject_field(subject) + date_field(content.date)
        self._unsubscribe = unsubscribe_pieces(sender)
        self._tail = _ONE_CLICK + list_fields(sender) + _MIME_VERSION + _multipart(boundary)
        self._text = _Part(content.text, "text/plain", boundary, content, "text part")
        self._html = _Part(content.html, "text/html", boundary, content, "HTML part")
        self._end = CRLF + b"--" + boundary + b"--" + CRLF
        probe = self._probe()
        scan_message(self.compose(probe), recipient=probe.address)

    @property
    def part_sizes(self) -> PartSizes:
        unsubscribe = sum(map(len, self._unsubscribe))
        return PartSizes(
            headers=len(self._head) + unsubscribe + len(self._tail),
            text=self._text.size,
            html=self._html.size,
        )

    @property
    def size(self) -> int:
        """Bytes of the message without what differs from reader to reader."""
        sizes = self.part_sizes
        return sizes.headers + len(CRLF) + sizes.text + sizes.html + len(self._end)

    def compose(self, reader: Reader) -> bytes:
        """The whole message, CRLF throughout, not dot-stuffed.

        Raises MessageError, which names the recipient, for an address or display-name that cannot
        stand in a header, a damaged token, and a field that has neither value nor default.
        """
        where = self._where(reader)
        return b"".join((*self._header_pieces(reader, where), CRLF, *self._pieces(reader, where)))

    def headers(self, reader: Reader) -> bytes:
        """All header fields for one reader, without the empty line after them."""
        return b"".join(self._header_pieces(reader, self._where(reader)))

    def body(self, reader: Reader) -> bytes:
        """Both parts for one reader, boundaries included."""
        return b"".join(self._pieces(reader, self._where(reader)))

    def _header_pieces(self, reader: Reader, where: str) -> tuple[bytes, ...]:
        message_id = f"Message-ID: <{_mac(reader, where)}{self._message_id_end}\r\n".encode()
        token = _token(UNSUBSCRIBE_TOKEN, reader.fields.get(UNSUBSCRIBE_TOKEN, ""), where)
        unsubscribe = token.encode().join(self._unsubscribe)
        to = _to(reader, where)
        for merged in (to, message_id, unsubscribe):
            scan_field(merged, where=where)
        return self._head, to, message_id, unsubscribe, self._tail

    def _pieces(self, reader: Reader, where: str) -> tuple[bytes, ...]:
        values = [_value(slot, reader, where) for slot in self._slots]
        text = self._text.merge([as_text for as_text, _ in values])
        as_html = self._html.merge([as_html for _, as_html in values])
        return *text, *as_html, self._end

    def _where(self, reader: Reader) -> str:
        return f"{self._issue} to {reader.address}"

    def _probe(self) -> Reader:
        """A reader whose values all need an escape, for the one scan of the whole message."""
        fields = {slot.field: "Zoë <&> = Ada" for slot in self._slots}
        tokens = {name: "probe" for name in fields if name.endswith(_TOKEN_FIELD)}
        return Reader(
            address=AddrSpec("probe", "example.com"),
            display_name="Zoë, the probe",
            fields={**fields, **tokens, UNSUBSCRIBE_TOKEN: "probe"},
            message_id_mac="probe",
        )


class _Part:
    """One body part: encoded text with a gap wherever a slot's placeholder stood."""

    def __init__(
        self, text: str, media_type: str, boundary: bytes, content: Content, what: str
    ) -> None:
        start = b"--" + boundary + CRLF + _part_headers(media_type)
        try:
            pieces, self._order = _cut(text, content.slots)
            self._segments = _segments(pieces)
        except UnicodeEncodeError as error:
            raise MessageError(
                f"the {what} holds a lone surrogate at character {error.start}",
                where=content.issue,
                next_step="save the issue as UTF-8",
            ) from error
        _check_leftovers(pieces, content, what)
        opening = start if media_type == "text/plain" else CRLF + start
        self._segments[0] = opening + self._segments[0]
        self.size = sum(map(len, self._segments))

    def merge(self, values: list[bytes]) -> list[bytes]:
        """The part's bytes in order; `values` are encoded, one for each slot."""
        merged = list(self._segments)
        merged[1::2] = [values[index] for index in self._order]
        return merged


def _cut(text: str, slots: tuple[Slot, ...]) -> tuple[list[str], list[int]]:
    """The text between placeholders, and which slot stands in each gap."""
    if not slots:
        return [text], []
    index = {slot.placeholder: number for number, slot in enumerate(slots)}
    longest_first = sorted(index, key=len, reverse=True)
    pieces = re.split("(" + "|".join(map(re.escape, longest_first)) + ")", text)
    return pieces[::2], [index[placeholder] for placeholder in pieces[1::2]]


def _segments(pieces: list[str]) -> list[bytes]:
    """Encoded pieces with an empty gap after each but the last.

    A soft line break stands on either side of a gap, so that a value has its lines to itself; a
    line end does as well.
    """
    segments: list[bytes] = []
    last = len(pieces) - 1
    for number, piece in enumerate(pieces):
        encoded = quoted_printable(piece, soft_end=number < last)
        is_end_of_part = number == last and not encoded
        if number and not is_end_of_part and not encoded.startswith(CRLF):
            encoded = SOFT_BREAK + encoded
        segments += [encoded, b""]
    return segments[:-1]


def _check_leftovers(pieces: Iterable[str], content: Content, what: str) -> None:
    """A placeholder that a stage before us wrote in other letters would be read by everyone."""
    rest = "\n".join(pieces).casefold()
    for slot in content.slots:
        if slot.placeholder.casefold() in rest:
            raise MessageError(
                f"the {what} holds a damaged placeholder of {slot.field}",
                where=content.issue,
                next_step="do not change the case of merge fields in the template",
            )


def _check_content(content: Content, subject: str) -> None:
    check_text(subject, what="subject", where=content.issue)
    parts = {"subject": content.subject, "text part": content.text, "HTML part": content.html}
    for what, text in parts.items():
        if not text.strip():
            raise MessageError(
                f"the {what} is empty", where=content.issue, next_step="write the issue"
            )
    if any(slot.placeholder in subject for slot in content.slots):
        raise MessageError(
            "the subject holds a merge field",
            where=content.issue,
            next_step="use merge fields in the text only",
        )


def _boundary(content: Content) -> bytes:
    """A digest of the content behind `=_`, which quoted-printable never writes (RFC 2045, 6.7)."""
    digest = sha256()
    for text in (content.issue, content.subject, content.text, content.html):
        octets = text.encode("utf-8", "surrogatepass")
        digest.update(b"%d:%b" % (len(octets), octets))
    return b"=_" + digest.hexdigest()[:32].encode()


def _multipart(boundary: bytes) -> bytes:
    return field("Content-Type", "multipart/alternative;", f'boundary="{boundary.decode()}"')


def _part_headers(media_type: str) -> bytes:
    media = field("Content-Type", f"{media_type};", "charset=utf-8")
    return media + field("Content-Transfer-Encoding", "quoted-printable") + CRLF


def _to(reader: Reader, where: str) -> bytes:
    check_addr_spec(reader.address, what="recipient", where=where)
    name = reader.display_name
    if name:
        check_text(name, what="display-name", where=where)
        name = _OVERRIDES.sub("", name)[:MAX_VALUE]
    return mailbox_field("To", Mailbox(name, reader.address))


def _mac(reader: Reader, where: str) -> str:
    if _MAC.fullmatch(reader.message_id_mac) is None:
        raise MessageError(
            f"the Message-ID's {reader.message_id_mac!r} is not 1 to 64 letters, digits, - or _",
            where=where,
            next_step="make it from the secret key",
        )
    return reader.message_id_mac


def _token(name: str, value: str, where: str) -> str:
    """A token is taken whole or not at all: a cleaned one would be a dead link."""
    if _TOKEN.fullmatch(value) is None:
        raise MessageError(
            f"the field {name} is not a token of 1 to 500 URL-safe characters",
            where=where,
            next_step="make it from the secret key",
        )
    return value


def _value(slot: Slot, reader: Reader, where: str) -> tuple[bytes, bytes]:
    """A slot's value as it stands in the text part, and in the HTML part."""
    raw = reader.fields.get(slot.field, "")
    if slot.field.endswith(_TOKEN_FIELD):
        raw = _token(slot.field, raw, where)
    if _PLAIN.fullmatch(raw):
        plain = raw.encode("ascii")
        return plain, plain
    value = _clean(raw) or _default(slot, where)
    encoded = quoted_printable_value(value), quoted_printable_value(html.escape(value))
    for merged in encoded:
        scan_value(merged, where=where)
    return encoded


def _clean(value: str) -> str:
    return _STRIPPED.sub("", value)[:MAX_VALUE]


def _default(slot: Slot, where: str) -> str:
    if slot.default is None:
        raise MessageError(
            f"the field {slot.field} has neither a value nor a default",
            where=where,
            next_step=f"give the reader a {slot.field}, or the field a default",
        )
    return _clean(slot.default)
