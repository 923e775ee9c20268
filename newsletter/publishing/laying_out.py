"""A publication laid out in a folder: settings, a secret, the first issue, and what watches over
its pull requests. Nothing that is there already is touched.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newsletter.errors import OutputError
from newsletter.files import write_new, writing
from newsletter.publishing.answers import Answers
from newsletter.publishing.drafting import draft, issue_path, next_number
from newsletter.publishing.first_settings import settings_text
from newsletter.schedule import ScheduleRule, next_date
from newsletter.settings import FILE_NAME, house_in_text
from newsletter.starter import ENV, GITIGNORE, WORKFLOWS, first_files

_FOR_ITS_OWNER, _FOR_ALL = 0o600, 0o644


@dataclass(frozen=True, kw_only=True, slots=True)
class LaidOut:
    """What was written and what was there before, each relative to the folder.

    `issue` is the first issue. `unignored` are lines that a .gitignore from before does not have.
    `has_workflows` is false inside of a repository, whose root is elsewhere.
    """

    written: tuple[Path, ...]
    kept: tuple[Path, ...]
    issue: Path
    unignored: tuple[str, ...] = ()
    has_workflows: bool = True


def refuse_publication(folder: Path) -> None:
    """Raises OutputError where there is a publication already."""
    if (folder / FILE_NAME).exists():
        raise OutputError(
            "there is a publication here already, and nothing is overwritten",
            where=str(folder / FILE_NAME),
            next_step="name another folder",
        )


def lay_out(folder: Path, answers: Answers, now: datetime, *, package: str = "") -> LaidOut:
    """Write a new publication. The settings come last: a folder without them can be tried again.

    `package` is what `pip install` gets this program from, for the workflows; "" if nobody knows.
    An issue that is in the folder already counts, so that the first of ours comes after it. Raises
    OutputError where there is a publication already, or where nothing can be written.
    """
    refuse_publication(folder)
    settings = settings_text(answers)
    issue, text = _first_issue(folder, settings, answers, now)
    has_workflows = not _is_within_repository(folder)
    files = dict(first_files(package)) | {issue: text, Path(FILE_NAME): settings}
    unignored = tuple(_unignored(folder / GITIGNORE, files[GITIGNORE]))
    wanted = [path for path in files if has_workflows or path not in WORKFLOWS]
    kept = [path for path in wanted if os.path.lexists(folder / path)]
    written = [path for path in wanted if path not in kept]
    for path in written:
        _write(folder / path, files[path], mode=_FOR_ITS_OWNER if path == ENV else _FOR_ALL)
    return LaidOut(
        written=tuple(written),
        kept=tuple(kept),
        issue=issue,
        unignored=unignored,
        has_workflows=has_workflows,
    )


def _first_issue(folder: Path, settings: str, answers: Answers, now: datetime) -> tuple[Path, str]:
    """Its path in the folder, and its text, for the next day of the rule."""
    day = next_date(ScheduleRule(weekday=answers.weekday, zone=answers.zone), now)
    path = issue_path(folder, day)
    number = next_number(path.parent, day)
    return path.relative_to(folder), draft(house_in_text(settings), day, number)


def _is_within_repository(folder: Path) -> bool:
    """Whether a folder above is the root of its repository."""
    whole = folder.absolute()
    return not (whole / ".git").exists() and any((one / ".git").exists() for one in whole.parents)


def _unignored(path: Path, ours: str) -> Iterator[str]:
    """The lines of ours that a .gitignore lacks, if there is one."""
    with writing(path):
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ours
    there = {line.strip() for line in text.splitlines()}
    for line in ours.splitlines():
        if line and not line.startswith("#") and line not in there:
            yield line


def _write(path: Path, text: str, *, mode: int) -> None:
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_new(path, text.encode(), mode=mode)
