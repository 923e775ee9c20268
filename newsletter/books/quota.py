"""How much may go over a relay in a time, as [limits] says, and how much of that is left.

A time is the last 24 hours, or the last 60 minutes, wherever the relay's own day begins: then none
of its days sees more. What counts is in the journal, so a quota holds over runs and processes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

_SPAN_WORDS: Mapping[timedelta, str] = {DAY: "a day", HOUR: "an hour"}

_TENTH = 10
"""A run that rests goes on when a tenth of the quota is free, not with each single message."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """`relays` are what may carry the messages, by `relay_of`; what is None has no ceiling."""

    relays: Sequence[str] = ()
    per_day: int | None = None
    per_hour: int | None = None

    @property
    def ceilings(self) -> Mapping[timedelta, int]:
        """How many messages in which time; empty where there is no quota."""
        both = {DAY: self.per_day, HOUR: self.per_hour}
        return {span: count for span, count in both.items() if count is not None}


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """What one ceiling leaves: `left` of `limit` messages in `span`.

    `opens_at` is when a tenth of it is free, None where that is so now.
    """

    limit: int
    span: timedelta
    left: int
    opens_at: datetime | None = None

    def is_enough_for(self, due: int) -> bool:
        """Whether so many may go out now, or as many as are worth a start."""
        return self.left >= min(due, share_of(self.limit))

    @property
    def words(self) -> str:
        """`500 a day`."""
        return f"{self.limit:,} {_SPAN_WORDS[self.span]}"


def share_of(limit: int) -> int:
    """So many messages are worth a start."""
    return max(limit // _TENTH, 1)


def relay_of(transport: str) -> str:
    """What a quota is counted for: a transport's name without its options.

    >>> relay_of("smtp://ada:***@relay.example.com:587?connections=2")
    'smtp://ada:***@relay.example.com:587'
    """
    return transport.partition("?")[0]
