"""A notice to the team as a message: a report, an alert, a reminder; never an issue.

A notice must go out whatever an alert quotes, so nothing in a subject or a text is refused: it is
made harmless. Python's email package writes the bodies; the header fields are written here, since
its folding of them has let quotation marks and line ends out. Envelopes and sending are left to
the caller. RFC 5322, 2045 to 2047, 3834 (5: Auto-Submitted).
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from newsletter.addresses import AddrSpec, Mailbox
from newsletter.errors import MessageError

MAX_SUBJECT = 200
"""Characters; what is longer is cut, with an ellipsis."""
MAX_NAME = 100

_COLUMNS = 76
_BREAKING = re.compile(r"[\s\x00-\x20\x7f-\x9f\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_DIRECTING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates, which would turn round what is quoted after them."""
_LONE = re.compile(r"[\ud800-\udfff]")
_PLAIN_WORDS = re.compile(r"(?!.*=\?)[!-~]{1,60}(?: [!-~]{1,60})*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/^_`{|}~-]{1,60}(?: [A-Za-z0-9!#$%&'*+/^_`{|}~-]{1,60})*")
_DOMAIN = re.compile(r"(?=.{1,255}\Z)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")


def compose_notice(
    *,
    sender: Mailbox,
    to: Sequence[AddrSpec],
    subject: str,
    text: str,
    html: str | None = None,
    date: datetime,
    message_id_domain: str,
    key: str,
) -> bytes:
    """The message in its canonical form: CRLF, ASCII, no line above 78 octets but for addresses.

    `date` is aware. `key` says which notice this is: the same key to the same readers has the same
    Message-ID, so that a mail program may drop what was sent once more. Equal arguments give equal
    bytes. Raises MessageError for an address or a domain that cannot stand in a header.
    """
    if not to:
        raise MessageError("a notice is for nobody", next_step="name its recipients")
    digest = hashlib.sha256("\n".join([key, *map(str, to)]).encode(errors="replace")).hexdigest()
    if not _DOMAIN.fullmatch(message_id_domain):
        raise MessageError(f"{message_id_domain!r} is no domain for a Message-ID")
    fields = [
        *_originator(sender),
        *_recipients(to),
        *_unstructured("Subject", _one_line(subject, MAX_SUBJECT) or "(no subject)"),
        f"Date: {_date(date)}",
        f"Message-ID: <{digest[:32]}@{message_id_domain}>",
        "Auto-Submitted: auto-generated",
    ]
    return "\r\n".join([*fields, ""]).encode("ascii") + _body(text, html, digest)


def _one_line(text: str, width: int) -> str:
    """On one line, whatever it was, and cut to a width that no mail program minds."""
    line = _BREAKING.sub(" ", _harmless(text)).strip()
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def _harmless(text: str) -> str:
    return _LONE.sub("\ufffd", _DIRECTING.sub("", text))


def _body(text: str, html: str | None, digest: str) -> bytes:
    """Header fields of MIME, the empty line, and the parts: text first, HTML last."""
    from email.message import EmailMessage  # 30 ms, and few commands tell anybody anything
    from email.policy import SMTP

    message = EmailMessage(policy=SMTP)
    message.set_content(_lines(text), charset="utf-8", cte="quoted-printable")
    if html is not None:
        message.add_alternative(
            _lines(html), subtype="html", charset="utf-8", cte="quoted-printable"
        )
        message.set_boundary(f"=_{digest[:40]}")
    return message.as_bytes()


def _lines(text: str) -> str:
    """Line ends as LF, one at the end, and no control character but the tab."""
    lines = _harmless(text).replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", lines).rstrip("\n") + "\n"


def _date(date: datetime) -> str:
    from email.utils import format_datetime

    return format_datetime(date)


def _originator(sender: Mailbox) -> Iterator[str]:
    address = _address(sender.addr_spec)
    name = _one_line(sender.display_name, MAX_NAME)
    if not name:
        yield f"From: {address}"
        return
    yield from _display_name(name)
    yield f" <{address}>"


def _display_name(name: str) -> Iterator[str]:
    """As atoms or as encoded-words, which need no quotation marks (RFC 5322, 3.2.3; 2047, 5)."""
    if _ATOMS.fullmatch(name) and len(name) < _COLUMNS - len("From: "):
        yield f"From: {name}"
    else:
        yield from _encoded("From", name)


def _recipients(to: Sequence[AddrSpec]) -> Iterator[str]:
    first, *others = map(_address, to)
    yield f"To: {first}" + ("," if others else "")
    for at, address in enumerate(others, 1):
        yield f" {address}" + ("," if at < len(others) else "")


def _address(spec: AddrSpec) -> str:
    """Raises MessageError for what only SMTPUTF8 could carry, or what would need quoting."""
    atoms = str(spec).replace("@", ".", 1).split(".")
    if not all(atom and _ATOMS.fullmatch(atom[:60]) and " " not in atom for atom in atoms):
        raise MessageError(
            f"{str(spec)!r} cannot stand in a notice's header",
            next_step="give an address of ASCII letters, figures and plain signs",
        )
    return str(spec)


def _unstructured(name: str, text: str) -> Iterator[str]:
    """Folded at its spaces where plain ASCII will do, else encoded-words throughout."""
    if not _PLAIN_WORDS.fullmatch(text):
        yield from _encoded(name, text)
        return
    line = f"{name}:"
    for word in text.split(" "):
        if len(line) + 1 + len(word) > _COLUMNS:
            yield line
            line = ""
        line += f" {word}"
    yield line


def _encoded(name: str, text: str) -> list[str]:
    """The lines of a field of encoded-words, of 75 characters each at most (RFC 2047, 2)."""
    from email.header import Header

    words = Header(text, "utf-8", header_name=name, maxlinelen=_COLUMNS).encode(linesep="\n")
    return f"{name}: {words}".split("\n")
