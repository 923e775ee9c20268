"""Issues as files of a publication: how they are named, and read in its language.

What the books know of an issue is no matter here; a check needs no database.
"""

from collections.abc import Iterator
from pathlib import Path

from newsletter.check import HouseFormat
from newsletter.errors import IssueFileError
from newsletter.issue import Issue, load_issue

SUFFIXES = frozenset({".md", ".txt"})
"""What the name of an issue's file ends in, where nobody names the file itself."""

FOLDER = "issues"
"""Where a publication keeps them."""


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
            raise IssueFileError(
                "two issues have this name",
                where=str(asked),
                next_step=f"say which: {' or '.join(map(str, found))}",
            )
        if found:
            return found[0]
    return asked


def _places(asked: Path, folder: Path | None) -> Iterator[Path]:
    yield asked
    if folder is not None and not asked.is_absolute():
        yield folder / asked
        yield folder / FOLDER / asked


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
