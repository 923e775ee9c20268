"""A warm-up: how many messages may go out on each day while receivers get to know a sender.

A day is a calendar day of a zone, with its 23, 24 or 25 hours. What has gone out, the journal
counts; who waits for the next day is left to the acts.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

MOST_WARM = 10_000_000
"""Messages a day: a warm-up that has grown to so many is over."""

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class WarmUp:
    """`first_day` messages on the day `since`, and each day `times` as many as on the one before.

    Before its first day it says nothing.
    """

    since: date
    first_day: int
    times: float = 1.5

    def number(self, day: date) -> int:
        """Which day of the warm-up a date is, the first being 1; less than that before it."""
        return (day - self.since).days + 1

    def cap(self, day: date) -> int | None:
        """How many may go out on a day; None before the first, and when it is over.

        >>> [WarmUp(since=date(2026, 12, 1), first_day=500).cap(date(2026, 12, n)) for n in (1, 2)]
        [500, 750]
        """
        number = self.number(day)
        if number < 1:
            return None
        cap = float(self.first_day)
        for _ in range(number - 1):
            cap *= self.times
            if cap > MOST_WARM:
                return None
        return int(cap)


def day_of(now: datetime, zone: tzinfo) -> date:
    """The calendar day that a moment is of in a zone."""
    return now.astimezone(zone).date()


def day_start(day: date, zone: tzinfo) -> datetime:
    """When a day begins in a zone, in UTC; where the clocks jump over midnight, after the jump.

    Of a midnight that comes twice it is the first (RFC 5545, 3.3.5).
    """
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def next_day(now: datetime, zone: tzinfo) -> datetime:
    """When the day after that of a moment begins, in UTC."""
    return day_start(day_of(now, zone) + _A_DAY, zone)
