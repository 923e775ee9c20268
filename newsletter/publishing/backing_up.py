"""A publication in one file: its database as it is at one moment, its settings, keys and texts.

A tar archive that anything can unpack, with a manifest that says what it is and seals each file.
It may be made while messages go out. The witness is not in it: it says what this machine has seen,
and has to outlive the database. What a restore must see to is left to `restoring`.
"""

import io
import json
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from typing import Any

from newsletter import __version__
from newsletter.errors import OutputError, StoreError, reading
from newsletter.files import write_new, writing
from newsletter.publishing.publication import Publication
from newsletter.settings import FILE_NAME

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.sqlite"
_PREFIX = "publication/"
"""Before the names of the publication's own files."""

_SECRET_MODE, _MODE = 0o600, 0o644
_PIECE = 1024 * 1024
_MAX_FILE = 64 * 1024 * 1024
"""Octets of one of the publication's own files."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BackedUp:
    """A backup that was made: where, how large in octets, and which files are in it.

    `left_out` are the other publications of the database.
    """

    path: Path
    size: int
    files: Sequence[str]
    left_out: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """An open backup, whole and true to its manifest. `database` is a copy to work with."""

    made_at: datetime
    publication: str
    files: Mapping[str, int]
    database: Path
    folder: Path

    def read(self, name: str) -> bytes:
        return (self.folder / _PREFIX / name).read_bytes()

    def mode_of(self, name: str) -> int:
        return self.files[name]


def back_up(path: Path, publication: Publication) -> BackedUp:
    """The whole publication into a new file for its owner alone; it may be sending meanwhile.

    Raises OutputError where the file is there or cannot be written, StoreError for the database.
    """
    if path.exists():
        raise OutputError(
            "this is there already, and no backup is overwritten",
            where=str(path),
            next_step="name another file",
        )
    with _beside(path) as work:
        with publication.reading() as books:
            books.database.copy_to(work / DATABASE)
            left_out = [each.name or each.key for each in books.database.neighbours()]
        own = dict(_own_files(publication))
        archive = work / "backup.tar"
        _pack(archive, work / DATABASE, own, publication)
        write_new(path, _pieces(archive), mode=_SECRET_MODE, kind="backup")
    return BackedUp(path=path, size=path.stat().st_size, files=sorted(own), left_out=left_out)


@contextmanager
def opened(path: Path, folder: Path) -> Iterator[Backup]:
    """A backup unpacked into a place of its own in `folder`, for as long as it is looked at.

    Raises StoreError for a file that is no backup, or is not what its manifest says.
    """
    with _beside(folder / "restore") as work:
        with reading(path, StoreError, wanted="a backup"):
            try:
                with tarfile.open(path, "r:") as archive:
                    manifest = _manifest(archive, path)
                    for name, digest in manifest["files"].items():
                        _unpack(archive, name, digest, work, path)
            except (tarfile.TarError, KeyError, TypeError, ValueError, EOFError) as error:
                raise _no_backup(path, str(error)) from error
        yield Backup(
            made_at=datetime.fromisoformat(manifest["made_at"]),
            publication=str(manifest["publication"]),
            files={name.removeprefix(_PREFIX): mode for name, mode in manifest["modes"].items()},
            database=work / DATABASE,
            folder=work,
        )


def _own_files(publication: Publication) -> Iterator[tuple[str, Path]]:
    """What the publication is made of besides its database, as it is named from its folder."""
    folder = publication.settings.folder
    found = [folder / FILE_NAME, folder / ".env"]
    for name in ("templates", "issues", "images"):
        found += sorted(path for path in (folder / name).rglob("*"))
    keys = publication.settings.dkim.keys if publication.settings.dkim else ()
    for path in (*found, *(key.path for key in keys)):
        is_inside = path.is_relative_to(folder) and not path.is_symlink()
        if is_inside and path.is_file() and path.stat().st_size <= _MAX_FILE:
            yield path.relative_to(folder).as_posix(), path


def _pack(archive: Path, database: Path, own: Mapping[str, Path], publication: Publication) -> None:
    files = {DATABASE: database, **{f"{_PREFIX}{name}": path for name, path in own.items()}}
    manifest = {
        "format": FORMAT,
        "made_at": publication.clock().isoformat(timespec="seconds"),
        "program": __version__,
        "publication": publication.settings.publication.name,
        "files": {name: _digest(path) for name, path in files.items()},
        "modes": {f"{_PREFIX}{name}": _mode(path) for name, path in own.items()},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    with tarfile.open(archive, "x:", format=tarfile.PAX_FORMAT) as packed:
        _add(packed, MANIFEST, len(text), io.BytesIO(text))
        for name, path in files.items():
            with path.open("rb") as file:
                _add(packed, name, path.stat().st_size, file)


def _add(packed: tarfile.TarFile, name: str, size: int, file: Any) -> None:
    """Nothing of this machine goes in but names and octets."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, _SECRET_MODE
    packed.addfile(entry, file)


def _mode(path: Path) -> int:
    """Only whether others may read it."""
    return _MODE if path.stat().st_mode & 0o004 else _SECRET_MODE


def _manifest(archive: tarfile.TarFile, path: Path) -> dict[str, Any]:
    file = archive.extractfile(MANIFEST)
    manifest: dict[str, Any] = json.loads(file.read(_MAX_FILE)) if file else {}
    if manifest.get("format") != FORMAT:
        made = manifest.get("program", "another program")
        raise StoreError(
            f"a backup of another form, made by {made}",
            where=str(path),
            next_step="restore it with the newsletter that made it",
        )
    return manifest


def _unpack(archive: tarfile.TarFile, name: str, digest: str, work: Path, path: Path) -> None:
    """One file, by the name in the manifest; none goes out of its place, none is a link."""
    parts = PurePosixPath(name)
    is_ours = name == DATABASE or name.startswith(_PREFIX)
    entry = archive.getmember(name)
    if parts.is_absolute() or ".." in parts.parts or not is_ours or not entry.isreg():
        raise _no_backup(path, f"“{name}” is no name for a file in one")
    target = work / parts
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = archive.extractfile(entry)
    assert file is not None
    with target.open("xb") as out:
        while piece := file.read(_PIECE):
            out.write(piece)
    if _digest(target) != digest:
        raise _no_backup(path, f"“{name}” has been changed or damaged")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A folder for its owner alone on the same file system, gone at the end."""
    with (
        writing(path.parent),
        tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as work,
    ):
        yield Path(work)


def _no_backup(path: Path, why: str) -> StoreError:
    return StoreError(
        f"this is no backup, or a damaged one: {why}",
        where=str(path),
        next_step="give the path of another backup",
    )
