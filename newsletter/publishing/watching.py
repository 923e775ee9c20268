"""Whether anything that a message is made of has changed on the disk: a mark, asked for often.

The mark is made of what a folder says of its files, so nothing is read. It is no digest: two marks
are the same, or somebody has to look.
"""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from newsletter.pictures import FOLDER
from newsletter.settings import FILE_NAME, Settings

MOST = 2_000
"""Files that are looked at, at the most: more pictures than anybody keeps beside an issue."""


def mark_of(issue: Path, settings: Settings) -> str:
    """Of an issue's file, the settings, templates and pictures; of the folder where one is gone."""
    places = [issue, settings.folder / FILE_NAME]
    folders = [*settings.template_folders, settings.folder / FOLDER]
    said = sha256()
    for place in places:
        said.update(_line(place, place))
    for count, (path, entry) in enumerate(found for each in folders for found in _files(each)):
        if count == MOST:
            break
        said.update(_line(path, entry))
    return said.hexdigest()[:16]


def _files(folder: Path) -> Iterator[tuple[Path, "os.DirEntry[str]"]]:
    """All files below, in order, through no link."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda each: each.name)
    except OSError:
        return
    for entry in entries:
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _files(path)
        else:
            yield path, entry


def _line(path: Path, entry: "Path | os.DirEntry[str]") -> bytes:
    try:
        found = entry.lstat() if isinstance(entry, Path) else entry.stat(follow_symlinks=False)
    except OSError:
        return b"%s gone\n" % os.fsencode(path)
    stamp = f" {found.st_mtime_ns} {found.st_size} {found.st_ino}\n"
    return os.fsencode(path) + stamp.encode()
