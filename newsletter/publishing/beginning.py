"""An issue begun: which day and number it may have, and its file, laid out.

What stands in the file is `drafting`'s.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from newsletter.books import TAKEN, Slot
from newsletter.check import BLANK
from newsletter.errors import OutputError
from newsletter.publishing.drafting import draft, issue_path, next_number, write_new
from newsletter.publishing.publication import Publication
from newsletter.publishing.scheduling import next_free
from newsletter.schedule import ScheduleRule

_LONGEST_NAME = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """The day and the number that the next issue may have; `number` is None where none has one."""

    day: date
    number: int | None


def propose(publication: Publication) -> Proposal:
    """The rule's next day that is free. No database is made for it. Raises NewsletterError."""
    settings, now = publication.settings, publication.clock()
    with publication.looking() as books:
        taken = books.database.slots.in_states(*TAKEN) if books else []
    day = next_free_day(settings.folder, settings.schedule, taken, now)
    return Proposal(day=day, number=number_for(publication, day))


def number_for(publication: Publication, day: date) -> int | None:
    return next_number(publication.settings.folder / "issues", day)


def begin(
    publication: Publication, day: date | None, number: int | None, *, name: str = ""
) -> Path:
    """The house format, laid out in a file of its own: after its day, else after a name.

    The name is its subject, too. Raises OutputError where there is such a file already.
    """
    folder, house = publication.settings.folder, publication.settings.house
    path = named_path(folder, name) if name or day is None else issue_path(folder, day)
    subject = " ".join(name.split()) or BLANK
    write_new(path, draft(house, day, number, subject=subject), force=False)
    return path


def named_path(folder: Path, name: str) -> Path:
    """The file of an issue that has a name before it has a day.

    Raises OutputError for a name without a letter or a figure.

    >>> named_path(Path(), "Summer special!").as_posix()
    'issues/summer-special.md'
    """
    words = "".join(sign if sign.isalnum() else " " for sign in name.casefold()).split()
    stem = "-".join(words)[:_LONGEST_NAME].strip("-")
    if not stem:
        raise OutputError(
            "an issue’s file needs a name",
            next_step="give a day, or a name with letters or figures",
        )
    return folder / "issues" / f"{stem}.md"


def next_free_day(folder: Path, rule: ScheduleRule, taken: Iterable[Slot], now: datetime) -> date:
    """The rule's next day that no slot has and no issue's file is named after.

    Raises NewsletterError where there is none for years.
    """
    occupied, after = list(taken), None
    while True:
        day, _ = next_free(rule, occupied, now, after)
        if not issue_path(folder, day).exists():
            return day
        after = day + timedelta(days=1)
