"""Issues as files of a publication: how they are named, and read in its language.

What the books know of an issue is no matter here; a check needs no database.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from newsletter.check import HouseFormat
from newsletter.errors import IssueFileError
from newsletter.issue import Issue, load_issue
from newsletter.publishing.issue_names import FOLDER, PAST, SUFFIXES

_MOST_NAME = 240
"""Octets of an issue's name: file systems end at 255, with the suffix."""


def issue_name(text: str) -> str:
    """An issue as people name it, by its name or by its file.

    >>> issue_name("issues/2021-11-26.md"), issue_name("2021-11-26")
    ('2021-11-26', '2021-11-26')
    """
    path = Path(text)
    return path.stem if path.suffix in SUFFIXES else path.name


def issue_file(asked: Path, folder: Path | None) -> Path:
    """The file of an issue that is asked for by its path or by its name.

    It is looked for from here, then in the publication's `folder` and its issues; where there is
    none, what was asked for is given back. Raises IssueFileError where two files have the name.
    """
    if asked.is_file() or not asked.name:
        return asked
    for place in _places(asked, folder):
        found = [file for file in _named(place) if file.is_file()]
        if len(found) > 1:
            raise _doubled(str(asked), found)
        if found:
            return found[0]
    return asked


def is_issue_name(name: str) -> bool:
    """Whether a file could have this name, and no other place is meant by it.

    >>> is_issue_name("2021-11-26"), is_issue_name("../secret"), is_issue_name(".hidden")
    (True, False, False)
    """
    is_odd = not name or name.startswith(".") or any(each in name for each in "/\\\0")
    return not is_odd and len(os.fsencode(name)) <= _MOST_NAME


def own_issue(name: str, folder: Path) -> Path | None:
    """The file of one of a publication's own issues, by its name alone; None for none.

    No link is followed: neither a file that is one, nor one in a folder that is. Raises
    IssueFileError where two files have the name.
    """
    if not is_issue_name(name):
        return None
    above = [Path(FOLDER), *(Path(FOLDER, past) for past in PAST)]
    if (folder / FOLDER).is_symlink():
        return None
    for place in above:
        found = [file for file in _named(folder / place / name) if file.is_file()]
        if len(found) > 1:
            raise _doubled(name, [file.relative_to(folder) for file in found])
        if found:
            is_linked = found[0].is_symlink() or found[0].parent.is_symlink()
            return None if is_linked else found[0]
    return None


def own_places(name: str, folder: Path) -> Sequence[Path]:
    """Where a new file of an issue by this name could be: the usual place, then the others."""
    return _named(folder / FOLDER / name)


def issues_in(folder: Path) -> Iterator[Path]:
    """The files of issues in a folder, and on its shelves of past ones."""
    for place in (folder, *(folder / name for name in PAST)):
        with suppress(OSError):
            yield from sorted(file for file in place.iterdir() if file.suffix in SUFFIXES)


def _places(asked: Path, folder: Path | None) -> Iterator[Path]:
    yield asked
    if folder is not None and not asked.is_absolute():
        yield folder / asked
        yield folder / FOLDER / asked
        yield from (folder / FOLDER / name / asked for name in PAST)


def _doubled(name: str, found: Sequence[Path]) -> IssueFileError:
    step = f"say which: {' or '.join(map(str, found))}"
    return IssueFileError("two issues have this name", where=name, next_step=step)


def _named(place: Path) -> list[Path]:
    if place.suffix in SUFFIXES:
        return [place]
    return [place.with_name(f"{place.name}{suffix}") for suffix in sorted(SUFFIXES)]


def publication_path(path: Path, folder: Path) -> str:
    """A file as it is named from newsletter.toml's folder; one outside of it, in full."""
    path, folder = path.absolute(), folder.absolute()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def read_issue(path: Path, house: HouseFormat) -> Issue:
    """Load an issue by the words of the publication's language. Raises IssueFileError."""
    return load_issue(path, cues=house.cues)
