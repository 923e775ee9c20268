"""How many people there are, and how many came and went: the list in numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from newsletter.publishing.publication import Books
from newsletter.schedule import instant
from newsletter.subscribers import (
    ARRIVALS,
    PersonEventKind,
    SubscriberState,
    SuppressionKind,
    Week,
)

MOST_WEEKS = 520
"""Ten years."""

_MIDNIGHT = time(0)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """The list in numbers.

    Of the confirmed members, `owed` would be sent an issue now, `paused` want none for some weeks,
    and the others are suppressed.
    """

    states: Mapping[SubscriberState, int]
    owed: int
    paused: int
    suppressions: Mapping[SuppressionKind, int]

    @property
    def confirmed_and_suppressed(self) -> int:
        others = self.states[SubscriberState.CONFIRMED] - self.owed - self.paused
        return max(others, 0)  # somebody may have left between two of the counts


def count(books: Books) -> Counts:
    database, now = books.database, books.now()
    return Counts(
        states=database.subscribers.count(),
        owed=database.subscribers.audience_counts(now).owed,
        paused=database.subscribers.count_paused(now),
        suppressions=database.suppressions.count(),
    )


def history(weeks: int, books: Books) -> Sequence[Week]:
    """So many weeks by the publication's clocks, each from its Monday; the last is this one.

    `weeks` is from 1 to MOST_WEEKS.
    """
    zone = books.settings.schedule.zone
    mondays = mondays_until(books.now(), zone, weeks)
    bounds = [instant(day, _MIDNIGHT, zone) for day in (*mondays, mondays[-1] + _WEEK)]
    moves = books.database.subscribers.moves(bounds)
    return [_week(monday, found) for monday, found in zip(mondays, moves, strict=True)]


def mondays_until(now: datetime, zone: ZoneInfo, weeks: int) -> Sequence[date]:
    today = now.astimezone(zone).date()
    this = today - timedelta(days=today.weekday())
    return [this - number * _WEEK for number in reversed(range(weeks))]


def _week(monday: date, moves: Mapping[PersonEventKind, int]) -> Week:
    return Week(
        monday=monday,
        joined=sum(moves.get(kind, 0) for kind in ARRIVALS),
        left=moves.get(PersonEventKind.LEFT, 0),
        removed=moves.get(PersonEventKind.REMOVED, 0) + moves.get(PersonEventKind.ERASED, 0),
    )
