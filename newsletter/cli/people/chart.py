"""The chart of who came and who went: a row a week, joined right of an axis, gone left of it.

Both sides have one scale, so that their lengths can be compared; the bar of a week far above all
others, as that of an import, is cut. Numbers stand at the bars, so that nothing is told by colour
or length alone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from newsletter.cli.console import bad, faint, good, strong, warning
from newsletter.subscribers import Week

LEAST, MOST = 60, 200
"""Columns: in a narrower terminal lines wrap, and in a wider one nobody sees both ends."""

_LABEL, _GAP = 11, 2
_LEAST_SIDE = 6
_EIGHTHS = 8
_FAR_ABOVE = 3
"""So many times the next longest bar, and a bar is cut."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pen:
    """What the bars of one side are drawn with: a whole cell, what is less by eighths, a cut."""

    whole: str
    parts: tuple[str, ...]
    cut: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Signs:
    """A pen for each side, and the axis between them."""

    axis: str
    left: Pen
    right: Pen

    @property
    def all(self) -> str:
        sides = (self.left, self.right)
        return self.axis + "".join("".join([pen.whole, pen.cut, *pen.parts]) for pen in sides)


BLOCKS = Signs(
    axis="│",
    left=Pen(whole="█", parts=("", "▕", "▕", "▐", "▐", "▐", "▐", "█"), cut="◀"),
    right=Pen(whole="█", parts=("", "▏", "▎", "▍", "▌", "▋", "▊", "▉"), cut="▶"),
)
_HALVES = ("", "", "", "", "#", "#", "#", "#")
PLAIN = Signs(
    axis="|",
    left=Pen(whole="#", parts=_HALVES, cut="<"),
    right=Pen(whole="#", parts=_HALVES, cut=">"),
)
"""For a terminal of ASCII alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Scale:
    """How many people a cell is; the longest bar of each side in cells, and the numbers' widths."""

    people: float
    left: int
    right: int
    left_number: int
    net: int

    def bar(self, people: int, room: int, pen: Pen) -> str:
        """From the axis on, as long as they are many, and never nothing for somebody."""
        cells, rest = divmod(round(people / self.people * _EIGHTHS), _EIGHTHS)
        if cells > room:
            return pen.whole * (room - 1) + pen.cut
        least = next(part for part in pen.parts if part) if people else ""
        return pen.whole * cells + pen.parts[rest] or least


def chart_lines(weeks: Sequence[Week], zone: str, width: int, signs: Signs) -> Iterator[str]:
    """A title, a row for each week since the first in which something happened, and the totals."""
    yield strong(f"Who joined and who left, by week from Monday ({zone})")
    known = _since_first(weeks)
    if not known:
        yield f"Nobody has joined or left in {_weeks(len(weeks))}."
        return
    scale = _scale(known, min(max(width, LEAST), MOST))
    yield ""
    yield faint(_heading(scale))
    for week in known:
        yield _row(week, scale, signs, is_last=week is weeks[-1])
    yield ""
    yield from _totals(weeks, known)


def _since_first(weeks: Sequence[Week]) -> Sequence[Week]:
    first = next((at for at, week in enumerate(weeks) if week.joined or week.gone), len(weeks))
    return weeks[first:]


def _scale(weeks: Sequence[Week], width: int) -> _Scale:
    """The room shared out between the sides as their longest bars need it."""
    joined = _longest([week.joined for week in weeks])
    gone = _longest([week.gone for week in weeks])
    left_number = max(len(f"{week.gone:,}") for week in weeks) + 1
    right_number = max(len(f"{week.joined:,}") for week in weeks) + 1
    net = max(len(_signed(week.net)) for week in weeks)
    room = width - _LABEL - net - _GAP - left_number - right_number - 1
    left = min(max(round(room * gone / (joined + gone)), _LEAST_SIDE), room - _LEAST_SIDE)
    people = max(gone / left, joined / (room - left))
    return _Scale(people=people, left=left, right=room - left, left_number=left_number, net=net)


def _longest(people: Sequence[int]) -> int:
    """The most people that a bar is drawn of whole."""
    *_, second, most = [0, *sorted(people)]
    return 2 * second if most > _FAR_ABOVE * second > 0 else most


def _heading(scale: _Scale) -> str:
    net, left = f"{'net':>{scale.net}}", f"{'left':>{scale.left_number + scale.left}}"
    return f"{'week from':<{_LABEL}}{net}{'':{_GAP}}{left} joined"


def _row(week: Week, scale: _Scale, signs: Signs, *, is_last: bool) -> str:
    label = f"{'this week' if is_last else str(week.monday):<{_LABEL}}"
    net = f"{_signed(week.net):>{scale.net}}" if week.joined or week.gone else " " * scale.net
    bar = scale.bar(week.gone, scale.left, signs.left)[::-1]
    number = f"{week.gone:,} " if week.gone else ""
    before = " " * (_GAP + scale.left_number + scale.left - len(number) - len(bar))
    left = f"{before}{number}{_painted(bar, warning)}"
    joined = scale.bar(week.joined, scale.right, signs.right)
    right = f"{_painted(joined, good)} {week.joined:,}" if week.joined else ""
    return f"{label}{bad(net) if week.net < 0 else net}{left}{faint(signs.axis)}{right}"


def _painted(bar: str, paint: Callable[[str], str]) -> str:
    return paint(bar) if bar else ""


def _totals(weeks: Sequence[Week], known: Sequence[Week]) -> Iterator[str]:
    joined, left = sum(week.joined for week in weeks), sum(week.left for week in weeks)
    removed = sum(week.removed for week in weeks)
    net = joined - left - removed
    others = f", {removed:,} removed" if removed else ""
    counted = f"{joined:,} joined, {left:,} left{others}"
    yield f"{_weeks(len(weeks)).capitalize()}: {counted}; net {strong(_signed(net))}"
    if removed:
        yield faint("Who was removed or erased is drawn with those who left.")
    if len(known) < len(weeks):
        yield faint(f"Nothing is known of the weeks before {known[0].monday}.")


def _weeks(number: int) -> str:
    return "this week" if number == 1 else f"{number:,} weeks"


def _signed(number: int) -> str:
    return f"{number:+,}" if number else "0"
