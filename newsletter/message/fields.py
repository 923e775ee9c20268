"""Header fields as bytes, for every message: text, mailboxes, dates and ids, folded and encoded.

Knows what may stand in a field and how it is written; which fields a message has is left to
`headers` and `letters`. RFC 5322 (2.2, 3.2 to 3.4, 3.6), RFC 2047.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from newsletter.addresses import AddrSpec, Mailbox
from newsletter.errors import MessageError
from newsletter.message.encoding import MAX_COLUMNS, encoded_words

MAX_LOCAL_PART = 64
MAX_ADDR_SPEC = 254
"""Octets: RFC 5321, 4.5.3.1 (a path of 256 includes its angle brackets)."""

LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
"""Of a domain, as a regular expression."""

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_ATOM = re.compile(rf"{_ATEXT}+")
_DOT_ATOM = re.compile(rf"{_ATEXT}+(?:\.{_ATEXT}+)*")
_DOT_ATOM_UTF8 = re.compile(rf"(?:{_ATEXT}|[^\x00-\x7f])+(?:\.(?:{_ATEXT}|[^\x00-\x7f])+)*")
_DOTTED = re.compile(r"""\"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+\"""")
"""What `parse_addr_spec` makes of dots where no dot-atom has any."""
_DOMAIN = re.compile(rf"{LABEL}(?:\.{LABEL})+")
_SIMPLE = re.compile(rf"[A-Za-z0-9_+-]{{1,32}}(?:\.[A-Za-z0-9_+-]{{1,31}})?@{LABEL}\.{LABEL}")
"""Nearly every address: of 192 octets at most, in need of no further look."""
_PRINTABLE = re.compile(r"[ -~]+")
_QUOTED = re.compile(r'(["\\])')
_DAMAGED = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def check_text(text: str, *, what: str, where: str) -> None:
    """Raise MessageError when header text holds a control character or a line end of any kind."""
    if found := _DAMAGED.search(text):
        raise MessageError(
            f"the {what} contains U+{ord(found[0]):04X}, a line break or control character",
            where=where,
            next_step=f"mend the {what}",
        )


def check_addr_spec(spec: AddrSpec, *, what: str, where: str) -> None:
    """Raise MessageError unless the addr-spec can stand in a header.

    RFC 5321's lengths, no quoted local-part but for its dots, an ASCII domain, nothing read as an
    encoded-word.
    """
    if not _SIMPLE.fullmatch(str(spec)) and not _is_odd_but_allowed(spec):
        raise MessageError(
            f"the {what} {str(spec)!r} cannot go in a header",
            where=where,
            next_step="correct the address",
        )


def _is_odd_but_allowed(spec: AddrSpec) -> bool:
    local_part = _DOT_ATOM if spec.local_part.isascii() else _DOT_ATOM_UTF8
    return (
        (local_part.fullmatch(spec.local_part) or _DOTTED.fullmatch(spec.local_part)) is not None
        and _DOMAIN.fullmatch(spec.domain) is not None
        and spec.local_part.isprintable()
        and "=?" not in spec.local_part
        and len(spec.local_part.encode()) <= MAX_LOCAL_PART
        and len(str(spec).encode()) <= MAX_ADDR_SPEC
    )


def check_ascii(spec: AddrSpec, *, what: str, where: str) -> None:
    """Raise MessageError as `check_addr_spec` does, and for what only SMTPUTF8 could carry."""
    check_addr_spec(spec, what=what, where=where)
    if not spec.is_ascii:
        raise MessageError(
            f"the {what} {spec} is not ASCII, so many servers could not take it",
            where=where,
            next_step="use an address in ASCII",
        )


