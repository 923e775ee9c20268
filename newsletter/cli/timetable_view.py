"""A time table as lines of text: who is done when, and how many go out on each day."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from newsletter.cli.columns import set_out
from newsletter.cli.console import faint, strong, warning
from newsletter.rates import rate_words
from newsletter.schedule import Crowd, Line, Pace, Timetable

_MOST_DAYS = 7
"""With a line each; of more, the first and the last ones."""

_GAP = 2
"""Between two columns, as `set_out` has them."""

_OTHERS = "all others"
_EVERYBODY = "everybody"


def timetable_lines(found: Timetable) -> Iterator[str]:
    """Nothing where a rate alone says it as well."""
    if not _is_telling(found):
        return
    head, *rows = map(_with_figures, set_out([_HEAD, *_rows(found)], None))
    yield faint("".join(head).rstrip())
    for cells in rows:
        yield "".join([strong(cells[0]), *cells[1:]]).rstrip()
    days = list(found.days.items())
    if len(days) > 1 or found.end is None:
        yield ""
        yield from _days(found)
    yield from _notes(found)


def done_words(found: Timetable) -> str:
    """`done on Tue 2026-12-01 09:20`; "" where a rate alone says it as well."""
    if not _is_telling(found):
        return ""
    if found.end is None:
        return "not everybody is sent to within a year"
    is_timed = all(line.crowd.rate or line.pace.rate for line in found.lines)
    end = _local(found.end, found.pace.zone)
    return f"done on {_moment(found.end, found.pace.zone) if is_timed else _day(end)}"


_HEAD = ("who", "people", "begins", "done", "at most")


def _is_telling(found: Timetable) -> bool:
    pace = found.pace
    crowds = [line.crowd for line in found.lines]
    return bool(crowds) and bool(
        pace.window or pace.warm_up or pace.rolling or any(each.group for each in crowds)
    )


def _with_figures(cells: list[str]) -> list[str]:
    """Figures stand below each other by their last one."""
    name, figure, *rest = cells
    return [name, f"{figure.strip().rjust(len(figure) - _GAP)}{' ' * _GAP}", *rest]


def _rows(found: Timetable) -> Iterator[Sequence[str]]:
    for line in found.lines:
        crowd = line.crowd
        yield (
            _name(crowd, found),
            f"{crowd.people:,}",
            *_moments(line, line.pace),
            _held_to(crowd, line.pace),
        )


def _name(crowd: Crowd, found: Timetable) -> str:
    return crowd.group or (_OTHERS if len(found.lines) > 1 else _EVERYBODY)


def _held_to(crowd: Crowd, pace: Pace) -> str:
    """`20/s, warm-up`."""
    if crowd.is_paused:
        return "paused: nothing"
    rates = [rate for rate in (crowd.rate, pace.rate) if rate]
    found = []
    if rates:
        measured = " as measured" if pace.is_measured and min(rates) != crowd.rate else ""
        found.append(f"{rate_words(min(rates))}{measured}")
    if crowd.warm_up or pace.warm_up:
        found.append("warm-up")
    found += [room.words for room in pace.rolling]
    words = ", ".join(found) or "what the relay takes"
    return f"{words}, over {crowd.relay}" if crowd.relay else words


def _moments(line: Line, pace: Pace) -> tuple[str, str]:
    if line.crowd.is_paused:
        return "-", "-"
    start = _short(line.start, pace.zone) if line.start else "-"
    if line.end is None:
        return start, "not in a year"
    is_timed = line.crowd.rate or pace.rate
    end = _short(line.end, pace.zone)
    return start, end if is_timed else end.partition(" ")[0]


def _days(found: Timetable) -> Iterator[str]:
    days = list(found.days.items())
    width = max(len(f"{count:,}") for _, count in days) if days else 0
    shown = days if len(days) <= _MOST_DAYS else [*days[: _MOST_DAYS - 2], *days[-1:]]
    for day, count in shown:
        if len(days) > len(shown) and day == days[-1][0]:
            yield faint(f"… {len(days) - len(shown):,} more days")
        shares = _shares(found, day)
        number = f"{count:,}".rjust(width)
        yield f"{_day(day)}  {number}" + (f"  {faint(shares)}" if shares else "")


def _shares(found: Timetable, day: date) -> str:
    """Empty where there is nothing to tell apart."""
    parts = [(_name(line.crowd, found), line.shares.get(day, 0)) for line in found.lines]
    if len(parts) == 1:
        return ""
    return ", ".join(f"{name} {count:,}" for name, count in parts if count)


def _notes(found: Timetable) -> Iterator[str]:
    pace = found.pace
    if pace.window is not None:
        yield faint(f"Messages go out {pace.window}. Times are those of {pace.zone.key}.")
    else:
        yield faint(f"Times are those of {pace.zone.key}.")
    if found.warm_until is not None:
        yield faint(f"From {_day(found.warm_until)} on the warm-up holds nobody back.")
    if found.end is None and any(not line.crowd.is_paused for line in found.lines):
        yield warning("Not everybody is sent to within a year.")


def _local(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _short(moment: datetime, zone: ZoneInfo) -> str:
    """`2026-11-27 07:00`."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    """`Fri 2026-11-27 07:00`."""
    return f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M}"


def _day(day: date) -> str:
    return f"{day:%a %Y-%m-%d}"
