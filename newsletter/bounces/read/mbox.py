"""An mbox: messages one after another in one file, each behind a line that begins with "From ".

Read as mboxrd and mboxo are written (RFC 4155, appendix A): a line that would look like the
beginning of another has ">" before it. The mark is how many octets were read, and what the file
began with: one that was emptied or begun anew is read from its start.
"""

import fcntl
import os
import re
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO, Self

from newsletter.books import MailboxMark
from newsletter.bounces.read.found import MAX_OCTETS, Found
from newsletter.bounces.read.source import Source
from newsletter.errors import MailboxError

_BEGINS = re.compile(rb"From [^\n]{0,320}\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b[^\n]{0,20}\d\d?:\d\d")
"""With its date (asctime(3)): some writers leave lines of a text that begin so as they are."""
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEAD = 256
"""Octets by which the file is known again."""

_LONGEST_LINE = 1_000_000
_LOOK = 1.0
_LOCK_TRIES = 20


class Mbox:
    """A reader holds the file as a delivery would, but lets others read (fcntl(2), F_RDLCK)."""

    def __init__(self, source: Source) -> None:
        self._path = source.path
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._file = self._path.open("rb")
        except OSError as error:
            raise MailboxError(
                f"the mailbox cannot be read: {error.strerror}",
                where=str(self._path),
                next_step="check the path and its permissions",
            ) from error
        self._check(self._file)
        return self

    def __exit__(self, *error: object) -> None:
        if self._file is not None:
            self._file.close()

    def since(self, mark: MailboxMark | None) -> Iterator[Found]:
        """In flat memory. What is written meanwhile is left to the next time."""
        assert self._file is not None
        file = self._file
        self._lock(file)
        size = os.fstat(file.fileno()).st_size
        validity = self._validity(file)
        start = mark.uid if mark and mark.validity == validity and mark.uid <= size else 0
        file.seek(start)
        number, lines, octets = 0, list[bytes](), 0
        while file.tell() < size and (line := file.readline(_LONGEST_LINE)):
            if lines and _BEGINS.match(line):
                number += 1
                end = file.tell() - len(line)
                yield self._found(lines, start, MailboxMark(validity=validity, uid=end))
                start, lines, octets = end, [], 0
            octets += len(line)
            if octets <= MAX_OCTETS:
                lines.append(line)
        if lines:
            yield self._found(lines, start, MailboxMark(validity=validity, uid=file.tell()))
        with suppress(OSError):
            fcntl.lockf(file, fcntl.LOCK_UN)

    def wait(self, seconds: float, is_over: Callable[[], bool]) -> bool:
        """By looking at the file's size and time."""
        before, until = self._state(), time.monotonic() + seconds
        while time.monotonic() < until and not is_over():
            time.sleep(min(_LOOK, seconds))
            if self._state() != before:
                return True
        return False

    def _found(self, lines: list[bytes], at: int, mark: MailboxMark) -> Found:
        content = lines[1:] if lines[0].startswith(b"From ") else lines
        raw = _QUOTED.sub(rb"\1", b"".join(content))
        return Found(raw=raw, place=f"octet {at:,}", mark=mark)

    def _check(self, file: IO[bytes]) -> None:
        if file.read(5) not in (b"", b"From "):
            file.close()
            raise MailboxError(
                'this is no mbox: it does not begin with "From "',
                where=str(self._path),
                next_step="check the path",
            )

    def _validity(self, file: IO[bytes]) -> int:
        file.seek(0)
        return zlib.crc32(file.readline(_HEAD))

    def _lock(self, file: IO[bytes]) -> None:
        """Without it after a while: whoever holds it for so long has left a message whole."""
        for _ in range(_LOCK_TRIES):
            with suppress(OSError):
                fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return
            time.sleep(0.1)

    def _state(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0)
        return found.st_size, found.st_mtime_ns
