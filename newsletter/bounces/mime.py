"""A message of a stranger as a tree of parts: read from any bytes, without raising, in linear time.

RFC 2045, 2046 and 5322, read as what really comes back needs it: line ends of every kind, a line of
an mbox before the first field, boundaries nobody declared, transfer encodings where none may stand.
Of a long message its beginning and its end are read. How a text is decoded is `charsets`'s.
"""

import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.bounces.charsets import decoded, from_base64, plain_text

READ_BYTES = 1 << 20
"""Of a message longer than this the middle is left out: that is an attachment in a copy of ours."""
TEXT_BYTES = 256 * 1024
"""Of one part no more than this is decoded."""
MAX_PARTS = 64
MAX_DEPTH = 8
MAX_FIELDS = 2000
FIELD_LENGTH = 16 * 1024
"""Characters of a field that are kept, unfolded."""

_FIELD = re.compile(r"([!-9;-~]{1,80})[ \t]*:[ \t]*(.*)")
_PARAMETER = re.compile(
    r';\s*([!#-+.-9A-Z^-~]{1,40})\s*=\s*(?:"((?:[^"\\]|\\.){0,1000})"?|([^;\s]{0,1000}))'
)
_UNDECLARED = re.compile(rb"(?:^|\n)--([!-~][ -~]{0,200})\n(?=[Cc]ontent-[A-Za-z-]+:)")
_MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})
_HEADERS_ONLY = frozenset(
    {
        "text/rfc822-headers",
        "text/rfc822-header",
        "message/rfc822-headers",
        "message/global-headers",
    }
)
_BLANK = re.compile(rb"\A(?:[ \t]*\n)+")
"""Before the first field, as web pages that show a message's source have it."""
_MAILBOX_LINE = re.compile(rb">?From [^\n]*\n")

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Part:
    """`fields` are names in lower case and unfolded values; `body` is as it was transferred."""

    fields: Fields
    content_type: str
    charset: str
    body: bytes
    parts: Sequence["Part"] = ()

    def field(self, name: str) -> str:
        return next((value for each, value in self.fields if each == name), "")

    def every(self, *names: str) -> list[str]:
        """Values of all fields of these names, in the names' order."""
        return [value for name in names for each, value in self.fields if each == name]

    def text(self) -> str:
        """The body as plain text, "" for what is no text."""
        content = _transferred(self.body, self.field("content-transfer-encoding"))
        text = decoded(content[:TEXT_BYTES], self.charset)
        is_markup = self.content_type == "text/html" or text[:200].lstrip().lower().startswith(
            ("<html", "<!doctype html")
        )
        return plain_text(text) if is_markup else text

    def leaves(self) -> Iterator["Part"]:
        """Parts that have none themselves, and whole messages inside this one, as they come."""
        if not self.parts or self.is_copy:
            yield self
            return
        for part in self.parts:
            yield from part.leaves()

    @property
    def is_copy(self) -> bool:
        """Whether it holds a message, or the fields of one: its only part."""
        return self.content_type in _MESSAGES or self.content_type in _HEADERS_ONLY