def field(name: str, *tokens: str) -> bytes:
    r"""A field, folded between tokens at 76 columns; a token by itself may be longer.

    The first token stays on the name's line whatever its length: a field folded straight after
    its colon is allowed, but relays have broken DKIM over it (nodemailer issue 1654).

    >>> field("Subject", "One", "two")
    b'Subject: One two\r\n'
    """
    lines = [f"{name}: {tokens[0]}"]
    for token in tokens[1:]:
        if len(lines[-1]) + 1 + len(token) <= MAX_COLUMNS:
            lines[-1] += f" {token}"
        else:
            lines.append(f" {token}")
    return ("\r\n".join(lines) + "\r\n").encode("utf-8")


def _fits(name: str, words: list[str]) -> bool:
    """Whether words that cannot be cut leave every line of the folded field short enough."""
    first = MAX_COLUMNS - len(name) - 2
    return len(words[0]) <= first and all(len(word) < MAX_COLUMNS for word in words)


def subject_field(subject: str) -> bytes:
    """ASCII as it is where it can be folded at its spaces, else encoded-words throughout."""
    words = subject.split(" ")
    if (
        _PRINTABLE.fullmatch(subject)
        and "=?" not in subject
        and all(words)
        and _fits("Subject", words)
    ):
        return field("Subject", *words)
    return field("Subject", *_encoded("Subject", subject))


def _encoded(name: str, text: str) -> list[str]:
    return encoded_words(text, first_room=MAX_COLUMNS - len(name) - 2)


def mailbox_field(name: str, mailbox: Mailbox) -> bytes:
    """`Name: display-name <addr-spec>`; both are taken as checked."""
    if not mailbox.display_name:
        return field(name, str(mailbox.addr_spec))
    return field(name, *phrase(name, mailbox.display_name), f"<{mailbox.addr_spec}>")


def phrase(name: str, text: str) -> list[str]:
    """A display-name as atoms, as one quoted-string, or as encoded-words (RFC 5322, 3.2.5)."""
    if _PRINTABLE.fullmatch(text) and "=?" not in text:
        words = text.split(" ")
        if all(_ATOM.fullmatch(word) for word in words) and _fits(name, words):
            return words
        quoted = _quoted_string(text)
        if _fits(name, [quoted]):
            return [quoted]
    return _encoded(name, text)


def _quoted_string(text: str) -> str:
    return '"' + _QUOTED.sub(r"\\\1", text) + '"'


MIME_VERSION = field("MIME-Version", "1.0")


def recipients_field(to: Sequence[AddrSpec]) -> bytes:
    r"""All of them, at least one, in one To; they are taken as checked.

    >>> recipients_field([AddrSpec("a", "b.example"), AddrSpec("c", "d.example")])
    b'To: a@b.example, c@d.example\r\n'
    """
    *others, last = map(str, to)
    return field("To", *[f"{other}," for other in others], last)


def message_id_field(left: str, domain: str) -> bytes:
    """Both are taken as checked; `left` is unique for the message (RFC 5322, 3.6.4)."""
    return f"Message-ID: <{left}@{domain}>\r\n".encode()


def date_field(when: datetime) -> bytes:
    r"""RFC 5322, 3.3, with a numeric zone. Raises MessageError for a time without a zone.

    >>> from datetime import UTC
    >>> date_field(datetime(2021, 11, 26, 7, tzinfo=UTC))
    b'Date: Fri, 26 Nov 2021 07:00:00 +0000\r\n'
    """
    offset = when.utcoffset()
    if offset is None or when.year < 1900:
        raise MessageError(
            "the date of the message has no zone or is before 1900",
            where=when.isoformat(),
            next_step="give a date with its zone",
        )
    if offset % timedelta(minutes=1):  # local mean time, which +hhmm cannot say
        when, offset = when.astimezone(UTC), timedelta(0)
    sign = "-" if offset < timedelta(0) else "+"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    day = f"{_DAYS[when.weekday()]}, {when.day:02} {_MONTHS[when.month - 1]} {when.year:04}"
    return field("Date", f"{day} {when:%H:%M:%S} {sign}{hours:02}{minutes:02}")
