"""A picture's file put into the publication's folder of pictures, by a name that is safe and free.

Nothing is overwritten and no link is followed: the folder is opened, and the file made in it, by
their descriptors. A file that is there already with the same octets is that file. The octets are
kept as they came; what readers get of them is `pictures`' business, and is told.
"""

import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import OutputError
from newsletter.files import writing
from newsletter.pictures import FOLDER, Picture, PictureFault

MOST_LOOKED_AT = 5_000
"""Files of the folder among which the same picture is looked for."""

_TRIES = 1_000
_LONGEST_STEM = 60
_ODD = re.compile(r"[^a-z0-9_]+")
_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"})
_OF_FORMAT = (
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"GIF8", ".gif"),
)
_NAMELESS = frozenset({"", "image", "img", "screenshot", "clipboard", "unnamed", "untitled"})
_HERE = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_BELOW = _HERE | os.O_NOFOLLOW
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredPicture:
    """A file in the folder of pictures, and what readers will get of it.

    `size` is the octets of the file, `had_place` whether it says where it was taken.
    """

    source: str
    size: int
    ready: Picture
    had_place: bool

    @property
    def name(self) -> str:
        return self.source.rpartition("/")[2]


def store_picture(folder: Path, octets: bytes, *, name: str, prefix: str = "") -> StoredPicture:
    """Put a picture into the folder of the publication in `folder`.

    `name` is what its maker called the file, or "", and `prefix` goes before it, such as the day of
    an issue. Raises OutputError for what can be no picture of an issue, or cannot be written.
    """
    from newsletter.pictures import has_place, prepare_picture  # Pillow, which others do without

    kept = safe_name(name, octets, prefix=prefix)
    outcome = prepare_picture(octets, source=f"{FOLDER}/{kept}")
    if isinstance(outcome, PictureFault):
        where = _shown(name) or "the picture"
        raise OutputError(outcome.what, where=where, next_step=outcome.next_step)
    with writing(folder / FOLDER), _opened(folder) as place:
        found = _same(place, octets) or _written(place, kept, octets)
    return StoredPicture(
        source=f"{FOLDER}/{found}", size=len(octets), ready=outcome, had_place=has_place(octets)
    )


def safe_name(name: str, octets: bytes, *, prefix: str = "") -> str:
    r"""A name that is one on every system and in every address; its suffix is that of the format.

    >>> safe_name("../Größe & Co (1).JPEG", b"\xff\xd8\xff", prefix="2026-06-19")
    '2026-06-19-grosse-co-1.jpg'
    """
    base = name.replace("\\", "/").rpartition("/")[2]
    stem, dot, suffix = base.rpartition(".")
    stem = stem if dot and f".{suffix.lower()}" in _SUFFIXES else base
    plain = unicodedata.normalize("NFKD", stem.casefold()).encode("ascii", "ignore").decode()
    plain = _ODD.sub("-", plain).strip("-._")
    plain = "picture" if plain in _NAMELESS else plain
    head = f"{prefix}-" if prefix and not plain.startswith(prefix) else ""
    return f"{head}{plain}"[:_LONGEST_STEM].rstrip("-._") + _suffix(octets)


def _suffix(octets: bytes) -> str:
    for magic, suffix in _OF_FORMAT:
        if octets.startswith(magic):
            return suffix
    return ".webp" if octets[8:12] == b"WEBP" else ".avif"


def _shown(name: str) -> str:
    """A stranger's name for a file, as it may be said."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in base if sign.isprintable())[:80]


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """The folder of pictures, made where there is none. Raises OSError, for a link too."""
    above = os.open(folder, _HERE)
    try:
        with suppress(FileExistsError):
            os.mkdir(FOLDER, dir_fd=above)
        place = os.open(FOLDER, _BELOW, dir_fd=above)
    finally:
        os.close(above)
    try:
        yield place
    finally:
        os.close(place)


def _same(place: int, octets: bytes) -> str | None:
    """The name of a file there that has these very octets."""
    with os.scandir(place) as entries:
        for _, entry in zip(range(MOST_LOOKED_AT), entries, strict=False):
            if Path(entry.name).suffix not in _SUFFIXES or not entry.is_file(follow_symlinks=False):
                continue
            if entry.stat(follow_symlinks=False).st_size == len(octets):
                with suppress(OSError):
                    if _octets(place, entry.name, len(octets)) == octets:
                        return entry.name
    return None


def _octets(place: int, name: str, size: int) -> bytes:
    with open(os.open(name, _READ, dir_fd=place), "rb") as file:  # noqa: PTH123 - a descriptor
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return b""
        return file.read(size + 1)


def _written(place: int, name: str, octets: bytes) -> str:
    """The first of its names that is free. Raises OSError."""
    for each in _names(name):
        try:
            number = os.open(each, _NEW, 0o644, dir_fd=place)
        except FileExistsError:
            continue
        try:
            with open(number, "wb") as file:  # noqa: PTH123 - a descriptor
                file.write(octets)
                file.flush()
                os.fsync(number)
        except BaseException:
            os.unlink(each, dir_fd=place)
            raise
        os.fsync(place)
        return each
    raise FileExistsError(17, f"there are {_TRIES:,} pictures of that name")


def _names(name: str) -> Iterator[str]:
    stem, _, suffix = name.rpartition(".")
    yield name
    for number in range(2, _TRIES + 1):
        yield f"{stem}-{number}.{suffix}"
