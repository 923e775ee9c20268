"""SMTP replies, read off the octets (RFC 5321, 4.2 and 4.5.3.1.5; RFC 3463 for enhanced codes).

Strict where a lenient reader could take one reply for another: every line of a reply has the same
code, and what is no reply is called so. What a reply means is left to `base`.
"""

import re
from functools import lru_cache
from typing import NamedTuple

MAX_REPLY_LINES = 128
MAX_REPLY_OCTETS = 64 * 1024
MAX_TEXT = 500
"""Characters of a reply's text that are kept; more is a server telling stories."""

_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])([^\r\n]*))?")
_ENHANCED = re.compile(r"([245])\.\d{1,3}\.\d{1,3}(?=\s|$)")
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufffd]+")
"""Control characters, direction overrides (UAX #9), and what hides words."""


class WireReply(NamedTuple):
    """One whole reply: `lines` are their texts, without codes."""

    code: int
    lines: tuple[str, ...]

    @property
    def enhanced_code(self) -> str:
        """Such as 5.1.1; "" where none is given, or of another class than the code (RFC 3463)."""
        found = _ENHANCED.match(self.lines[0])
        return found[0] if found and int(found[1]) == self.code // 100 else ""

    @property
    def text(self) -> str:
        """The lines as one, control characters and repeated enhanced codes taken out."""
        said = (
            _ENHANCED.sub("", line, count=1) if _ENHANCED.match(line) else line
            for line in self.lines
        )
        text = " ".join(" ".join([_shown(line) for line in said]).split())
        return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.code), self.enhanced_code, self.text)))


def _shown(line: str) -> str:
    return line if line.isascii() and line.isprintable() else _NOT_SHOWN.sub(" ", line)


def take_reply(buffer: bytearray) -> WireReply | None:
    """Take one whole reply off the buffer's front; None while it is not all there.

    Raises ValueError, saying why, when what stands there is no reply.
    """
    end = buffer.find(b"\n") + 1
    if end and (whole := _read_only_line(bytes(buffer[:end]))):
        del buffer[:end]
        return whole
    texts: list[str] = []
    code = 0
    start = 0
    while (end := buffer.find(b"\n", start)) != -1:
        line_code, more, text = _read_line(bytes(buffer[start : end + 1]))
        if code and line_code != code:
            raise ValueError("one reply with two reply codes")
        code = line_code
        texts.append(text)
        start = end + 1
        if not more:
            del buffer[:start]
            return WireReply(code=code, lines=tuple(texts))
        if len(texts) >= MAX_REPLY_LINES:
            raise ValueError(f"a reply of more than {MAX_REPLY_LINES} lines")
    if len(buffer) > MAX_REPLY_OCTETS:
        raise ValueError(f"a reply of more than {MAX_REPLY_OCTETS} octets")
    return None


@lru_cache(maxsize=64)  # a relay says the same of nearly every message
def _read_only_line(line: bytes) -> WireReply | None:
    code, more, text = _read_line(line)
    return None if more else WireReply(code=code, lines=(text,))


def _read_line(line: bytes) -> tuple[int, bool, str]:
    # Some servers end a line in LF alone; nothing can be smuggled in a reply by it.
    found = _LINE.fullmatch(line.removesuffix(b"\n").removesuffix(b"\r"))
    if found is None:
        raise ValueError(f"not an SMTP reply: {line[:60]!r}")
    return int(found[1]), found[2] == b"-", (found[3] or b"").decode("utf-8", "replace")
