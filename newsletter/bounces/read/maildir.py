"""A Maildir, as qmail's maildir(5) has it: a file for each message, in `new` and in `cur`.

Files have no numbers. By its ctime, which a delivery and a move set and nobody can set back, what
came since the last time is found; those of the last minutes are read again, since a delivery may
be under way, and are known by their bytes.
"""

import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from newsletter.books import MailboxMark
from newsletter.bounces.read.found import MAX_OCTETS, Found
from newsletter.bounces.read.source import Source
from newsletter.errors import MailboxError

_AGAIN = 600_000_000
"""Microseconds before the mark that are read again."""

_LOOK = 1.0
"""Seconds between two looks for something new."""


def _changed_at(entry: os.DirEntry[str]) -> int:
    """Microseconds; 0 for what is no file of its own, or is there no more: it blocks no other."""
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return 0
    return found.st_ctime_ns // 1_000 if stat.S_ISREG(found.st_mode) else 0


def _opened(path: str, flags: int) -> int:
    """Neither where a link leads to, nor waiting for whoever writes into a pipe."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


class Maildir:
    """Any number of readers do no harm to each other, or to deliveries."""

    def __init__(self, source: Source) -> None:
        self._path = source.path

    def __enter__(self) -> Self:
        missing = [name for name in ("cur", "new") if not (self._path / name).is_dir()]
        if missing:
            raise MailboxError(
                f"this is no Maildir: it has no folder {missing[0]!r}",
                where=str(self._path),
                next_step="check the path",
            )
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is held."""

    def since(self, mark: MailboxMark | None) -> Iterator[Found]:
        """The oldest first. Names are all in memory at once, messages one by one."""
        after = mark.uid - _AGAIN if mark else 0
        for changed, path in sorted(self._files()):
            if changed < after:
                continue
            try:
                with open(path, "rb", opener=_opened) as file:
                    raw, fault = file.read(MAX_OCTETS), ""
            except FileNotFoundError:  # somebody has moved or read it since
                continue
            except OSError as error:
                raw, fault = b"", f"it cannot be read: {error.strerror}"
            mark = MailboxMark(validity=0, uid=changed)
            place = "".join(each if each.isprintable() else "?" for each in path.name)
            yield Found(raw=raw, place=place, fault=fault, mark=mark)

    def wait(self, seconds: float, is_over: Callable[[], bool]) -> bool:
        """By looking at the folders, whose ctime a delivery changes."""
        before, until = self._changed(), time.monotonic() + seconds
        while time.monotonic() < until and not is_over():
            time.sleep(min(_LOOK, seconds))
            if self._changed() != before:
                return True
        return False

    def _files(self) -> Iterator[tuple[int, Path]]:
        try:
            for name in ("new", "cur"):
                for entry in os.scandir(self._path / name):
                    changed = _changed_at(entry)
                    if changed and not entry.name.startswith("."):
                        yield changed, Path(entry.path)
        except OSError as error:
            raise MailboxError(
                f"the Maildir cannot be read: {error.strerror}",
                where=str(self._path),
                next_step="check the permissions of its folders",
            ) from error

    def _changed(self) -> list[int]:
        try:
            return [(self._path / name).stat().st_ctime_ns for name in ("new", "cur")]
        except OSError:
            return []
