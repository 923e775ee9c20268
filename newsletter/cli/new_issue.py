"""Where `new` and `import` put an issue: its day, its file, and nothing overwritten by accident."""

from datetime import date
from pathlib import Path

from newsletter.cli.output_files import write_file
from newsletter.cli.publication import settings_here
from newsletter.clock import now
from newsletter.errors import NewsletterError, OutputError
from newsletter.schedule import ScheduleRule, next_date
from newsletter.settings import find_folder


def day_said(text: str | None) -> date | None:
    """The day of the option --date. Raises NewsletterError for what is no date."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise NewsletterError(
            f"“{text}” is not a date", where="--date", next_step="write it as 2021-11-26"
        ) from error


def next_day() -> date:
    """The next day of the publication's rule; without any settings, of ours."""
    has_settings = find_folder(Path.cwd()) is not None
    rule = settings_here(with_environment=False).schedule if has_settings else ScheduleRule()
    return next_date(rule, now())


def issue_path(root: Path, day: date) -> Path:
    """issues/DATE.md of a publication, as seen from here where that is shorter."""
    path = root / "issues" / f"{day.isoformat()}.md"
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def write_new(path: Path, text: str, *, force: bool) -> None:
    """Write an issue's file. Raises OutputError where there is one already, unless forced."""
    if path.exists() and not force:
        raise OutputError(
            "this is there already, and nothing is overwritten",
            where=str(path),
            next_step="name another day with --date, or say --force",
        )
    write_file(path, text.encode())
