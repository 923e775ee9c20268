"""A line over time as SVG, drawn here so that a page needs no script for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.books import PutOff, RateCount

WIDTH, HEIGHT, TOP = 720, 132, 32
"""Units of the picture: the foot of the line stands at HEIGHT, its greatest value at TOP."""

_MANY = 5
"""Replies within one span that say of the relay, and not of a mailbox, that it wants to wait."""

_MOST_TICKS = 6
_JUST = 0.1
"""Of a step: so little before the start, a time is the start's."""
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400)
"""Seconds between two marks below a chart; every one is a round time of a clock."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tick:
    at: float
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """`line` and `area` are paths; `levels` stand at the left, `times` below; `words` say it.

    `note` stands above a moment, where something is to be said of it.
    """

    line: str
    area: str
    levels: Sequence[Tick]
    times: Sequence[Tick]
    words: str
    note: Tick | None = None


def rate_chart(rate: RateCount, zone: ZoneInfo, put_off: PutOff | None = None) -> Chart:
    """Acceptances a second, by the clocks of a zone; and where the relay asked to wait."""
    seconds = rate.span.total_seconds()
    values = [count / seconds for count in rate.counts]
    most, top = max(values), round_above(max(values))
    step = WIDTH / len(values)
    points = [(0.0, 0.0), *((step * (at + 0.5), each) for at, each in enumerate(values))]
    points.append((float(WIDTH), 0.0))
    line = " L".join(f"{x:.1f} {_y(value, top):.1f}" for x, value in points)
    start, end = (
        rate.start.astimezone(zone),
        (rate.start + rate.span * len(values)).astimezone(zone),
    )
    mean = sum(rate.counts) / (end - start).total_seconds()
    words = f"From {start:%H:%M:%S} to {end:%H:%M:%S}: {_figure(mean)} a second on average"
    note = _note(put_off, rate) if put_off else None
    return Chart(
        line=f"M{line}",
        area=f"M{line} L{WIDTH} {HEIGHT} L0 {HEIGHT} Z",
        levels=[Tick(at=_y(each, top), words=_figure(each)) for each in (top, top / 2, 0)],
        times=_times(start, end),
        words=f"{words}, {_figure(most)} at the most" + (f"; {note.words}" if note else ""),
        note=note,
    )


def round_above(value: float) -> float:
    """The least of 1, 2, 4, 5, 6, 8 and 10 times a power of ten that is not below.

    >>> round_above(51.6), round_above(0.3), round_above(0)
    (60, 0.4, 1)
    """
    if value <= 0:
        return 1
    power = 1.0
    while power * 10 < value:
        power *= 10
    while power > value:
        power /= 10
    found = next(each * power for each in (1, 2, 4, 5, 6, 8, 10) if each * power >= value - 1e-9)
    return round(found, 6) if found % 1 else int(found)


def _note(put_off: PutOff, rate: RateCount) -> Tick | None:
    """Of a few out of many nothing is said: a mailbox that is full says so as well."""
    if put_off.count < _MANY:
        return None
    at = (put_off.at - rate.start) / (rate.span * len(rate.counts)) * WIDTH
    return Tick(at=at, words=f"the relay asked to wait ({put_off.code})")


def _y(value: float, top: float) -> float:
    return HEIGHT - value / top * (HEIGHT - TOP)


def _times(start: datetime, end: datetime) -> list[Tick]:
    """Round times between two moments; one that is just past stands at the start."""
    whole = (end - start).total_seconds()
    step = next((each for each in _STEPS if whole / each <= _MOST_TICKS), _STEPS[-1])
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    first = -(-((start - midnight).total_seconds() - step * _JUST) // step) * step
    found = []
    moment = midnight + timedelta(seconds=first)
    while moment <= end:
        words = f"{moment:%H:%M}" if step >= 60 else f"{moment:%H:%M:%S}"
        at = max((moment - start).total_seconds() / whole * WIDTH, 0)
        found.append(Tick(at=at, words=words))
        moment += timedelta(seconds=step)
    return found


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"
