"""Reads the final bytes of a message as a stranger would, and refuses what must not leave.

Shares no code with the composer and knows nothing of the `email` package, so that neither's fault
can hide here. It judges form; whether the words are right is the business of `newsletter.check`.
RFC 5321 (2.3.8, 4.5.3.1), 5322 (2.1.1, 2.2, 3.6), 2045, 2046, 2047, 2369, 2919, 6532, 8058.
"""

import binascii
import re
from collections.abc import Mapping, Sequence

from newsletter.addresses import AddrSpec
from newsletter.errors import MessageError
from newsletter.message.scan_related import read_related

MAX_LINE = 998
"""Octets without CRLF (RFC 5322, 2.1.1)."""
MAX_ENCODED_WORD = 75
MAX_MESSAGE_ID = 250
MAX_LIST_ID = 255

_BY_ALL = {"from", "to", "subject", "date", "message-id", "mime-version", "content-type"}
REQUIRED = frozenset({*_BY_ALL, "list-id", "list-unsubscribe", "list-unsubscribe-post"})
ALLOWED = REQUIRED | {"reply-to", "list-help", "list-archive", "list-post", "feedback-id"}
"""Every field an issue may hold, each once; in particular no Bcc, no Sender and no Received. Only
signatures may be two, and go before all others."""
LETTER_REQUIRED = frozenset({*_BY_ALL, "auto-submitted"})
_OF_LIST = frozenset({"list-id", "list-unsubscribe", "list-unsubscribe-post"})
LETTER_ALLOWED = LETTER_REQUIRED | _OF_LIST | {"content-transfer-encoding"}
"""The same of a letter. Most belong to no list; one that does says so in full."""
MAX_SIGNATURES = 2

_MAY_HOLD_ENCODED_WORDS = frozenset({"from", "to", "reply-to", "subject"})
_NAME = re.compile(rb"[!-9;-~]+")
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)|\x00")
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_PHRASE = rf'(?:{_ATEXT}+(?: {_ATEXT}+)*|"(?:[ !#-\[\]-~]|\\["\\])*")'
_LOCAL_PART = r"(?:[^\x00-\x20\x7f<>,;:\"()\\@]+|\"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+\")"
"""A quoted one holds nothing that needs it but dots, see `parse_addr_spec`."""
_ADDRESS = _LOCAL_PART + r"@[A-Za-z0-9.-]+"
_MAILBOX = re.compile(rf"(?:(?:({_PHRASE}) )?<({_ADDRESS})>|({_ADDRESS}))")
_ENCODED_WORD = re.compile(r"=\?utf-8\?([bq])\?([!->@-~]+)\?=")
_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-3]?\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r" \d{4} [0-2]\d:[0-5]\d:[0-6]\d [+-]\d{4}"
)
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]+@[A-Za-z0-9.-]+>")
_LIST_ID = re.compile(rf"(?:{_PHRASE} )?<([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)>")
_URI = re.compile(r"<((?:https|http|mailto):[!-;=?-~]+)>")
_URI_LIST = re.compile(r"<[!-;=?-~]+>(?:, <[!-;=?-~]+>)*")
_BOUNDARY = re.compile(r"multipart/alternative; boundary=\"([0-9A-Za-z'()+_,./:=?-]{1,70})\"")
_PLAIN, _FLOWED = "text/plain; charset=utf-8", "text/plain; charset=utf-8; format=flowed; delsp=no"
_HTML = "text/html; charset=utf-8"
_AUTO_SUBMITTED = frozenset({"auto-generated", "auto-replied"})
"""What a letter may say of itself (RFC 3834, 5)."""
_VALUE = re.compile(rb"(?:[!-<>-~]| (?! )|=[0-9A-F]{2}|=\r\n)*")
_RELAXED_AWAY = re.compile(rb"\t|  | \r\n|\r\n(?:\r\n)+\Z")
"""What relaxed canonicalisation would change in a body (RFC 6376, 3.4.4)."""
_SIGNATURE = re.compile(
    r"DKIM-Signature: v=1; a=(?:rsa|ed25519)-sha256; c=relaxed/relaxed; d=[^\s;=]+; s=[^\s;=]+;"
    r" t=\d+;(?: x=\d+;)? h=[a-z: -]+; bh=[A-Za-z0-9+/]{43}=; b=[A-Za-z0-9+/ ]+={0,2}"
)
"""With every tag of ours and no other: in particular no l= (RFC 6376, 8.2)."""
_FIELD = re.compile(rb"[!-9;-~]+: [^\x00-\x1f\x7f]+(?:\r\n [^\x00-\x20\x7f][^\x00-\x1f\x7f]*)*\r\n")