def read_message(raw: bytes) -> Part:
    """The message in `raw`: CR, LF and CRLF alike, with or without an mbox's line before it."""
    if len(raw) > READ_BYTES:
        raw = raw[: READ_BYTES * 3 // 4] + b"\n" + raw[-READ_BYTES // 4 :]
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    content = _with_lf(raw.removeprefix(b"\xef\xbb\xbf"))
    content = _BLANK.sub(b"", content, count=1)
    if (line := _MAILBOX_LINE.match(content)) is not None:
        content = content[line.end() :]
    return _read(content, "text/plain", 0, [MAX_PARTS])


def read_fields(text: str) -> tuple[list[tuple[str, str]], str]:
    """The fields at the beginning of a text, and what follows them.

    A line that is no field ends them, unless fields go on after it: somebody wrapped a long one.
    """
    fields: list[tuple[str, str]] = []
    at = 0
    while at < len(text) and len(fields) < MAX_FIELDS:
        line, following = _line(text, at)
        if not line.strip():
            return fields, text[following:]
        field = _FIELD.match(line)
        if field is not None:
            fields.append((field[1].lower(), field[2].strip()[:FIELD_LENGTH]))
        elif not fields or not (line[0] in " \t" or _goes_on(text, following)):
            return fields, text[at:]
        else:
            name, value = fields[-1]
            if len(value) < FIELD_LENGTH:
                fields[-1] = (name, f"{value} {line.strip()}".strip()[:FIELD_LENGTH])
        at = following
    return fields, text[at:]


def _line(text: str, at: int) -> tuple[str, int]:
    end = text.find("\n", at)
    return (text[at:], len(text)) if end < 0 else (text[at:end], end + 1)


def _goes_on(text: str, at: int) -> bool:
    line, following = _line(text, at)
    if line[:1] in (" ", "\t") and line.strip():
        line = _line(text, following)[0]
    return _FIELD.match(line) is not None


def _read(content: bytes, default: str, depth: int, left: list[int]) -> Part:
    """`left` counts down over the whole message how many parts may still be read."""
    left[0] -= 1
    head_end = content.find(b"\n\n", 0, TEXT_BYTES)
    head = content[: head_end + 1 if head_end >= 0 else TEXT_BYTES]
    if content.startswith(b"\n"):
        head, head_end = b"", -1
    fields, rest = read_fields(decoded(head, "utf-8"))
    body = content[head_end + 2 :] if head_end >= 0 else content[len(head) :]
    if rest.strip():
        body = rest.encode("utf-8", "replace") + b"\n" + body
    value = next((value for name, value in fields if name == "content-type"), "") or default
    content_type = value.partition(";")[0].strip().lower()
    parameters = {
        name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(value[:4000])
    }
    part = Part(fields, content_type, parameters.get("charset", ""), body)
    if depth >= MAX_DEPTH or left[0] <= 0:
        return part
    return _with_parts(part, parameters.get("boundary", ""), depth, left)


def _with_parts(part: Part, boundary: str, depth: int, left: list[int]) -> Part:
    if part.is_copy:
        body = _transferred(part.body, part.field("content-transfer-encoding"))
        inner = _read(_with_lf(body).lstrip(b"\n"), "text/plain", depth + 1, left)
        return _replaced(part, (inner,))
    pieces: list[bytes] = []
    if part.content_type.startswith("multipart/"):
        pieces = _pieces(part.body, boundary.encode("utf-8", "replace"), left[0])
    if not pieces and (part.content_type.startswith("multipart/") or depth == 0):
        undeclared = _UNDECLARED.search(part.body, 0, TEXT_BYTES)
        if undeclared and _is_preamble(part.body[: undeclared.start()]):
            pieces = _pieces(part.body, undeclared[1], left[0])
    return _replaced(part, [_read(piece, "text/plain", depth + 1, left) for piece in pieces])


def _is_preamble(content: bytes) -> bool:
    """Whether no more stands there than what is for programs without MIME."""
    words = content.strip().lower()
    return len(words) < 200 and (not words or b"mime" in words or b"multi" in words)


def _replaced(part: Part, parts: Sequence[Part]) -> Part:
    return Part(part.fields, part.content_type, part.charset, part.body, tuple(parts))


def _pieces(body: bytes, boundary: bytes, most: int) -> list[bytes]:
    """What stands between the delimiter lines (RFC 2046, 5.1.1); the last need not be closed."""
    delimiter = b"\n--" + boundary.strip()
    if len(delimiter) < 4:
        return []
    body = b"\n" + body
    starts: list[tuple[int, int]] = []
    at = body.find(delimiter)
    while at >= 0 and len(starts) <= most:
        line_end = body.find(b"\n", at + 1)
        line_end = len(body) if line_end < 0 else line_end
        after = body[at + len(delimiter) : min(line_end, at + len(delimiter) + 80)].strip()
        if after in (b"", b"--"):
            starts.append((at, line_end + 1))
        at = body.find(delimiter, at + len(delimiter))
    if not starts:
        return []
    ends = [start for start, _ in starts[1:]] + [len(body)]
    found = [body[begin:end] for (_, begin), end in zip(starts, ends, strict=True)]
    return [piece for piece in found[:most] if piece.strip()]


def _transferred(body: bytes, encoding: str) -> bytes:
    """The body without its transfer encoding (RFC 2045, 6); no more than is going to be read."""
    encoding = encoding.partition(";")[0].strip().lower()
    if encoding == "base64":
        return from_base64(body[: TEXT_BYTES * 3 // 2])
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body[: TEXT_BYTES * 3])
    return body


def _with_lf(content: bytes) -> bytes:
    return content.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
