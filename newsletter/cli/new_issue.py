"""Where `new` and `import` put an issue: its day, its number, its file.

Nothing is overwritten by accident.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from newsletter.cli.publication import settings_here
from newsletter.clock import now
from newsletter.errors import IssueFileError, OutputError
from newsletter.files import write_file
from newsletter.issue import issue_date, issue_number, load_source, read_front_matter
from newsletter.schedule import ScheduleRule, next_date
from newsletter.settings import find_folder
from newsletter.wiring import SUFFIXES


def next_day() -> date:
    """The next day of the publication's rule; without any settings, of ours."""
    has_settings = find_folder(Path.cwd()) is not None
    rule = settings_here(with_environment=False).schedule if has_settings else ScheduleRule()
    return next_date(rule, now())


def issue_path(root: Path, day: date) -> Path:
    """issues/DATE.md of a publication, as seen from here where that is shorter."""
    path = root / "issues" / f"{day.isoformat()}.md"
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def next_number(folder: Path, day: date) -> int | None:
    """One more than the newest issue from before a day that has a number; None where none has."""
    numbered = [found for found in _numbered(folder) if found[0] < day]
    return max(numbered)[1] + 1 if numbered else None


def _numbered(folder: Path) -> Iterator[tuple[date, int]]:
    """Day and number of every issue that has both; only front matter is read for it."""
    for file in sorted(folder.glob("*")):
        if file.suffix in SUFFIXES:
            with suppress(IssueFileError):
                source = load_source(file)
                front_matter, _ = read_front_matter(source)
                (day, _), (number, _) = issue_date(source, front_matter), issue_number(front_matter)
                if day is not None and number is not None:
                    yield day, number


def write_new(path: Path, text: str, *, force: bool) -> None:
    """Write an issue's file. Raises OutputError where there is one already, unless forced."""
    if path.exists() and not force:
        raise OutputError(
            "this is there already, and nothing is overwritten",
            where=str(path),
            next_step="name another day with --date, or say --force",
        )
    write_file(path, text.encode())