def scan_message(content: bytes, *, recipient: AddrSpec) -> None:
    """Raise MessageError unless it is one canonical message of a list to this recipient."""
    where = str(recipient)
    values, body = _read(content, REQUIRED, ALLOWED, where, is_to_ascii=recipient.is_ascii)
    for name in ("from", "reply-to"):
        _scan_mailbox(name, values.get(name, values["from"]), where)
    to = _scan_mailbox("to", values["to"], where)
    _require(to == where, "To is not the recipient", where)
    _scan_structured(values, where)
    _scan_list(values, where)
    _scan_unsubscribe(values, where)
    _scan_parts(values["content-type"], body, (_FLOWED, _HTML), where)


def scan_letter(content: bytes, *, recipients: Sequence[AddrSpec]) -> None:
    """Raise MessageError unless it is one canonical letter to these recipients."""
    where = ", ".join(map(str, recipients))
    is_to_ascii = all(each.is_ascii for each in recipients)
    required = LETTER_REQUIRED | (_OF_LIST if b"\r\nList-" in content else set())
    values, body = _read(content, required, LETTER_ALLOWED, where, is_to_ascii=is_to_ascii)
    if "list-id" in values:
        _scan_list(values, where)
        _scan_unsubscribe(values, where)
    _scan_mailbox("from", values["from"], where)
    _require(values["to"] == where, "To is not the recipients", where)
    _scan_structured(values, where)
    _require(values["auto-submitted"] in _AUTO_SUBMITTED, "auto-submitted has no such value", where)
    media, encoding = values["content-type"], values.get("content-transfer-encoding")
    is_text = media == _PLAIN
    _require(encoding == ("quoted-printable" if is_text else None), "an odd encoding", where)
    if is_text:
        _require(bool(body.strip()), "the text is empty", where)
    else:
        _scan_parts(media, body, (_PLAIN, _HTML), where)


def _read(
    content: bytes,
    required: frozenset[str],
    allowed: frozenset[str],
    where: str,
    *,
    is_to_ascii: bool = True,
) -> tuple[dict[str, str], bytes]:
    """The values of the header fields, signatures apart, and the body; each by itself in order."""
    _scan_lines(content, where)
    head, empty_line, body = content.partition(b"\r\n\r\n")
    _require(bool(empty_line and body), "there is no empty line and body after the headers", where)
    white = _RELAXED_AWAY.search(body)
    _require(white is None, f"white space that DKIM would change, {white and white[0]!r}", where)
    fields = _fields(_without_signatures(head, required, where), required, allowed, where)
    _scan_octets(fields, body, where, is_to_ascii=is_to_ascii)
    values = {name: value.decode("utf-8") for name, value in fields.items()}
    _scan_encoded_words(values, where)
    return values, body


def scan_value(value: bytes, *, where: str) -> None:
    """Raise MessageError unless a merged value is quoted-printable that stays in its place."""
    _require(_VALUE.fullmatch(value) is not None, "a merged value is not quoted-printable", where)
    short = len(value) <= 76 or max(map(len, value.split(b"\r\n"))) <= 76
    _require(short, "a merged value has a line of more than 76 columns", where)


