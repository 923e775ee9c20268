"""What stands at the head of an issue's file: its number, its day, what it is called.

A file is read again only where its state is another, so that a shelf of hundreds is shown at once.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from newsletter.check import BLANK
from newsletter.errors import IssueFileError
from newsletter.files import FileState, file_state
from newsletter.issue import Source, issue_date, issue_number, load_source, read_front_matter
from newsletter.publishing.issue_names import FOLDER, PAST, SUFFIXES

_HEADING = "# "


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """`title` is the subject, without one the heading; "" where it is still to be written.

    `is_past` is for what lies on a shelf of past issues.
    """

    path: Path
    state: FileState
    number: int | None = None
    day: date | None = None
    title: str = ""
    is_past: bool = False

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def changed_at(self) -> datetime:
        return datetime.fromtimestamp(self.state[0] / 1e9, UTC)


@dataclass
class Heads:
    """The heads of all issues in a publication's folder, each read once while it stays as it is."""

    folder: Path
    _known: dict[Path, Head] = field(default_factory=dict)

    def all(self) -> list[Head]:
        """Of every issue's file; links are not followed, and nothing is said of what is no text."""
        found = [
            self._of(path, state, is_past=is_past) for path, state, is_past in _files(self.folder)
        ]
        self._known = {head.path: head for head in found}
        return found

    def named(self, name: str) -> Head | None:
        """The head of one issue; None where there is no such file."""
        found = (each for each in _files(self.folder) if each[0].stem == name)
        return next(
            (self._of(path, state, is_past=is_past) for path, state, is_past in found), None
        )

    def _of(self, path: Path, state: FileState, *, is_past: bool) -> Head:
        known = self._known.get(path)
        if known is not None and known.state == state:
            return known
        head = Head(path=path, state=state, is_past=is_past)
        with suppress(IssueFileError):
            source = load_source(path)
            matter, _ = read_front_matter(source)
            subject = matter.get("subject")
            said = subject.value.replace(BLANK, "") if subject else _heading(source)
            head = Head(
                path=path,
                state=state,
                number=issue_number(matter)[0],
                day=issue_date(source, matter)[0],
                title=said.strip(),
                is_past=is_past,
            )
        return head


def _files(folder: Path) -> Iterator[tuple[Path, FileState, bool]]:
    issues = folder / FOLDER
    for place, is_past in [(issues, False), *((issues / name, True) for name in PAST)]:
        with suppress(OSError):
            for path in sorted(place.iterdir()):
                if path.suffix in SUFFIXES and path.is_file() and not path.is_symlink():
                    yield path, file_state(path), is_past


def _heading(source: Source) -> str:
    said = (line.removeprefix(_HEADING).strip() for line in source.lines if line[:2] == _HEADING)
    return next(said, "")
