"""Files that a command writes for people: whole or not at all."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from newsletter.errors import OutputError


def write_file(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file by way of a neighbour, so that a full disk leaves the old one as it was.

    The file has `mode`, less what the umask takes. Raises OutputError with the system's words.
    """
    _write(path, path, content, mode=mode, exactly=False)


def rewrite_file(path: Path, content: bytes) -> None:
    """Write a file anew that is there: it keeps its mode, and a link to it stays a link.

    Raises OutputError with the system's words.
    """
    target = path.resolve()
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
    except OSError as error:
        raise _refusal(path, error) from error
    _write(path, target, content, mode=mode, exactly=True)


def _write(named: Path, path: Path, content: bytes, *, mode: int, exactly: bool) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:  # noqa: PTH123 - the mode must be right from the first byte
            if exactly:
                os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise _refusal(named, error) from error


def _refusal(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"cannot be written: {error.strerror or error}",
        where=str(path),
        next_step="make room there, or name another folder",
    )
