"""The key warm_up, of [limits] and of a group of domains: a plan of ever larger days.

What a day's cap comes to, `books.WarmUp` says.
"""

from datetime import date, datetime
from typing import Any

from newsletter.books import WarmUp
from newsletter.settings.table import Table

_MOST_TIMES = 10
_TIMES_UNLESS_SET = 1.5
_FORM = "a table, { since = 2026-12-01, first_day = 500, times = 1.5 }"
_SINCE = "the day of the first mail, since = 2026-12-01, without quotes"
_TIMES = f"a number above 1, up to {_MOST_TIMES}, such as 1.5"


def warm_up(table: Table, key: str = "warm_up") -> WarmUp | None:
    """None where it is not there, or at fault."""
    if not table.has(key):
        return None
    if not table.is_table(key):
        table.parsed(key, _refused, _FORM)
        return None
    inner = table.inner(key)
    since = inner.required("since", _day, _SINCE)
    if not inner.has("first_day"):
        inner.fault("first_day", "so many messages on the first day, such as 500")
    first_day = inner.number("first_day", 0, least=1, most=10_000_000)
    times = inner.parsed("times", _times, _TIMES)
    inner.no_other()
    if since is None or not first_day:
        return None
    return WarmUp(since=since, first_day=first_day, times=times or _TIMES_UNLESS_SET)


def _refused(value: Any) -> None:
    raise TypeError(value)


def _day(value: Any) -> date:
    """TOML's own, or the same in quotes."""
    if isinstance(value, datetime):
        raise TypeError
    return value if isinstance(value, date) else date.fromisoformat(value)


def _times(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    if not 1 < value <= _MOST_TIMES:
        raise ValueError
    return float(value)
