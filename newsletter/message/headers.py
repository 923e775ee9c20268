"""Header fields as bytes: who a message is from and for, what it is about, how to leave the list.

Every function checks what it is given and returns whole fields, CRLF included; which of them a
message holds is left to `composer`. RFC 5322 (2.2, 3.3, 3.4, 3.6), 2047, 2369, 2919, 6068, 8058.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from newsletter.addresses import AddrSpec, Mailbox
from newsletter.errors import MessageError
from newsletter.message.encoding import MAX_COLUMNS, encoded_words

MAX_LOCAL_PART = 64
MAX_ADDR_SPEC = 254
"""Octets: RFC 5321, 4.5.3.1 (a path of 256 includes its angle brackets)."""
MAX_URL = 700
"""Octets, so that the line it stands on, a token of 200 included, keeps below 998."""

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_ATOM = re.compile(rf"{_ATEXT}+")
_DOT_ATOM = re.compile(rf"{_ATEXT}+(?:\.{_ATEXT}+)*")
_DOT_ATOM_UTF8 = re.compile(rf"(?:{_ATEXT}|[^\x00-\x7f])+(?:\.(?:{_ATEXT}|[^\x00-\x7f])+)*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_SIMPLE = re.compile(rf"[A-Za-z0-9_+-]{{1,32}}(?:\.[A-Za-z0-9_+-]{{1,31}})?@{_LABEL}\.{_LABEL}")
"""Nearly every address: of 192 octets at most, in need of no further look."""
_PRINTABLE = re.compile(r"[ -~]+")
_QUOTED = re.compile(r'(["\\])')
_DAMAGED = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]")
_BASE_URL = re.compile(r"https://[A-Za-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._~!$&'*+;=:@%-]+)*")
_URL = re.compile(r"(?:https?://|mailto:)[A-Za-z0-9._~!$&'*+;=:@%/?#-]+")
_LIST_ID = re.compile(r"(?=.{3,255}\Z)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
"""255 octets at most: RFC 2919, 3."""
_FEEDBACK_ID = re.compile(r"(?:[A-Za-z0-9._-]*:){0,3}[A-Za-z0-9._-]{5,15}")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """The originator and the list's identity: the same for every issue.

    `reverse_path` belongs to the envelope; it is kept here because it goes with the rest, and
    held to the same rules. `base_url` is https without a slash at its end.
    """

    mailbox: Mailbox
    reply_to: Mailbox | None
    reverse_path: AddrSpec
    list_id: str
    list_name: str
    base_url: str
    unsubscribe_mailbox: AddrSpec | None
    help_url: str | None
    archive_url: str | None
    feedback_id: str | None


def check_text(text: str, *, what: str, where: str) -> None:
    """Raise MessageError when header text holds a control character or a line end of any kind."""
    if found := _DAMAGED.search(text):
        raise MessageError(
            f"the {what} holds U+{ord(found[0]):04X}, a line end or control character",
            where=where,
            next_step=f"mend the {what}",
        )


def check_addr_spec(spec: AddrSpec, *, what: str, where: str) -> None:
    """Raise MessageError unless the addr-spec can stand in a header.

    RFC 5321's lengths, no quoted local-part, an ASCII domain, nothing read as an encoded-word.
    """
    if not _SIMPLE.fullmatch(str(spec)) and not _is_odd_but_allowed(spec):
        raise MessageError(
            f"the {what} {str(spec)!r} cannot stand in a header",
            where=where,
            next_step="correct the address",
        )


def _is_odd_but_allowed(spec: AddrSpec) -> bool:
    local_part = _DOT_ATOM if spec.local_part.isascii() else _DOT_ATOM_UTF8
    return (
        local_part.fullmatch(spec.local_part) is not None
        and _DOMAIN.fullmatch(spec.domain) is not None
        and spec.local_part.isprintable()
        and "=?" not in spec.local_part
        and len(spec.local_part.encode()) <= MAX_LOCAL_PART
        and len(str(spec).encode()) <= MAX_ADDR_SPEC
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
    return field(name, *_phrase(name, mailbox.display_name), f"<{mailbox.addr_spec}>")


def _phrase(name: str, text: str) -> list[str]:
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


def originator_fields(sender: Sender) -> bytes:
    """From and Reply-To. Raises MessageError for an address or name that cannot stand there.

    The issue goes to servers with and without SMTPUTF8, so what is the same for all is ASCII.
    """
    mailboxes = {"From": sender.mailbox}
    if sender.reply_to:
        mailboxes["Reply-To"] = sender.reply_to
    _check_own(sender.reverse_path, what="reverse-path")
    for name, mailbox in mailboxes.items():
        _check_own(mailbox.addr_spec, what=f"{name} address")
        check_text(mailbox.display_name, what=f"{name} display-name", where="sender")
    return b"".join(mailbox_field(name, mailbox) for name, mailbox in mailboxes.items())


def _check_own(spec: AddrSpec, *, what: str) -> None:
    check_addr_spec(spec, what=what, where="sender")
    if not spec.is_ascii:
        raise MessageError(
            f"the {what} {spec} is not ASCII, so many servers could not take it",
            where="sender",
            next_step="use an address in ASCII",
        )


def list_fields(sender: Sender) -> bytes:
    """List-Id, List-Post, List-Help, List-Archive and Feedback-ID, as far as they are set."""
    fields = [_list_id(sender), field("List-Post", "NO")]
    for name, url in (("List-Help", sender.help_url), ("List-Archive", sender.archive_url)):
        if url is not None:
            _check(_URL, url, what=name, allowed="an https, http or mailto URL in ASCII")
            fields.append(field(name, f"<{url}>"))
    if sender.feedback_id is not None:
        allowed = "up to four fields, the last of 5 to 15 characters: issue:list:stream:sender"
        _check(_FEEDBACK_ID, sender.feedback_id, what="Feedback-ID", allowed=allowed)
        fields.append(field("Feedback-ID", sender.feedback_id))
    return b"".join(fields)


def _list_id(sender: Sender) -> bytes:
    """The name is left out where it would need an encoded-word: readers of List-Id match it raw."""
    check_text(sender.list_name, what="list name", where="sender")
    _check(_LIST_ID, sender.list_id, what="List-Id", allowed="a name with a dot: list.example.com")
    phrase = _phrase("List-Id", sender.list_name) if sender.list_name else []
    if any("=?" in word for word in phrase):
        phrase = []
    return field("List-Id", *phrase, f"<{sender.list_id}>")


def _check(pattern: re.Pattern[str], value: str, *, what: str, allowed: str) -> None:
    check_text(value, what=what, where="sender")
    if pattern.fullmatch(value) is None or len(value) > MAX_URL:
        raise MessageError(
            f"the {what} {value!r} has not the right form", where="sender", next_step=allowed
        )


def unsubscribe_pieces(sender: Sender) -> tuple[bytes, ...]:
    """List-Unsubscribe cut where a reader's token goes in: joined by it, the pieces are the field.

    https first, then mailto where there is a mailbox for it, folded between the two only
    (RFC 8058, 3.1; RFC 2369, 2; RFC 6068, 2).
    """
    _check(_BASE_URL, sender.base_url, what="base URL", allowed="https, no slash at its end")
    link = f"List-Unsubscribe: <{sender.base_url}/unsubscribe/"
    mailbox = sender.unsubscribe_mailbox
    if mailbox is None:
        return link.encode(), b">\r\n"
    _check_own(mailbox, what="unsubscribe address")
    local_part = quote(mailbox.local_part, safe="!$'*+-._~")
    between = f">,\r\n <mailto:{local_part}@{mailbox.domain}?subject=unsubscribe%20"
    return link.encode(), between.encode(), b">\r\n"
