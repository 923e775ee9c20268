"""How far a send has come: counts, rate and time left, for a bar, for lines, and for machines.

Rates are of the last seconds, not of the whole run, because a relay slows down. A monotonic clock
is asked, so that no change of the wall clock shows.
"""

import json
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

from newsletter.books import Balance, DeliveryState
from newsletter.reports import counts_text

WINDOW = 10.0
"""Seconds over which the rate is taken."""

Report = Callable[["Progress"], None]
"""Called a few times a second while messages go out."""


@dataclass
class Progress:
    """`total` is how many deliveries were unfinished when the command began."""

    issue: str
    total: int
    seconds: Callable[[], float] = time.monotonic
    counts: Counter[DeliveryState] = field(default_factory=Counter)
    _began: float = field(init=False)
    _past: deque[tuple[float, int]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._began = self.seconds()
        self._past.append((self._began, 0))

    def heard(self, state: DeliveryState) -> None:
        self.counts[state] += 1

    @property
    def done(self) -> int:
        return self.counts.total()

    @property
    def elapsed(self) -> float:
        return self.seconds() - self._began

    def rate(self) -> float:
        """Deliveries settled a second, of late."""
        now, done = self.seconds(), self.done
        while len(self._past) > 1 and self._past[1][0] <= now - WINDOW:
            self._past.popleft()
        then, before = self._past[0]
        if now - self._past[-1][0] >= WINDOW / 20:
            self._past.append((now, done))
        return (done - before) / (now - then) if now > then else 0.0

    def left(self) -> float | None:
        """Seconds until the end at this rate; None where nothing moves."""
        rate = self.rate()
        return max(self.total - self.done, 0) / rate if rate else None


def summary(progress: Progress) -> str:
    """`1,200 of 60,000, 340/s; 1,190 accepted, 10 deferred`."""
    counts = counts_text(progress.counts)
    start = f"{progress.done:,} of {progress.total:,}, {progress.rate():,.0f}/s"
    return f"{start}; {counts}" if counts else start


def lines(say: Callable[[str], None], *, every: float) -> Report:
    """A line now and then, where there is no terminal. `every` is in seconds."""
    said = 0.0

    def report(progress: Progress) -> None:
        nonlocal said
        if progress.elapsed - said >= every:
            said = progress.elapsed
            say(summary(progress))

    return report


def json_lines(out: TextIO) -> Report:
    """One JSON object a second."""
    said = -1.0

    def report(progress: Progress) -> None:
        nonlocal said
        if progress.elapsed - said >= 1.0:
            said = progress.elapsed
            write_json(out, progress_record(progress))

    return report


def progress_record(progress: Progress) -> dict[str, object]:
    left = progress.left()
    return {
        "event": "progress",
        "issue": progress.issue,
        "elapsed_seconds": round(progress.elapsed, 3),
        "done": progress.done,
        "total": progress.total,
        "per_second": round(progress.rate(), 1),
        "left_seconds": None if left is None else round(left, 1),
        "counts": {state.value: count for state, count in progress.counts.items()},
    }


def end_record(
    issue: str, state: str, balance: Balance, *, status: int, error: str = ""
) -> dict[str, object]:
    return {
        "event": "end",
        "issue": issue,
        "state": state,
        "exit_status": status,
        "frozen": balance.frozen,
        "counts": {each.value: count for each, count in balance.counts.items()},
        "balanced": balance.balanced,
        "complete": balance.complete,
        "error": error,
    }


def write_json(out: TextIO, record: dict[str, object]) -> None:
    out.write(json.dumps(record, ensure_ascii=False) + "\n")
    out.flush()
