"""A run beside the last ones of its kind: who got it, who left after it, and how long it took.

From the books alone. Beside it stand complete runs to the same segment; a correction has none, for
its readers are those of one issue. Who left is counted over the same time after each of them, so
that an issue of this morning can be held against those of last month.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from newsletter.books import DeliveryState, Run, RunState
from newsletter.reports.returned import LEAVING, left_within
from newsletter.store import Database

LAST = 8
"""Issues that are compared with, at the most."""

_DAY = timedelta(days=1)
_TOO_SHORT = timedelta(hours=1)
"""Nobody has had the time to read it, and to leave."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """One run in numbers. `recipients` are those it was to be sent to, nobody suppressed.

    `left` is None where it is too early to tell; `took` is from its first moment to its last.
    """

    issue: str
    recipients: int
    accepted: int
    refused: int
    in_doubt: int
    left: int | None
    took: timedelta

    @property
    def accepted_share(self) -> float:
        return _share(self.accepted, self.recipients)

    @property
    def refused_share(self) -> float:
        return _share(self.refused, self.recipients)

    @property
    def left_share(self) -> float | None:
        return None if self.left is None else _share(self.left, self.accepted)

    @property
    def rate(self) -> float | None:
        """Accepted a second; None where it was too quick to have a rate."""
        seconds = self.took.total_seconds()
        return self.accepted / seconds if seconds >= 1 else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """`this` run beside those `before`, the oldest first; who left did so within `window`."""

    this: Figures
    before: Sequence[Figures]
    window: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Against:
    """One number of this run against the same of the last ones."""

    this: float
    median: float
    least: float
    most: float


def against(comparison: Comparison, of: Callable[[Figures], float | None]) -> Against | None:
    """None where this run has no such number, or none of the others has."""
    this = of(comparison.this)
    before = [number for each in comparison.before if (number := of(each)) is not None]
    if this is None or not before:
        return None
    return Against(this=this, median=median(before), least=min(before), most=max(before))


def compare(database: Database, run: Run, now: datetime) -> Comparison | None:
    """None for a run that is not complete, for a correction, and where nothing came before it."""
    if run.state is not RunState.COMPLETE or run.corrects is not None:
        return None
    issues = [each for each in database.runs.all() if each.corrects is None]
    before = [each for each in issues if _is_before(each, run)][-LAST:]
    if not before:
        return None
    window = _window(run, issues, now)
    return Comparison(
        this=_figures(run, window, database),
        before=[
            _figures(each, min(window, _window(each, issues, now)), database) for each in before
        ],
        window=window,
    )


def _is_before(other: Run, run: Run) -> bool:
    is_earlier = (other.started_at, other.id) < (run.started_at, run.id)
    return is_earlier and other.state is RunState.COMPLETE and other.segment == run.segment


def _window(run: Run, issues: Sequence[Run], now: datetime) -> timedelta:
    """For how long those who left are counted after a run: until the next issue, or a week.

    In whole days, or on the first two in whole hours.
    """
    later = [each.started_at for each in issues if each.started_at > run.started_at]
    window = min(min([now, *later]) - run.started_at, LEAVING)
    step = _DAY if window >= 2 * _DAY else _TOO_SHORT
    return window // step * step


def _figures(run: Run, window: timedelta, database: Database) -> Figures:
    balance = database.runs.balance(run.id)
    return Figures(
        issue=run.issue,
        recipients=balance.frozen - balance[DeliveryState.SUPPRESSED],
        accepted=balance[DeliveryState.ACCEPTED],
        refused=balance[DeliveryState.REFUSED],
        in_doubt=balance[DeliveryState.IN_DOUBT],
        left=None if window < _TOO_SHORT else left_within(run, window, database),
        took=(run.finished_at or run.started_at) - run.started_at,
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