def scan_field(field: bytes, *, where: str) -> None:
    """Raise MessageError unless a merged header is one whole field, and only one."""
    _require(_FIELD.fullmatch(field) is not None, "a merged header is not one whole field", where)
    short = len(field) <= MAX_LINE or max(map(len, field.split(b"\r\n"))) <= MAX_LINE
    _require(short, "a merged header has a line of more than 998 octets", where)


def _require(holds: bool, what: str, where: str) -> None:  # noqa: FBT001 - it reads as one
    if not holds:
        raise MessageError(
            f"the scanner refuses the message: {what}",
            where=where,
            next_step="nothing was sent; correct the value that is named",
        )


def _scan_lines(content: bytes, where: str) -> None:
    bare = _BARE.search(content)
    _require(bare is None, f"bare CR, bare LF or NUL at octet {bare and bare.start()}", where)
    _require(content.endswith(b"\r\n"), "the last line has no end", where)
    longest = max(map(len, content.split(b"\r\n")))
    _require(longest <= MAX_LINE, f"a line of {longest} octets", where)


def _without_signatures(head: bytes, required: frozenset[str], where: str) -> bytes:
    """The fields after the signatures; each of these covers what RFC 8058, 4 wants covered."""
    count = 0
    while head.startswith(b"DKIM-Signature:"):
        end = re.search(rb"\r\n(?![ \t])", head)
        _require(end is not None, "there is nothing after a signature", where)
        assert end is not None
        signature = head[: end.start()].replace(b"\r\n", b"").decode("ascii", "replace")
        _require(_SIGNATURE.fullmatch(signature) is not None, "a DKIM-Signature is odd", where)
        listed = signature.partition(" h=")[2].partition(";")[0].replace(" ", "").split(":")
        covered = all(listed.count(name) > 1 for name in required)
        _require(covered, "a DKIM-Signature leaves out a field", where)
        head = head[end.end() :]
        count += 1
    _require(count <= MAX_SIGNATURES, f"{count} signatures", where)
    return head


def _fields(
    head: bytes, required: frozenset[str], allowed: frozenset[str], where: str
) -> Mapping[str, bytes]:
    """Names in lower case to unfolded values, each name once."""
    fields: dict[str, bytes] = {}
    name = ""
    for line in head.split(b"\r\n"):
        if line[:1] in (b" ", b"\t"):
            _require(bool(name and line.strip()), "a folded line that continues nothing", where)
            fields[name] += line
            continue
        raw, colon, value = line.partition(b":")
        ok = bool(colon) and _NAME.fullmatch(raw) is not None
        _require(ok, f"{line[:40]!r} is not a header field", where)
        name = raw.decode("ascii").lower()
        _require(name in allowed, f"the header {name} is not on the list", where)
        _require(name not in fields, f"the header {name} is there twice", where)
        fields[name] = value.removeprefix(b" ")
    missing = ", ".join(sorted(required - fields.keys()))
    _require(not missing, f"missing: {missing}", where)
    return fields


def _scan_octets(
    fields: Mapping[str, bytes], body: bytes, where: str, *, is_to_ascii: bool
) -> None:
    """Seven bits everywhere, but UTF-8 in To where the recipient cannot be written without."""
    _require(body.isascii(), "the body is not seven-bit", where)
    for name, value in fields.items():
        if name == "to" and not is_to_ascii:
            _require(_is_utf8(value), "To is not UTF-8", where)
        else:
            _require(value.isascii(), f"the header {name} is not seven-bit", where)
        printable = not re.search(rb"[\x00-\x1f\x7f]", value)
        _require(printable, f"the header {name} holds a control character", where)


def _is_utf8(octets: bytes) -> bool:
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _scan_encoded_words(values: Mapping[str, str], where: str) -> None:
    for name, value in values.items():
        if "=?" not in value:
            continue
        _require(name in _MAY_HOLD_ENCODED_WORDS, f"an encoded-word in {name}", where)
        for word in value.split(" "):
            if "=?" in word:
                _require(_is_encoded_word(word), f"{name}: {word[:80]!r} is damaged", where)


