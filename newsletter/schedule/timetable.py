"""Who is done when: a send played through on paper, by the ceilings, rates and hours that hold.

Pure: it is told how many people are in each group of domains, what holds them back and what has
gone out already. It never lets out more than a ceiling allows, and ends by itself: what takes more
than a year has no end here. What a relay or a receiver says to it, nobody knows before.
"""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import inf
from zoneinfo import ZoneInfo

from newsletter.books import Room, WarmUp, day_of, next_day, share_of, shared_out
from newsletter.schedule.window import Window

_HORIZON = timedelta(days=366)
_STRETCHES = 12
"""So finely a rolling ceiling is looked at: a twelfth of its time."""

_LEAST = timedelta(milliseconds=1)
_ROUNDING = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class Crowd:
    """The people of one group of domains; "" is all others. `rate` is in messages per second.

    `taken` is what its warm-up counts today already. Who is paused gets nothing. `relay` is what
    carries it where it has one for itself, else "".
    """

    group: str
    people: int
    rate: float | None = None
    warm_up: WarmUp | None = None
    taken: int = 0
    is_paused: bool = False
    relay: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """What holds for all together that go over the same relay. `rate` is in messages per second,
    and `is_measured` where it is what a send came to before; None where nobody knows.

    `rolling` are the ceilings of [limits] per_day and per_hour, with what they leave now; `taken`
    is what the warm-up counts today already.
    """

    zone: ZoneInfo
    rate: float | None = None
    is_measured: bool = False
    rolling: Sequence[Room] = ()
    warm_up: WarmUp | None = None
    taken: int = 0
    window: Window | None = None

    @property
    def is_bounding(self) -> bool:
        """Whether it holds anything back that is written down."""
        rate = self.rate and not self.is_measured
        return bool(self.window or self.warm_up or self.rolling or rate)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One crowd, with what holds for it and others: when its first message goes out and its last,
    and how many on each day.

    The moments are None where nobody of it is sent to within a year, or not all of them are.
    """

    crowd: Crowd
    pace: Pace
    start: datetime | None
    end: datetime | None
    shares: Mapping[date, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Timetable:
    """`lines` are in the order of the crowds; `warm_until` is the first day whose warm-up no longer
    holds anybody back, None where there is no warm-up. `stretches` are the moments between which
    so many go out at one pace.
    """

    pace: Pace
    lines: Sequence[Line]
    warm_until: date | None = None
    stretches: Sequence[tuple[datetime, datetime, int]] = ()

    @property
    def end(self) -> datetime | None:
        """When all of them are done; None where some are not within a year."""
        ends = [line.end for line in self.lines if not line.crowd.is_paused]
        return None if None in ends else max((end for end in ends if end), default=None)

    @property
    def days(self) -> Mapping[date, int]:
        """How many go out on each day."""
        found: Counter[date] = Counter()
        for line in self.lines:
            found.update(line.shares)
        return dict(sorted(found.items()))

    @property
    def is_bounded(self) -> bool:
        """Whether anything holds it back that is written down."""
        return self.pace.is_bounding or any(
            each.pace.is_bounding or each.crowd.rate or each.crowd.warm_up for each in self.lines
        )


def draw_up(crowds: Sequence[Crowd], pace: Pace, now: datetime) -> Timetable:
    """The time table of a send that begins now, or when it may."""
    play = _Play(crowds, pace, now)
    play.through(now + _HORIZON)
    lines = [play.line(crowd) for crowd in crowds]
    return Timetable(
        pace=pace,
        lines=lines,
        warm_until=_warm_until(crowds, pace),
        stretches=play.stretches,
    )


def beside(tables: Sequence[Timetable]) -> Timetable:
    """What goes out over several relays at the same time, as one time table; the pace is that of
    the first.
    """
    first, *_ = tables
    if len(tables) == 1:
        return first
    stretches = [stretch for each in tables for stretch in each.stretches]
    return Timetable(
        pace=first.pace,
        lines=[line for each in tables for line in each.lines],
        warm_until=max((each.warm_until for each in tables if each.warm_until), default=None),
        stretches=sorted(stretches),
    )


def _warm_until(crowds: Sequence[Crowd], pace: Pace) -> date | None:
    plans = [(pace.warm_up, sum(each.people for each in crowds))]
    plans += [(each.warm_up, each.people) for each in crowds]
    return max((_end(plan, people) for plan, people in plans if plan), default=None)


def _end(plan: WarmUp, people: int) -> date:
    day = plan.since
    while (cap := plan.cap(day)) is not None and cap < people:
        day += timedelta(days=1)
    return day


@dataclass(kw_only=True, slots=True)
class _Rolling:
    """A ceiling over the last hours, with each stretch that counts, the oldest first."""

    limit: int
    span: timedelta
    taken: deque[tuple[datetime, int]] = field(default_factory=deque)
    count: int = 0

    def add(self, at: datetime, number: int) -> None:
        self.taken.append((at, number))
        self.count += number

    def room(self, now: datetime, due: int) -> int:
        """None where it is not worth a start."""
        while self.taken and self.taken[0][0] + self.span <= now:
            self.count -= self.taken.popleft()[1]
        left = self.limit - self.count
        return left if left >= self._worth(due) else 0

    def opens(self, due: int) -> datetime | None:
        """When it is worth a start; None where that is so now."""
        count = self.count
        for at, number in self.taken:
            if self.limit - count >= self._worth(due):
                break
            count -= number
            if self.limit - count >= self._worth(due):
                return at + self.span
        return None

    def _worth(self, due: int) -> int:
        return min(due, share_of(self.limit))


class _Play:
    """A send on paper: `now` goes on from one stretch to the next, in each of which rates stand."""

    def __init__(self, crowds: Sequence[Crowd], pace: Pace, now: datetime) -> None:
        self._crowds = {each.group: each for each in crowds}
        self._pace = pace
        self._now = now.astimezone(UTC)
        self._left = {each.group: each.people for each in crowds if not each.is_paused}
        self._credit = dict.fromkeys(self._left, 0.0)
        self._day = day_of(now, pace.zone)
        self._today = Counter({each.group: each.taken for each in crowds})
        self._today_in_all = pace.taken
        self._dealt: dict[str, int] = {}
        self._rolling = [_rolling(room, self._now) for room in pace.rolling]
        self._shares: dict[str, Counter[date]] = {each.group: Counter() for each in crowds}
        self._started: dict[str, datetime] = {}
        self._ended: dict[str, datetime] = {}
        self.stretches: list[tuple[datetime, datetime, int]] = []

    def through(self, horizon: datetime) -> None:
        while any(self._left.values()) and self._now < horizon:
            self._turn_the_page()
            window = self._pace.window
            if window is not None and not window.is_open(self._now, self._pace.zone):
                self._now = window.opening(self._now, self._pace.zone)
            elif rooms := self._rooms():
                self._send(rooms)
            else:
                self._now = self._next_change()

    def line(self, crowd: Crowd) -> Line:
        group = crowd.group
        is_done = not crowd.people or not self._left.get(group, crowd.people)
        return Line(
            crowd=crowd,
            pace=self._pace,
            start=self._started.get(group),
            end=self._ended.get(group) if is_done else None,
            shares=dict(self._shares[group]),
        )

    def _turn_the_page(self) -> None:
        day = day_of(self._now, self._pace.zone)
        if day != self._day:
            self._day, self._today_in_all = day, 0
            self._dealt = {}
            self._today.clear()

    def _rooms(self) -> Mapping[str, int]:
        """How many of each group may go out now; groups of which nobody may are not there.

        What is dealt out stays so until all of it is sent, or a day begins, as a sender has it: who
        is quick leaves the slow theirs.
        """
        dealt = {group: min(count, self._left[group]) for group, count in self._dealt.items()}
        self._dealt = {group: count for group, count in dealt.items() if count > 0}
        if not self._dealt:
            self._dealt = dict(self._deal())
        return self._dealt

    def _deal(self) -> Mapping[str, int]:
        wanted = {group: self._room(group, left) for group, left in self._left.items()}
        wanted = {group: count for group, count in wanted.items() if count > 0}
        return shared_out(min(self._room_in_all(), sum(wanted.values())), wanted)

    def _room(self, group: str, left: int) -> int:
        plan = self._crowds[group].warm_up
        cap = plan.cap(self._day) if plan else None
        return left if cap is None else min(left, cap - self._today[group])

    def _room_in_all(self) -> int:
        due = sum(self._left.values())
        cap = self._pace.warm_up.cap(self._day) if self._pace.warm_up else None
        rooms = [each.room(self._now, due) for each in self._rolling]
        if cap is not None:
            rooms.append(cap - self._today_in_all)
        return max(min(rooms, default=due), 0)

    def _next_change(self) -> datetime:
        """When a ceiling gives way that is reached now: at midnight, or when an hour is over."""
        due = sum(self._left.values())
        opens = [at for each in self._rolling if (at := each.opens(due)) and at > self._now]
        return min([*opens, next_day(self._now, self._pace.zone)])

    def _send(self, rooms: Mapping[str, int]) -> None:
        """One stretch; where nobody knows a rate of a group, all of it at once."""
        rates = self._rates(rooms)
        at_once = {group: rooms[group] for group, rate in rates.items() if rate == inf}
        if at_once:
            self._take(at_once, self._now)
            return
        seconds = min((rooms[group] - self._credit[group]) / rate for group, rate in rates.items())
        ahead = max(timedelta(seconds=seconds), _LEAST)
        until = min(self._now + ahead, self._end_of_stretch())
        passed = (until - self._now).total_seconds()
        sent: dict[str, int] = {}
        for group, rate in rates.items():
            credit = self._credit[group] + rate * passed
            sent[group] = min(int(credit + _ROUNDING), rooms[group])
            self._credit[group] = min(max(credit - sent[group], 0.0), 1.0)
        self._take(sent, until)
        self._now = until

    def _rates(self, rooms: Mapping[str, int]) -> Mapping[str, float]:
        """Messages per second of each group: what holds for all is shared by how many are left."""
        own = {group: self._crowds[group].rate or inf for group in rooms}
        spare = self._pace.rate or inf
        if spare == inf:
            return own
        found: dict[str, float] = {}
        people = sum(self._left[group] for group in rooms)
        for group in sorted(rooms, key=lambda group: own[group] / self._left[group]):
            share = spare * self._left[group] / people
            found[group] = min(own[group], share)
            spare -= found[group]
            people -= self._left[group]
        return found

    def _end_of_stretch(self) -> datetime:
        pace = self._pace
        ends = [next_day(self._now, pace.zone)]
        ends += [self._now + each.span / _STRETCHES for each in self._rolling]
        if pace.window is not None:
            ends.append(pace.window.closing(self._now, pace.zone))
        return min(ends)

    def _take(self, sent: Mapping[str, int], until: datetime) -> None:
        number = sum(sent.values())
        for group, count in sent.items():
            if count:
                self._started.setdefault(group, self._now)
                self._ended[group] = until
                self._left[group] -= count
                self._dealt[group] -= count
                self._today[group] += count
                self._shares[group][self._day] += count
        self._today_in_all += number
        self.stretches.append((self._now, until, number))
        for each in self._rolling:
            each.add(until, number)


def _rolling(room: Room, now: datetime) -> _Rolling:
    """Of what it counts already nobody knows here how old it is: it counts for all of the time."""
    found = _Rolling(limit=room.limit, span=room.span)
    if room.left < room.limit:
        found.add(now, room.limit - room.left)
    return found
