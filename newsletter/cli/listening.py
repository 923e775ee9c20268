"""A send heard on the terminal: a bar, or lines now and then, or JSON; and what people are told."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TextIO

from newsletter.books import Adjustment, Balance, Manner, Run
from newsletter.cli.console import leave_dead_terminal, note, warning
from newsletter.cli.progress_bar import progress_bar
from newsletter.cli.shown import shown
from newsletter.cli.wording import line_of, rate_words
from newsletter.errors import RelayFault
from newsletter.publishing.progress import Progress
from newsletter.publishing.terms import Listener
from newsletter.reports import counts_text

Report = Callable[[Progress], None]
"""Called a few times a second while messages go out."""


class TerminalListener(Listener):
    """Shows the progress by a report, and says the rest on standard error."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def progressed(self, progress: Progress) -> None:
        self._report(progress)

    def stopped(self, run: Run) -> None:
        at = f" at {run.controlled_at:%H:%M:%S} UTC" if run.controlled_at else ""
        note(warning(f"\n{run.state.value.capitalize()} by {run.controlled_by}{at}: stopping."))

    def waiting(self, until: datetime) -> None:
        note(f"Deferred recipients are tried again at {until:%H:%M:%S} UTC.")

    def adjusted(self, adjustment: Adjustment) -> None:
        note(warning(adjustment_line(adjustment)))

    def relay_away(self, fault: RelayFault, until: datetime) -> None:
        note(warning(line_of(fault)))
        note(f"The relay is tried again at {until:%H:%M:%S} UTC; Ctrl-C ends the waiting.")

    def relay_left(self, fault: RelayFault) -> None:
        note(warning(f"moving to the next relay: {line_of(fault)}"))


def adjustment_line(adjustment: Adjustment) -> str:
    """`No more than 2 sessions at once from now on: 421 4.3.2 Too many connections`."""
    line = _without_its_name(adjustment)
    return f"{adjustment.relay}: {line}" if adjustment.relay else line


def _without_its_name(adjustment: Adjustment) -> str:
    match adjustment.manner:
        case Manner.FEWER:
            count = adjustment.sessions
            sessions = "1 session" if count == 1 else f"{count} sessions"
            how = f"No more than {sessions} at once from now on"
        case Manner.WAITING:
            how = f"The relay takes nobody's mail now: tried again in {adjustment.seconds:g} s"
        case Manner.SLOWER:
            pace = f"no more than {rate_words(adjustment.rate)} for now, and faster step by step"
            how = f"The relay says that we are too fast: {pace}"
        case Manner.FULL_SPEED:
            return "The relay takes mail at full speed again."
        case Manner.WITHOUT:
            wait = f"it is left alone for {adjustment.seconds:g} s"
            how = f"The other relays carry its share, {wait}"
    return f"{how}: {adjustment.said}"


def say_stopping() -> None:
    """What the first Ctrl-C is answered with; a terminal that is gone gets no answer."""
    leave_dead_terminal()
    note(warning("\nStopping once the messages under way are finished. The same command resumes."))


@contextmanager
def listening(machine: TextIO | None) -> Iterator[Listener]:
    """A bar on a terminal, JSON for machines, and a line now and then for all others."""
    if machine:
        yield TerminalListener(json_lines(machine))
    elif sys.stderr.isatty():
        with progress_bar() as report:
            yield TerminalListener(report)
    else:
        yield TerminalListener(lines(note, every=5.0))


def lines(say: Callable[[str], None], *, every: float) -> Report:
    """A line now and then, where there is no terminal. `every` is in seconds."""
    said = 0.0

    def report(progress: Progress) -> None:
        nonlocal said
        if progress.elapsed - said >= every:
            said = progress.elapsed
            say(summary(progress))

    return report


def summary(progress: Progress) -> str:
    """`1,200 of 60,000, 340/s; 1,190 accepted, 10 deferred`."""
    counts = counts_text(progress.counts)
    start = f"{progress.done:,} of {progress.total:,}, {progress.rate():,.0f}/s"
    if held_to := progress.held_to():
        start += f" (held to {rate_words(held_to)})"
    return f"{start}; {counts}" if counts else start


def json_lines(out: TextIO) -> Report:
    """One JSON object a second."""
    said = -1.0

    def report(progress: Progress) -> None:
        nonlocal said
        if progress.elapsed - said >= 1.0:
            said = progress.elapsed
            write_json(out, progress_record(progress))

    return report


def progress_record(progress: Progress) -> Mapping[str, object]:
    left = progress.left()
    return {
        "event": "progress",
        "issue": progress.issue,
        "elapsed_seconds": round(progress.elapsed, 3),
        "done": progress.done,
        "total": progress.total,
        "per_second": round(progress.rate(), 1),
        "held_to": round(held_to, 2) if (held_to := progress.held_to()) else None,
        "left_seconds": None if left is None else round(left, 1),
        "counts": {state.value: count for state, count in progress.counts.items()},
    }


def end_record(run: Run, balance: Balance, *, status: int, error: str = "") -> Mapping[str, object]:
    return {
        "event": "end",
        "issue": run.issue,
        "state": run.state.value,
        "exit_status": status,
        "frozen": balance.frozen,
        "counts": {each.value: count for each, count in balance.counts.items()},
        "balanced": balance.balanced,
        "complete": balance.complete,
        "error": error,
    }


def write_json(out: TextIO, record: Mapping[str, object]) -> None:
    out.write(shown(json.dumps(record, ensure_ascii=False)) + "\n")
    out.flush()
