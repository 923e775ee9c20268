"""The files of an export, whether it is a zip, a folder or one file: by name, and within bounds.

Whoever made the archive is a stranger. No name leads out of it, for nothing is unpacked by its own
name; links are not followed; what a system adds for itself (`__MACOSX`, `._x`) is not there; and an
archive is judged by what it says of its sizes before anything of it is read, and cut off where it
lied. A folder may hold archives, which are read as folders of their own; an archive within an
archive is not. Names are as their letters are written elsewhere, whichever system packed them.
"""

import json
import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

from newsletter.errors import ExportError

MAX_TEXT = 20 * 1024 * 1024
"""Octets of one file that is read whole: a page, a list of issues."""

MAX_JSON = 200 * 1024 * 1024
"""Octets of a site in one JSON file."""

_MAX_FILES = 20_000
_MAX_UNPACKED = 8 * 1024**3
_MAX_RATIO = 200
_SMALL = 1024 * 1024
"""Octets that a file may become, however small it was."""

_CHUNK = 1024 * 1024
_UTF16 = frozenset({b"\xff\xfe", b"\xfe\xff"})
_PACKED = frozenset({".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst"})
_METHODS = frozenset(
    {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
)
_IS_UTF8 = 0x800
"""The bit of an archive by which it says so of a name (APPNOTE 4.4.4)."""

_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_AGAIN = "ask for the export again, and give the file as it came"


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One file, by its path in the export; `size` in octets, as it says of itself."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]

    @property
    def base(self) -> str:
        return PurePosixPath(self.name).name

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()


@dataclass(frozen=True, kw_only=True, slots=True)
class Container:
    """An export's files by name. `path` is how the user calls it, `skipped` counts what is no file
    of its own: links, and names that lead elsewhere.
    """

    path: str
    members: Mapping[str, Member]
    skipped: int = 0
    parsed: dict[str, Any] = field(default_factory=dict, repr=False)

    def all(self, *suffixes: str) -> list[Member]:
        """Those with these suffixes, in the order of their names."""
        return [member for member in self.members.values() if member.suffix in suffixes]

    def packed(self) -> list[Member]:
        """Archives that are not looked into: of other kinds, or within one."""
        return self.all(*_PACKED)

    def find(self, base: str) -> Member | None:
        """The file of this name that is nearest to the top, in any folder."""
        found = [member for member in self.members.values() if member.base.lower() == base]
        return min(found, key=lambda each: (each.name.count("/"), each.name), default=None)

    def text(self, member: Member, most: int = MAX_TEXT) -> str:
        """All of it as text. Raises ExportError for more of it, and for what is not UTF-8."""
        octets = b"".join(self.chunks(member, most))
        try:
            return octets.decode("utf-16" if octets[:2] in _UTF16 else "utf-8-sig")
        except UnicodeDecodeError as error:
            raise self.refusal("this is not UTF-8", member) from error

    def begin(self, member: Member, most: int = 4096) -> str:
        """Its first characters, to see what it is."""
        with self._opened(member) as file:
            octets = file.read(most)
        encoding = "utf-16" if octets[:2] in _UTF16 else "utf-8"
        return octets.decode(encoding, "replace").removeprefix("\ufeff")

    def json(self, member: Member) -> Any:
        """What a JSON file says, parsed once. Raises ExportError where it is none."""
        if member.name not in self.parsed:
            text = self.text(member, MAX_JSON)
            try:
                self.parsed[member.name] = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise self.refusal("this is not JSON", member) from error
        return self.parsed[member.name]

    def chunks(self, member: Member, most: int = _MAX_UNPACKED) -> Iterator[bytes]:
        """Its octets in pieces. Raises ExportError where there are more than it said, or `most`."""
        bound, done = min(member.size, most), 0
        if member.size > most:
            raise self.refusal(f"this is larger than {most // 1024 // 1024} MB", member)
        with self._opened(member) as file:
            while chunk := file.read(_CHUNK):
                done += len(chunk)
                if done > bound:
                    raise self.refusal("this is larger than it says", member)
                yield chunk

    @contextmanager
    def _opened(self, member: Member) -> Iterator[IO[bytes]]:
        try:
            with member.open() as file:
                yield file
        except _DAMAGE as error:
            raise self.refusal("this is damaged", member) from error
        except OSError as error:
            raise self.refusal(f"cannot be read: {error.strerror or error}", member) from error

    def refusal(self, what: str, member: Member) -> ExportError:
        where = self.path if member.name == PurePosixPath(self.path).name else member.name
        return ExportError(what, where=where, next_step=_AGAIN)


@contextmanager
def open_container(path: Path) -> Iterator[Container]:
    """A zip, a folder or a single file. Raises ExportError where there is nothing, or too much."""
    with ExitStack() as stack:
        if path.is_dir():
            members, skipped = _of_folder(path, stack)
        elif not path.is_file():
            raise ExportError(
                "there is no such file", where=str(path), next_step="give the export as it came"
            )
        else:
            members, skipped = _of_file(path, _composed(path.name), stack, is_all=True)
        if not members:
            raise ExportError("there is nothing in it", where=str(path), next_step=_AGAIN)
        if len(members) > _MAX_FILES:
            raise _to_unpack(f"it has more than {_MAX_FILES:,} files", path)
        named = {member.name: member for member in sorted(members, key=lambda each: each.name)}
        yield Container(path=str(path), members=named, skipped=skipped)


def _of_folder(folder: Path, stack: ExitStack) -> tuple[list[Member], int]:
    found: list[Member] = []
    skipped = 0
    for place, folders, names in os.walk(folder, followlinks=False):
        here = Path(place)
        skipped += sum((here / name).is_symlink() for name in (*folders, *names))
        folders[:] = [name for name in folders if not _is_clutter(name)]
        for name in names:
            path = here / name
            if path.is_symlink() or not path.is_file() or _is_clutter(name):
                continue
            inside, more = _of_file(path, _composed(path.relative_to(folder).as_posix()), stack)
            found += inside
            skipped += more
        if len(found) > _MAX_FILES:
            break
    return found, skipped


def _of_file(
    path: Path, name: str, stack: ExitStack, *, is_all: bool = False
) -> tuple[list[Member], int]:
    """A file as it is, or what is in it where it is an archive, and perhaps all there is."""
    try:
        if path.suffix.lower() == ".zip" or (is_all and zipfile.is_zipfile(path)):
            archive = stack.enter_context(zipfile.ZipFile(path))
            return _of_archive(archive, path, "" if is_all else f"{name}/")
        size = path.stat().st_size
    except _DAMAGE as error:
        raise ExportError("this is no zip", where=str(path), next_step=_AGAIN) from error
    except OSError as error:
        raise ExportError(
            f"cannot be read: {error.strerror or error}", where=str(path), next_step=_AGAIN
        ) from error
    return [Member(name=name, size=size, open=lambda: path.open("rb"))], 0


def _of_archive(archive: zipfile.ZipFile, path: Path, within: str) -> tuple[list[Member], int]:
    files = [info for info in archive.infolist() if not info.is_dir()]
    if len(files) > _MAX_FILES:
        raise _to_unpack(f"it has more than {_MAX_FILES:,} files", path)
    if sum(info.file_size for info in files) > _MAX_UNPACKED:
        raise _to_unpack("it becomes far too large when it is unpacked", path)
    found: dict[str, Member] = {}
    skipped = 0
    for info in files:
        name = _name_of(info)
        if _leads_out(name) or stat.S_ISLNK(info.external_attr >> 16) or within + name in found:
            skipped += 1
            continue
        if any(_is_clutter(part) for part in name.split("/")):
            continue
        if info.file_size > max(_SMALL, info.compress_size * _MAX_RATIO):
            raise _to_unpack(f"“{_shown(name)}” becomes far too large when it is unpacked", path)
        if info.flag_bits & 1:
            step = "unpack it with its password, and give the folder"
            raise ExportError("the archive has a password", where=str(path), next_step=step)
        if info.compress_type not in _METHODS:
            raise _to_unpack(f"“{_shown(name)}” is packed in a way that is not known here", path)
        found[within + name] = Member(
            name=within + name, size=info.file_size, open=partial(archive.open, info)
        )
    return [*found.values()], skipped


def _name_of(info: zipfile.ZipInfo) -> str:
    """Its name. Macs write UTF-8 and do not say so, and take their letters apart."""
    name = info.filename
    if not info.flag_bits & _IS_UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return _composed(name.replace("\\", "/"))


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _leads_out(name: str) -> bool:
    parts = name.split("/")
    return name.startswith("/") or ".." in parts or ":" in parts[0] or "\0" in name


def _is_clutter(name: str) -> bool:
    """What a system or a program keeps there for itself."""
    return name == "__MACOSX" or name.startswith(".") or name.lower() == "thumbs.db"


def _shown(name: str) -> str:
    return name if len(name) <= 60 else f"…{name[-59:]}"


def _to_unpack(what: str, path: Path) -> ExportError:
    return ExportError(what, where=str(path), next_step="unpack it, and give the folder")
