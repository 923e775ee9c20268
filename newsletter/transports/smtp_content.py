"""A content as it goes over the wire: admitted, and with its dots doubled (RFC 5321, 4.5.2).

The messages of one run differ in a few lines of many hundred. So the lines that stayed the same
are compared with those of a message that was looked at whole, which is a hundred times quicker
than to look at them again; what may be let out at all is said in `admission`.
"""

import re
from itertools import groupby

from newsletter.transports.admission import MAX_LINE, admit
from newsletter.transports.base import Envelope
from newsletter.transports.smtp_command import stuffed

MAX_CHANGING = 100
"""Lines that differ, above which two messages are not of one kind."""

_CHANGING = rb"(?:(?!\.)[\x01-\x09\x0b\x0c\x0e-\x7f]{0,%d}\r\n){%d}"
"""So many lines, none of which needs another look or another dot."""

_Run = tuple[bytes, bytes, int, re.Pattern[bytes]]
"""What stayed the same, the same with its dots doubled, its length, and the changing lines on."""


class Contents:
    """One message after another, for one session. It is told nothing: what repeats, it finds."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._changing: set[int] = set()
        self._runs: list[_Run] = []
        self._is_doubled = False

    def admitted(self, envelope: Envelope, content: bytes) -> bytes:
        """The content for the wire; raises MessageError for what `admission` does not let out.

        The envelope is taken as admitted.
        """
        return self._known(content) or self._unknown(envelope, content)

    def _unknown(self, envelope: Envelope, content: bytes) -> bytes:
        admit(envelope, content)
        if content.isascii():
            self._learn(content)
        return stuffed(content)

    def _known(self, content: bytes) -> bytes | None:
        """None where it is not, line for line, one of those seen before or a plain one."""
        pieces = []
        at = 0
        for same, doubled, length, changing in self._runs:
            if not content.startswith(same, at):
                return None
            at += length
            lines = changing.match(content, at)
            if lines is None:
                return None
            at = lines.end()
            if self._is_doubled:
                pieces += [doubled, lines[0]]
        if not at or at != len(content):
            return None
        return b"".join(pieces) if self._is_doubled else content

    def _learn(self, content: bytes) -> None:
        """Which lines differ from those of the first message of this kind; content is admitted."""
        lines = content.splitlines(keepends=True)
        if len(lines) == len(self._lines):
            both = enumerate(zip(self._lines, lines, strict=True))
            self._changing |= {number for number, (one, other) in both if one != other}
        if len(lines) != len(self._lines) or len(self._changing) > MAX_CHANGING:
            self._lines, self._changing = lines, set()
        self._runs = []
        same = b""
        for is_changing, run in groupby(range(len(lines)), self._changing.__contains__):
            numbers = list(run)
            if is_changing:
                self._runs.append(_run(same, len(numbers)))
                same = b""
            else:
                same = b"".join([self._lines[number] for number in numbers])
        self._runs.append(_run(same, 0))
        self._is_doubled = any(same != doubled for same, doubled, _, _ in self._runs)


def _run(same: bytes, changing: int) -> _Run:
    return same, stuffed(same), len(same), re.compile(_CHANGING % (MAX_LINE, changing))
