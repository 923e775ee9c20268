"""Files that a command writes for people: whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path

from newsletter.errors import OutputError


def write_file(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file by way of a neighbour, so that a full disk leaves the old one as it was.

    Raises OutputError with the system's words.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:  # noqa: PTH123 - the mode must be right from the first byte
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            where=str(path),
            next_step="make room there, or name another folder",
        ) from error
