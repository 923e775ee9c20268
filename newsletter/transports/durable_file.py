"""Files that are there whole or not at all, and stay there when the power goes.

Knows the order: write under another name, fsync, rename, fsync the folder. Which names is left to
the transports that keep messages as files. The system's errors become ours here.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsletter.errors import RelayFault


def write_durably(temporary: Path, final: Path, content: bytes) -> None:
    """Write `temporary`, then let it become `final`, which must not exist. Raises RelayFault."""
    with refusals_of(final.parent):
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(final)
        except OSError:
            with suppress(OSError):
                temporary.unlink()
            raise
    # The file is there by now; a file system that cannot sync a folder has no more to give.
    with suppress(OSError):
        _sync_folder(final.parent)


def make_folders(*folders: Path) -> None:
    """Make each where it is missing. Raises RelayFault."""
    for folder in folders:
        with refusals_of(folder):
            folder.mkdir(parents=True, exist_ok=True)


@contextmanager
def refusals_of(folder: Path) -> Iterator[None]:
    """What the system refuses is a fault of ours, never of the recipient's."""
    try:
        yield
    except OSError as error:
        raise RelayFault(
            f"cannot be written to: {error.strerror or error}",
            where=str(folder),
            next_step="make room there, or name another folder",
        ) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
