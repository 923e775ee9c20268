"""What there is to know before an issue is put into a slot: which are free, whom it would reach,
and what must be so when its time comes.

Nothing is changed. Whether a slot is given is `scheduling`'s to decide.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from newsletter.books import TAKEN, Heartbeat
from newsletter.publishing.agenda.keepers import Keepers, keepers_of
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.scheduling import next_free
from newsletter.publishing.segments import segment_of, share_of_list
from newsletter.schedule import ScheduleRule, clock_change_note, instant
from newsletter.subscribers import parse_segment

MOST = 3
"""Slots to choose from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A wall time in the zone of [schedule], and the moment that it is; `note` is of the clocks."""

    day: date
    time: time
    at: datetime
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """How many are owed it now, and how many everybody would be; `strangers` are the tags and
    attributes of the segment that nobody on the list has, each with the near one, or "".
    """

    people: int
    everybody: int
    strangers: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """`slots` are free, the first first. `dated` is the issue's own day, which its slot is on.

    `grace` is how long after its moment it may still start. `is_told` is whether anybody hears of
    it when something keeps it back.
    """

    now: datetime
    slots: Sequence[Choice]
    dated: date | None
    grace: timedelta
    reach: Reach
    keepers: Keepers
    is_told: bool


def choices_for(dated: date | None, segment: str, publication: Publication) -> Choices:
    """Makes a database where there is none, as scheduling does.

    Raises SegmentError for a segment that cannot be understood, NewsletterError where no slot is
    free for years, StoreError.
    """
    with publication.reading() as books:
        told = publication.settings.notifications
        return Choices(
            now=books.now(),
            slots=list(_slots(dated, books)),
            dated=dated,
            grace=publication.settings.schedule.grace,
            reach=reach_of(segment, books),
            keepers=keepers_of(books),
            is_told=bool(told.alert or told.webhook),
        )


def reach_of(segment: str, books: Books) -> Reach:
    if not segment:
        owed = books.database.subscribers.audience_counts(books.now(), segment_of("")).owed
        return Reach(people=owed, everybody=owed)
    wanted = parse_segment(segment)
    people, everybody = share_of_list(wanted, books)
    unknown = books.database.subscribers.strangers(wanted)
    strangers = [(f"{each.kind} “{each.name}”", str(each.near or "")) for each in unknown]
    return Reach(people=people, everybody=everybody, strangers=strangers)


def last_heard(keepers: Keepers) -> Heartbeat | None:
    """The heartbeat of whoever keeps the schedule and was heard of last."""
    return max((*keepers.alive,), key=lambda beat: beat.beat_at, default=None)


def _slots(dated: date | None, books: Books) -> Iterator[Choice]:
    """Of an issue with a day of its own, there is one at the most."""
    rule, after = books.settings.schedule, books.now()
    taken = books.database.slots.in_states(*TAKEN)
    if dated is not None:
        own = choice(dated, rule.time, rule)
        occupied = {(slot.local_date, slot.local_time) for slot in taken}
        if own.at > after and (dated, rule.time) not in occupied:
            yield own
        return
    for _ in range(MOST):
        day, clock_time = next_free(rule, taken, after, None)
        found = choice(day, clock_time, rule)
        yield found
        after = found.at


def choice(day: date, clock_time: time, rule: ScheduleRule) -> Choice:
    at = instant(day, clock_time, rule.zone)
    note = clock_change_note(day, clock_time, rule.zone)
    return Choice(day=day, time=clock_time, at=at, note=note)
