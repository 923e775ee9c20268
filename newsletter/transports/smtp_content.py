"""A content as it goes over the wire: admitted, and with its dots doubled (RFC 5321, 4.5.2).

The messages of one run differ in a few lines of many hundred. So the lines that stayed the same
are compared with those of a message that was looked at whole, which is a hundred times quicker
than to look at them again; what may be let out at all is said in `admission`.
"""

import re
from itertools import groupby

from newsletter.transports.admission import MAX_LINE, admit, admit_envelope
from newsletter.transports.base import Envelope
from newsletter.transports.smtp_command import stuffed

MAX_CHANGING = 100
"""Lines that differ, above which two messages are not of one kind."""

_CHANGING = re.compile(rb"(?!\.)[\x01-\x09\x0b\x0c\x0e-\x7f]{0,%d}\r\n" % MAX_LINE)
"""One line that needs neither another look nor another dot."""


class Contents:
    """One message after another, for one session. It is told nothing: what repeats, it finds."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._changing: set[int] = set()
        self._runs: list[tuple[bytes, bytes, int]] = []

    def admitted(self, envelope: Envelope, content: bytes) -> bytes:
        """The content for the wire; raises MessageError for what `admission` does not let out."""
        admit_envelope(envelope)
        known = self._known(content)
        if known is not None:
            return known
        admit(envelope, content)
        if content.isascii():
            self._learn(content)
        return stuffed(content)

    def _known(self, content: bytes) -> bytes | None:
        """None where it is not, line for line, one of those seen before or a plain one."""
        pieces = []
        at = 0
        for same, doubled, changing in self._runs:
            if not content.startswith(same, at):
                return None
            start = at = at + len(same)
            for _ in range(changing):
                line = _CHANGING.match(content, at)
                if line is None:
                    return None
                at = line.end()
            pieces += [doubled, content[start:at]]
        return b"".join(pieces) if at == len(content) and pieces else None

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
                self._runs.append((same, stuffed(same), len(numbers)))
                same = b""
            else:
                same = b"".join([self._lines[number] for number in numbers])
        self._runs.append((same, stuffed(same), 0))
