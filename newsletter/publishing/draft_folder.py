"""The folder beside issues for what is written but not yet theirs: journals, versions, a lock.

It is hidden, and git leaves it alone by a file of its own. What stands in its files is left to who
writes them.
"""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsletter.errors import OutputError
from newsletter.files import writing

NAME = ".drafts"

_SECONDS = 5.0
"""How long another studio may write at the most, before we say that we cannot."""

_MISSING = (errno.ENOLCK, errno.ENOTSUP, errno.EINVAL)
"""A file system without locks: the file is read once more before it is written all the same."""


def draft_folder(issue: Path) -> Path:
    """Where it is, whether or not it is there."""
    return issue.parent / NAME


def make_draft_folder(issue: Path) -> Path:
    """The folder, with the mode of the issues' own. Raises OutputError, for a link too."""
    folder = draft_folder(issue)
    with writing(folder):
        if folder.is_symlink():
            raise OutputError(
                "this is a link, and is not followed",
                where=str(folder),
                next_step="remove it; a folder is made in its place",
            )
        if not folder.is_dir():
            folder.mkdir(exist_ok=True)
            folder.chmod(stat.S_IMODE(issue.parent.stat().st_mode))
            with suppress(OSError), (folder / ".gitignore").open("x", encoding="ascii") as file:
                file.write("*\n")
    return folder


def new_name(issue: Path) -> Path:
    """A name in the folder that nobody can foresee, for a file that will be another's."""
    return make_draft_folder(issue) / f"{issue.name}.{os.urandom(8).hex()}.tmp"


@contextmanager
def alone(issue: Path) -> Iterator[None]:
    """No other studio writes beside this one inside. Raises OutputError after five seconds."""
    place = make_draft_folder(issue) / "lock"
    with writing(place):
        number = os.open(place, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        _take(number, place)
        yield
    finally:
        os.close(number)  # and with it the lock, as it would be if we were killed


def _take(number: int, place: Path) -> None:
    end = time.monotonic() + _SECONDS
    while True:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > end:
                raise OutputError(
                    "another studio is writing, and does not come to an end",
                    where=str(place),
                    next_step="end the other one",
                ) from error
            time.sleep(0.01)
        except OSError as error:
            if error.errno in _MISSING:
                return
            raise
        else:
            return
