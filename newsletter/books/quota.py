"""How much may go over a relay in a time, as [limits] says, and how much of that is left.

A time is the last 24 hours, or the last 60 minutes, wherever the relay's own day begins: then none
of its days sees more. A warm-up goes by calendar days. What counts is in the journal, so a quota
holds over runs and processes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from newsletter.books.warm_up import WarmUp, day_of, day_start, next_day

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

_SPAN_WORDS: Mapping[timedelta, str] = {DAY: "a day", HOUR: "an hour"}

_INSTANT = timedelta(microseconds=1)

_TENTH = 10
"""A run that rests goes on when a tenth of the quota is free, not with each single message."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ceiling:
    """`limit` messages later than `since`. `span` is how long each of them counts.

    With `ends` it is a calendar day's, which all its messages count until; `words` say what it is.
    """

    limit: int
    span: timedelta
    since: datetime
    words: str
    ends: datetime | None = None

    @property
    def share(self) -> int:
        """So many messages are worth a start; of a calendar day each one is."""
        return share_of(self.limit) if self.ends is None else 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """`relays` are what may carry the messages, by `relay_of`; what is None has no ceiling.

    `group` is the group of domains that it is for; None is all of them together. The days of the
    `warm_up` are those of `zone`. `elsewhere` is how many of those that are claimed go out over
    other relays for certain.
    """

    relays: Sequence[str] = ()
    per_day: int | None = None
    per_hour: int | None = None
    warm_up: WarmUp | None = None
    zone: tzinfo = UTC
    group: str | None = None
    elsewhere: int = 0

    @property
    def is_set(self) -> bool:
        """Whether it can hold anything back, be it on another day."""
        return any(each is not None for each in (self.per_day, self.per_hour, self.warm_up))

    def ceilings(self, now: datetime) -> Sequence[Ceiling]:
        """What holds at a moment; empty where nothing does."""
        both = {DAY: self.per_day, HOUR: self.per_hour}
        rolling = [
            Ceiling(limit=limit, span=span, since=now - span, words=span_words(limit, span))
            for span, limit in both.items()
            if limit is not None
        ]
        return [*rolling, *self._of_today(now)]

    def _of_today(self, now: datetime) -> Sequence[Ceiling]:
        day = day_of(now, self.zone)
        cap = self.warm_up.cap(day) if self.warm_up else None
        if self.warm_up is None or cap is None:
            return ()
        since, ends = day_start(day, self.zone), next_day(now, self.zone)
        whose = f"the warm-up of {self.group}" if self.group else "the warm-up"
        words = f"{cap:,} on day {self.warm_up.number(day)} of {whose}"
        before = since - _INSTANT  # midnight itself is of the new day
        return (Ceiling(limit=cap, span=ends - since, since=before, ends=ends, words=words),)


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """What one ceiling leaves: `left` of `limit` messages in `span`.

    `opens_at` is when there is enough of it to go on, None where that is so now: when a tenth is
    free, or the next day has begun. `name` is the ceiling in words, where those of its span do not
    say it; `group` is the group of domains that it is for, None for all of them together.
    """

    limit: int
    span: timedelta
    left: int
    opens_at: datetime | None = None
    name: str = ""
    group: str | None = None
    is_of_a_date: bool = False

    def is_enough_for(self, due: int) -> bool:
        """Whether so many may go out now, or as many as are worth a start."""
        return self.left >= min(due, 1 if self.is_of_a_date else share_of(self.limit))

    @property
    def words(self) -> str:
        """`500 a day`."""
        return self.name or span_words(self.limit, self.span)


def span_words(limit: int, span: timedelta) -> str:
    """`500 a day`."""
    return f"{limit:,} {_SPAN_WORDS[span]}"


def share_of(limit: int) -> int:
    """So many messages are worth a start."""
    return max(limit // _TENTH, 1)


def shared_out(total: int, wanted: Mapping[str, int]) -> Mapping[str, int]:
    """So many among groups, by how many each has; nobody gets more than that, or nothing.

    >>> shared_out(9, {"a": 10, "b": 5})
    {'b': 3, 'a': 6}
    """
    left, people = total, sum(wanted.values())
    found: dict[str, int] = {}
    for group, count in sorted(wanted.items(), key=lambda each: each[1]):
        found[group] = min(count, -(-left * count // people)) if people else 0
        left -= found[group]
        people -= count
    return {group: count for group, count in found.items() if count}


def relay_of(transport: str) -> str:
    """What a quota is counted for: a transport's name without its options.

    >>> relay_of("smtp://ada:***@relay.example.com:587?connections=2")
    'smtp://ada:***@relay.example.com:587'
    """
    return transport.partition("?")[0]
