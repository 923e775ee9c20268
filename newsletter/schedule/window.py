"""The delivery window: at which hours of which days messages may go out, by a zone's clocks.

It opens and closes at wall times, as a slot is at one: where the clocks jump over an end it is read
with the offset from before the jump, and of one that comes twice the first is meant (RFC 5545,
3.3.5). Who rests outside of it is left to the acts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from newsletter.schedule.friday import WEEKDAYS, instant

_HOURS = re.compile(r"(?:(.+)\s)?\s*(\d\d:\d\d)\s*-\s*(\d\d:\d\d)")
_MIDNIGHT = "24:00"
_A_DAY = timedelta(days=1)
_ALL = frozenset(range(len(WEEKDAYS)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """From `opens` until `closes`, on the day after where that is not later; not at `closes`.

    `weekdays` are those on which it opens, Monday being zero.
    """

    opens: time
    closes: time
    weekdays: frozenset[int] = _ALL

    def __str__(self) -> str:
        """`08:00-18:00`, or `monday, friday 08:00-18:00`."""
        end = _MIDNIGHT if self.closes == time() else f"{self.closes:%H:%M}"
        hours = f"{self.opens:%H:%M}-{end}"
        return hours if self.weekdays == _ALL else f"{_weekday_words(self.weekdays)} {hours}"

    def opening(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When messages may go out next, in UTC: now, where it is open."""
        return next(
            max(start, now) for start, end in self._spans(now, zone) if start < end and end > now
        )

    def closing(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When it closes, in UTC, that is open now; now, where it is closed."""
        end = now
        for start, until in self._spans(now, zone):
            if start <= end < until:  # one that follows on without a gap is the same one
                end = until
        return end

    def is_open(self, now: datetime, zone: ZoneInfo) -> bool:
        return self.closing(now, zone) > now

    def _spans(self, now: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """From yesterday's, which may run over midnight, to those of the week after."""
        yesterday = now.astimezone(zone).date() - _A_DAY
        for count in range(len(WEEKDAYS) + 3):
            day = yesterday + count * _A_DAY
            if day.weekday() in self.weekdays:
                yield instant(day, self.opens, zone), instant(self._last(day), self.closes, zone)

    def _last(self, day: date) -> date:
        return day if self.closes > self.opens else day + _A_DAY


def parse_window(text: str) -> Window:
    """`08:00-18:00`, `monday-friday 08:00-18:00` or `tuesday, thursday 22:00-06:00`.

    Raises ValueError for anything else.
    """
    found = _HOURS.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(text)
    days, opens, closes = found.groups()
    start = time.fromisoformat(opens)
    end = time() if closes == _MIDNIGHT else time.fromisoformat(closes)
    if opens == closes:
        raise ValueError(text)
    return Window(opens=start, closes=end, weekdays=_weekdays(days) if days else _ALL)


def _weekdays(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        start = WEEKDAYS.index(first.strip())
        end = WEEKDAYS.index(last.strip()) if last else start
        found.update((start + ahead) % 7 for ahead in range((end - start) % 7 + 1))
    return frozenset(found)


def _weekday_words(weekdays: frozenset[int]) -> str:
    """A run of three or more days is told by its ends."""
    days = sorted(weekdays)
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"
    return ", ".join(WEEKDAYS[day] for day in days)
