"""Writes a file whole or not at all, with the mode asked for, and never through a link.

The order is: a new name beside it, fsync, rename, fsync the folder. So a full disk leaves the old
file as it was, and a link that somebody planted is replaced, never followed. Which files there
are, and what stands in them, is left to the rooms that write them.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsletter.errors import OutputError


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a file is in that folder still when all links are followed."""
    return path.resolve().is_relative_to(folder.resolve())


FileState = tuple[int, int]
"""When a file was written, in nanoseconds since 1970, and its octets: two of one content agree."""


def file_state(path: Path) -> FileState:
    """(0, 0) for a file that is not there, or may not be looked at."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


Content = bytes | Iterable[bytes]
"""All of a file, or its pieces in order, which need not be in memory at once."""


def write_file(
    path: Path,
    content: Content,
    *,
    mode: int = 0o644,
    make_folder: bool = True,
    for_folders_owner: bool = False,
) -> None:
    """Write a file, new or anew, with `mode` less what the umask takes. Raises OutputError.

    With `for_folders_owner`, what root writes belongs to whoever the folder belongs to.
    """
    with writing(path):
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        owner = path.parent if for_folders_owner else None
        write_whole(_beside(path), path, content, mode=mode, owner=owner)


def rewrite_file(path: Path, content: Content) -> None:
    """Write a file anew that is there: it keeps its mode, and a link to it stays a link.

    Raises OutputError.
    """
    with writing(path):
        target = path.resolve()
        mode = stat.S_IMODE(target.stat().st_mode)
        write_whole(_beside(target), target, content, mode=mode, exactly=True)


def rewrite_if(
    path: Path, content: Content, *, temporary: Path, is_still: Callable[[], bool]
) -> bool:
    """Write a file anew, if `is_still` says so when all is on the disk but the name; else nothing.

    It keeps its mode and, as far as the system lets us, its group; a link in its place is replaced.
    `temporary` is on the same file system. Raises OutputError, and whatever `is_still` raises.
    """
    with writing(path):
        before = path.lstat()
        _fill(temporary, content, stat.S_IMODE(before.st_mode), exactly=True)
    try:
        with suppress(OSError):
            os.chown(temporary, -1, before.st_gid, follow_symlinks=False)
        with writing(path):
            give_to_owner_of(path, temporary)
        if not is_still():
            return False
        with writing(path):
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def write_new(path: Path, content: Content, *, mode: int = 0o600, kind: str = "file") -> None:
    """Write a file that must not be there yet; a folder that is missing is for its owner alone.

    `kind` is what the file is, for the words. Raises OutputError.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            _fill(path, content, mode)
        except FileExistsError as error:
            raise OutputError(
                f"this already exists, and no {kind} is overwritten",
                where=str(path),
                next_step="choose another name, or move it away",
            ) from error
        _sync_folder(path.parent)


def write_beside(paths: Iterable[Path], content: Content, *, mode: int = 0o600) -> Path:
    """Write a new file by the first of these names that is free, and say which. Raises OSError."""
    for path in paths:
        with suppress(FileExistsError):
            _fill(path, content, mode)
            _sync_folder(path.parent)
            return path
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def write_whole(
    temporary: Path,
    final: Path,
    content: Content,
    *,
    mode: int = 0o600,
    exactly: bool = False,
    owner: Path | None = None,
) -> None:
    """Write `temporary`, which must not be there, then let it become `final`. Raises OSError.

    The two are on one file system. `exactly` gives it `mode` whatever the umask is; what root
    writes is given to whoever has the file or folder `owner`.
    """
    _fill(temporary, content, mode, exactly=exactly)
    try:
        if owner is not None:
            give_to_owner_of(owner, temporary)
        temporary.replace(final)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(final.parent)


def give_to_owner_of(place: Path, path: Path) -> None:
    """Root gives a file of its own to whoever has `place`; nobody else may. Raises OSError."""
    if os.geteuid() == 0:
        owner = place.stat()
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _fill(path: Path, content: Content, mode: int, *, exactly: bool = False) -> None:
    """A new file on the disk, or none. O_EXCL follows no link (open(2)). Raises OSError."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with open(number, "wb") as file:  # noqa: PTH123 - the mode must be right from the first byte
            if exactly:
                os.fchmod(number, mode)
            file.writelines([content] if isinstance(content, bytes) else content)
            file.flush()
            os.fsync(number)
    except BaseException:  # Ctrl-C between two pieces too
        with suppress(OSError):
            path.unlink()
        raise


def _sync_folder(folder: Path) -> None:
    """The file is there by now; a file system that cannot sync a folder has no more to give."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _beside(path: Path) -> Path:
    """A name that nobody can foresee."""
    return path.with_name(f".{path.name}.{os.urandom(8).hex()}.tmp")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """What the system says of a place that is written to inside, as an OutputError."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            where=str(path),
            next_step="make room there, or check the folder and its permissions",
        ) from error