def _is_encoded_word(word: str) -> bool:
    """One encoded-word by itself, whole UTF-8 characters inside (RFC 2047, 2 and 5)."""
    match = _ENCODED_WORD.fullmatch(word)
    if match is None or len(word) > MAX_ENCODED_WORD:
        return False
    encoding, text = match.groups()
    try:
        if encoding == "b":
            octets = binascii.a2b_base64(text, strict_mode=True)
        else:
            octets = binascii.a2b_qp(text, header=True)
    except binascii.Error:
        return False
    return _is_utf8(octets)


def _scan_mailbox(name: str, value: str, where: str) -> str:
    """The address of a field that holds exactly one mailbox."""
    match = _MAILBOX.fullmatch(value)
    _require(match is not None, f"{name} is not exactly one mailbox", where)
    assert match is not None
    phrase, bracketed, bare = match.groups()
    address: str = bracketed or bare
    _require("=?" not in address, f"an encoded-word in the address of {name}", where)
    quoted = (phrase or "").startswith('"') and "=?" in phrase
    _require(not quoted, f"an encoded-word in the quoted-string of {name}", where)
    return address


def _scan_structured(values: Mapping[str, str], where: str) -> None:
    for name, form in (("date", _DATE), ("message-id", _MESSAGE_ID)):
        _require(form.fullmatch(values[name]) is not None, f"{name} is malformed", where)
    _require(len(values["message-id"]) <= MAX_MESSAGE_ID, "the message-id is too long", where)
    _require(values["mime-version"] == "1.0", "mime-version is not 1.0", where)


def _scan_list(values: Mapping[str, str], where: str) -> None:
    _require(_LIST_ID.fullmatch(values["list-id"]) is not None, "list-id is malformed", where)
    identity = values["list-id"].rpartition("<")[2].rstrip(">")
    _require(len(identity) <= MAX_LIST_ID, "the list-id is too long", where)
    _require(values.get("list-post", "NO") == "NO", "list-post is not NO", where)
    for name in ("list-help", "list-archive"):
        ok = name not in values or _URI.fullmatch(values[name]) is not None
        _require(ok, f"{name} is not one URI in angle brackets", where)


def _scan_unsubscribe(values: Mapping[str, str], where: str) -> None:
    """RFC 8058, 3.1: exactly one https URI, at most one mailto beside it, and the other field."""
    value = values["list-unsubscribe"]
    ok = _URI_LIST.fullmatch(value) is not None
    _require(ok, "list-unsubscribe is not a list of URIs in angle brackets", where)
    schemes = sorted(uri.partition(":")[0] for uri in _URI.findall(value))
    ok = schemes in (["https"], ["https", "mailto"]) and len(schemes) == value.count("<")
    _require(ok, "list-unsubscribe does not have exactly one https URI", where)
    one_click = values["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    _require(one_click, "list-unsubscribe-post is not List-Unsubscribe=One-Click", where)


def _scan_parts(content_type: str, body: bytes, media: tuple[str, str], where: str) -> None:
    """Two parts, text first, HTML last, and a boundary that stands nowhere else."""
    match = _BOUNDARY.fullmatch(content_type)
    _require(match is not None, "content-type is not multipart/alternative", where)
    assert match is not None
    delimiter = b"\r\n--" + match[1].encode("ascii")
    preamble, *parts = (b"\r\n" + body).split(delimiter)
    _require(len(parts) == 3 and not preamble, "there are not two parts", where)
    text, html, end = parts
    html, fault = read_related(html)
    _require(not fault, fault, where)
    _require(end == b"--\r\n", "there is something after the last part", where)
    for part, form in zip((text, html), media, strict=True):
        kind = form.partition(";")[0]
        start = f"\r\nContent-Type: {form}\r\n".encode()
        _require(part.startswith(start), f"no part of {kind} in its place", where)
        written = part.partition(b"\r\n\r\n")[2]
        _require(bool(written.strip()), f"the part of {kind} is empty", where)
