"""How text becomes seven-bit bytes: quoted-printable for bodies, encoded-words for header text.

Knows bytes and columns; which header may hold an encoded-word is left to `fields`, where a value
of a reader stands to `composer`. RFC 2045, 6.7; RFC 2047, sections 2, 4 and 5.
"""

import base64
import re
from collections.abc import Sequence

MAX_COLUMNS = 76
"""Of an encoded line without its CRLF (RFC 2045, 6.7 (5)), and of a header line that holds an
encoded-word (RFC 2047, 2)."""
MAX_ENCODED_WORD = 75
"""Characters, delimiters included (RFC 2047, 2)."""

CRLF = b"\r\n"
SOFT_BREAK = b"=\r\n"

_LINE_END = re.compile(r"\r\n|\n|\r")
_BODY_UNSAFE = re.compile(rb"[^ -<>-~]|(?<= ) | $")
"""What is written as `=XX`. Tabs, spaces after a space and spaces at a line's end among it, so
that relaxed canonicalisation changes nothing in a body of ours (RFC 6376, 3.4.4)."""
_WORD_SAFE = re.compile(r"[A-Za-z0-9!*+/-]")
_Q_OCTETS = [chr(n) if _WORD_SAFE.fullmatch(chr(n)) else f"={n:02X}" for n in range(256)]
_Q_OCTETS[ord(" ")] = "_"
_FRAME = len("=?utf-8?q?" + "?=")


def quoted_printable(text: str, *, soft_end: bool = False) -> bytes:
    r"""Encode a text as UTF-8, its lines ending in CRLF, none longer than 76 columns.

    LF, CRLF and a lone CR are all line ends. A space is encoded at a line's end and after a
    space, a tab everywhere. With `soft_end` something else is to follow on the last line: it then
    ends in a soft line break, unless it is empty. Raises UnicodeEncodeError for a lone surrogate.

    >>> quoted_printable("Café = 3 \n")
    b'Caf=C3=A9 =3D 3=20\r\n'
    """
    *lines, last = _LINE_END.split(text)
    encoded = [_fold(_escape(line), MAX_COLUMNS) + CRLF for line in lines]
    ending = _fold(_escape(last), MAX_COLUMNS - 1)
    encoded.append(ending + SOFT_BREAK if soft_end and ending else ending)
    return b"".join(encoded)


def quoted_printable_value(value: str) -> bytes:
    """Encode one line of text so that a soft line break can follow: 75 columns, no more.

    >>> quoted_printable_value("Zoë ")
    b'Zo=C3=AB=20'
    """
    return _fold(_escape(value), MAX_COLUMNS - 1)


def _escape(line: str) -> bytes:
    return _BODY_UNSAFE.sub(_hex, line.encode("utf-8"))


def _hex(match: re.Match[bytes]) -> bytes:
    return b"=%02X" % ord(match[0])


def _fold(line: bytes, room: int) -> bytes:
    """Cut an escaped line by soft line breaks, never inside `=XX`; the last has `room` columns."""
    if len(line) <= room:
        return line
    pieces = []
    start = 0
    while len(line) - start > room:
        end = start + MAX_COLUMNS - 1
        escape = line.rfind(b"=", end - 2, end)
        end = escape if escape >= 0 else end
        pieces.append(line[start:end])
        start = end
    pieces.append(line[start:])
    return SOFT_BREAK.join(pieces)


def encoded_words(text: str, *, first_room: int) -> list[str]:
    """Encode header text, by B or Q whichever is shorter; no word splits a character.

    `first_room` is what the first word may take, in characters; the others may take 75. The
    letters that Q leaves as they are, are those allowed in a phrase (RFC 2047, 5 (3)).

    >>> encoded_words("Café au lait", first_room=60)
    ['=?utf-8?q?Caf=C3=A9_au_lait?=']
    """
    by_q, by_b = f"=?utf-8?q?{_q(text)}?=", f"=?utf-8?b?{_b(text)}?="
    whole = by_q if len(by_q) <= len(by_b) else by_b
    if len(whole) <= first_room:
        return [whole]
    all_q = [f"=?utf-8?q?{_q(chunk)}?=" for chunk in _chunks_q(text, first_room)]
    all_b = [f"=?utf-8?b?{_b(chunk)}?=" for chunk in _chunks_b(text, first_room)]
    return min(all_q, all_b, key=lambda words: len(" ".join(words)))


def _q(text: str) -> str:
    return "".join([_Q_OCTETS[octet] for octet in text.encode("utf-8")])


def _b(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")


def _chunks_q(text: str, first_room: int) -> list[str]:
    costs = [len(_q(character)) for character in text]
    return _chunks(text, costs, first_room - _FRAME, MAX_ENCODED_WORD - _FRAME)


def _chunks_b(text: str, first_room: int) -> list[str]:
    costs = [len(character.encode("utf-8")) for character in text]
    first, rest = ((room - _FRAME) // 4 * 3 for room in (first_room, MAX_ENCODED_WORD))
    return _chunks(text, costs, first, rest)


def _chunks(text: str, costs: Sequence[int], first: int, rest: int) -> list[str]:
    """Cut a text so that the costs of each chunk's characters sum to its room, or less."""
    chunks = []
    start = spent = 0
    room = first
    for index, cost in enumerate(costs):
        if spent + cost > room:
            chunks.append(text[start:index])
            start, spent, room = index, 0, rest
        spent += cost
    chunks.append(text[start:])
    return chunks
