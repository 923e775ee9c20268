"""Issues as files of a publication: how they are named, and read in its language.

What the books know of an issue is no matter here; a check needs no database.
"""

from pathlib import Path

from newsletter.check import HouseFormat
from newsletter.issue import Issue, load_issue

SUFFIXES = frozenset({".md", ".txt"})
"""What the name of an issue's file ends in, where nobody names the file itself."""


def issue_name(text: str) -> str:
    """An issue as people name it, by its name or by its file.

    >>> issue_name("issues/2021-11-26.md")
    '2021-11-26'
    """
    return Path(text).stem if Path(text).suffix in SUFFIXES else text


def publication_path(path: Path, folder: Path) -> str:
    """A file as it is named from newsletter.toml's folder; one outside of it, in full."""
    path, folder = path.absolute(), folder.absolute()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def read_issue(path: Path, house: HouseFormat) -> Issue:
    """Load an issue by the words of the publication's language. Raises IssueFileError."""
    return load_issue(path, cues=house.cues)
