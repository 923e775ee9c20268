"""The earlier issues of a folder and of its past, as the memory of the check.

A file is read once, and again where it was written to since: an editor's page stays open for days.
"""

import re
from contextlib import suppress
from datetime import date
from pathlib import Path

from newsletter.check import HouseFormat, PastStory, past_stories
from newsletter.errors import IssueFileError
from newsletter.files import FileState, file_state
from newsletter.issue import Issue
from newsletter.publishing.issues import issues_in, read_issue

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class History:
    """What ran before an issue in its folder. Files that cannot be read are no part of it."""

    def __init__(self, house: HouseFormat) -> None:
        self._house = house
        self._read: dict[Path, tuple[FileState, Issue | None]] = {}

    def past(self, path: Path, day: date | None) -> tuple[PastStory, ...]:
        """The stories of the issues before a day, the newest issue first."""
        if not self._house.memory:
            return ()
        issues = [issue for file in self._likely(path, day) if (issue := self._issue(file))]
        return past_stories(issues, before=day, limit=self._house.memory)

    def _likely(self, path: Path, day: date | None) -> list[Path]:
        """The files to read. With the day in their names, only the last ones need to be."""
        others = [file for file in issues_in(path.parent) if file.name != path.name]
        dated = {file: found for file in others if (found := day_named(file.name))}
        earlier = [file for file, found in dated.items() if day is None or found < day]
        newest = sorted(earlier, key=lambda file: dated[file], reverse=True)
        return newest[: self._house.memory] + [file for file in others if file not in dated]

    def _issue(self, path: Path) -> Issue | None:
        state, known = file_state(path), self._read.get(path)
        if known is None or known[0] != state:
            issue = None
            with suppress(IssueFileError):
                issue = read_issue(path, self._house)
            self._read[path] = known = (state, issue)
        return known[1]


def day_named(name: str) -> date | None:
    """The day in a file's name, if there is one."""
    try:
        return date.fromisoformat(match[0]) if (match := _DAY.search(name)) else None
    except ValueError:
        return None
