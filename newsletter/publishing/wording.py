"""What an editor may write next, where only certain words mean anything or were written before.

The keys of the front matter, the days of the next slots, the number that follows, authors and
sponsors of earlier issues, and merge fields. Each file of the shelf is read once, and again where
it has changed.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from newsletter.check import HouseFormat
from newsletter.errors import NewsletterError
from newsletter.files import FileState, file_state
from newsletter.issue import EDITORS_FIELDS, Issue
from newsletter.publishing.drafting import next_number
from newsletter.publishing.issue_names import FOLDER
from newsletter.publishing.issues import issues_in, read_issue
from newsletter.schedule import next_slot_date
from newsletter.settings import Settings

SLOTS_AHEAD = 6
"""Days that are offered for an issue."""

MOST_SPONSORS = 40

DEFAULTS = {"first_name": "there"}
"""What the readers are called who gave nothing, in the form that every page of ours shows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PastSponsor:
    """A sponsor's heading as it was written, without its marks, and the last issue that had it."""

    name: str
    heading: str
    issue: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """`dates` are the days of the next slots without an issue; `number` is what follows."""

    dates: tuple[date, ...]
    number: int | None
    authors: tuple[str, ...]
    sponsors: tuple[PastSponsor, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Had:
    """What one issue had."""

    day: date | None
    name: str
    author: str
    sponsors: tuple[PastSponsor, ...]


@dataclass
class WordsBefore:
    """The words of a publication's issues, each file read once as long as it does not change."""

    _known: dict[Path, tuple[FileState, _Had | None]] = field(default_factory=dict)

    def words(self, path: Path, settings: Settings, person: str, now: datetime) -> Words:
        """For the issue at this path, written by this person."""
        folder = settings.folder / FOLDER
        had = [each for file in issues_in(folder) if (each := self._had(file, settings.house))]
        had.sort(key=lambda each: (each.day or date.min, each.name), reverse=True)
        others = [each for each in had if each.name != path.stem]
        own = next((each.day for each in had if each.name == path.stem), None)
        taken = {each.day for each in others if each.day}
        dates = tuple(day for day in _slots(settings, now) if day not in taken)
        day = own or next(iter(dates), now.date())
        return Words(
            dates=dates,
            number=next_number(folder, day),
            authors=_once([person, *(each.author for each in had)]),
            sponsors=_latest([one for each in others for one in each.sponsors]),
            fields=(*EDITORS_FIELDS, *settings.house.merge_fields),
        )

    def _had(self, path: Path, house: HouseFormat) -> _Had | None:
        state, known = file_state(path), self._known.get(path)
        if known is None or known[0] != state:
            had = None
            with suppress(NewsletterError):
                had = _read(read_issue(path, house))
            self._known[path] = known = (state, had)
        return known[1]


def _read(issue: Issue) -> _Had:
    author = issue.front_matter.get("author")
    sponsors = tuple(
        PastSponsor(
            name=each.name.text,
            heading=" ".join(filter(None, (each.label, each.name.text))),
            issue=issue.name,
        )
        for each in issue.sponsors
    )
    value = author.value if author else ""
    return _Had(day=issue.date, name=issue.name, author=value, sponsors=sponsors)


def _slots(settings: Settings, now: datetime) -> Iterator[date]:
    after = now
    for _ in range(SLOTS_AHEAD):
        try:
            day = next_slot_date(settings.schedule, after)
        except NewsletterError:  # a rule without days is told where it is written
            return
        yield day
        rule = settings.schedule
        after = datetime.combine(day, rule.time, rule.zone) + timedelta(hours=1)


def _once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def _latest(sponsors: Sequence[PastSponsor]) -> tuple[PastSponsor, ...]:
    """One of each heading, that of the newest issue, which comes first."""
    latest: dict[str, PastSponsor] = {}
    for each in sponsors:
        latest.setdefault(each.heading.casefold(), each)
    return tuple(latest.values())[:MOST_SPONSORS]
