"""Who came and who went, week by week, as a picture of bars: up who joined, down who left."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.subscribers import Week

WIDTH, SIDE = 720, 56
"""Units of the picture; the axis has so many at most above it, and below."""

_GAP = 4
_FAR_ABOVE = 3
"""So many times the next longest bar, and a bar is cut."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One week. `up` and `down` are heights; `label` stands below, where there is room."""

    x: float
    width: float
    up: float
    down: float
    words: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekChart:
    """`above` and `below` are the sides' heights; `words` say what the picture shows."""

    bars: Sequence[Bar]
    above: float
    below: float
    words: str


def week_chart(weeks: Sequence[Week]) -> WeekChart | None:
    """From the first week in which something happened; None where nothing has."""
    first = next((at for at, week in enumerate(weeks) if week.joined or week.gone), None)
    if first is None:
        return None
    known = weeks[first:]
    most = _longest([number for week in known for number in (week.joined, week.gone)])
    step = WIDTH / max(len(known), 16)
    bars = [
        Bar(
            x=at * step + _GAP / 2,
            width=step - _GAP,
            up=_height(week.joined, most),
            down=_height(week.gone, most),
            words=_words(week),
            label=f"{week.monday.day} {week.monday:%b}" if at % 4 == 0 else "",
        )
        for at, week in enumerate(known)
    ]
    joined, gone = sum(week.joined for week in weeks), sum(week.gone for week in weeks)
    said = "This week" if len(weeks) == 1 else f"{len(weeks)} weeks"
    return WeekChart(
        bars=bars,
        above=max(bar.up for bar in bars),
        below=max(bar.down for bar in bars),
        words=f"{said}: {joined:,} joined, {gone:,} left or were removed, net {joined - gone:+,}",
    )


def _longest(people: Sequence[int]) -> int:
    """The most people that a bar is drawn of whole; an import is far above all else."""
    *_, second, most = [0, *sorted(people)]
    return max(2 * second if most > _FAR_ABOVE * second > 0 else most, 1)


def _height(people: int, most: int) -> float:
    """Never nothing for somebody."""
    return max(min(people / most, 1) * SIDE, 2) if people else 0


def _words(week: Week) -> str:
    return f"Week of {week.monday.day} {week.monday:%B}: {week.joined:,} joined, {week.gone:,} left"
