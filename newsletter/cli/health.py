"""`newsletter health`: whether the publication is well, as a line a check and an exit status."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Annotated

import typer

from newsletter.books import in_words
from newsletter.cli.console import bad, cool, good, say, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.formats import AsFormat, Format, Record, moment, say_record
from newsletter.cli.opening import publication_here
from newsletter.cli.wording import command_for, line_of
from newsletter.clock import now
from newsletter.errors import NewsletterError
from newsletter.publishing.agenda import Fact
from newsletter.publishing.health import Bounds, Check, Health, Probe, Verdict, health_within

_USUAL = Bounds()
_PATIENCE = 20.0
"""Seconds, in which whoever watches wants an answer: a database that is locked has none."""

_STATUSES: Mapping[Verdict, ExitStatus] = {
    Verdict.WELL: ExitStatus.DONE,
    Verdict.DEGRADED: ExitStatus.FOUND,
    Verdict.UNKNOWN: ExitStatus.COULD_NOT_RUN,
}
_PAINT: Mapping[Verdict, Callable[[str], str]] = {
    Verdict.WELL: good,
    Verdict.DEGRADED: warning,
    Verdict.UNKNOWN: bad,
}


def health(
    oldest: Annotated[
        int,
        typer.Option("--oldest", min=0, help="Minutes that a planned delivery may wait in a run."),
    ] = int(_USUAL.oldest.total_seconds()) // 60,
    letters: Annotated[
        int, typer.Option("--letters", min=0, help="Minutes that a letter may be overdue.")
    ] = int(_USUAL.letters.total_seconds()) // 60,
    doubts: Annotated[
        int, typer.Option("--doubts", min=0, help="People in doubt that are still well.")
    ] = _USUAL.doubts,
    faults: Annotated[
        int, typer.Option("--faults", min=0, help="Faults in a row of a run that are still well.")
    ] = _USUAL.faults,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Workers that must be alive, at the least.")
    ] = _USUAL.workers,
    timer: Annotated[
        bool, typer.Option("--timer", help="A timer or cron keeps the schedule, and no daemon.")
    ] = False,
    format_: AsFormat = Format.TEXT,
) -> None:
    """Say whether the publication is well, for monitoring.

    A line a check: database, daemon, workers, slots, runs, queue, doubts, faults, letters. Nothing
    is changed, and no address is named. The exit status tells the worst of them.
    """
    bounds = Bounds(
        oldest=timedelta(minutes=oldest),
        letters=timedelta(minutes=letters),
        doubts=doubts,
        faults=faults,
        workers=workers,
        needs_daemon=not timer,
    )
    found = _health(bounds)
    if format_ is Format.JSON:
        say_record(_record(found))
    else:
        for check in found.checks:
            say(_line(check))
    raise typer.Exit(_STATUSES[found.verdict])


def _health(bounds: Bounds) -> Health:
    """Settings at fault are an answer too: then nothing can be said."""
    try:
        return health_within(publication_here(quietly=True), bounds, _PATIENCE)
    except NewsletterError as error:
        facts = {"fault": "; ".join([line_of(error), *error.faults])}
        check = Check(probe=Probe.SETTINGS, verdict=Verdict.UNKNOWN, facts=facts)
        return Health(name="", at=now(), checks=[check])


def _record(found: Health) -> Record:
    return {
        "publication": found.name,
        "at": moment(found.at),
        "verdict": found.verdict.value,
        "exit_status": int(_STATUSES[found.verdict]),
        "checks": [_check_record(check) for check in found.checks],
    }


def _check_record(check: Check) -> Record:
    return {
        "check": check.probe.value,
        "verdict": check.verdict.value,
        "text": sentence(check),
        "facts": dict(check.facts),
        "command": command_for(check.remedy) if check.remedy else None,
    }


def _line(check: Check) -> str:
    verdict = _PAINT[check.verdict](f"{check.verdict.value:<9}")
    command = f"  {cool(command_for(check.remedy))}" if check.remedy else ""
    return f"{verdict} {check.probe.value:<9} {sentence(check)}{command}"


def sentence(check: Check) -> str:
    """What is to be said of a check, on one line."""
    return " ".join(_WORDS[check.probe](check.facts).split())


Facts = Mapping[str, Fact]


def _processes(facts: Facts) -> str:
    wanted, silent = _number(facts, "wanted"), _texts(facts, "silent")
    words = f"{_number(facts, 'alive'):,} alive"
    if wanted:
        words += f", at least {wanted:,} wanted"
    return f"{words}; dead or hanging: {', '.join(silent)}" if silent else words


def _named(facts: Facts, *names: str, well: str) -> str:
    """`paused: 2026-11-27; interrupted: 2026-12-04`."""
    parts = [f"{name}: {', '.join(_texts(facts, name))}" for name in names if _texts(facts, name)]
    return "; ".join(parts) or well


def _queue(facts: Facts) -> str:
    planned, paused = _number(facts, "planned"), _texts(facts, "paused_groups")
    groups = f"; paused in newsletter.toml: {', '.join(paused)}" if paused else ""
    if not planned:
        return f"nobody waits to be sent to{groups}"
    age = _span(facts, "oldest_seconds")
    return f"{planned:,} planned, the oldest for {age} ({facts['issue']}){groups}"


def _doubts(facts: Facts) -> str:
    issues = ", ".join(_texts(facts, "issues"))
    return f"{_number(facts, 'people'):,} in doubt ({issues})" if issues else "nobody is in doubt"


def _faults(facts: Facts) -> str:
    issues, most = ", ".join(_texts(facts, "issues")), _number(facts, "most_in_a_row")
    return f"{issues}: {most:,} faults in a row" if issues else f"{most:,} in a row at the most"


def _letters(facts: Facts) -> str:
    due = _number(facts, "due")
    return f"{due:,} due, the oldest for {_span(facts, 'oldest_seconds')}" if due else "none is due"


def _number(facts: Facts, name: str) -> int:
    found = facts[name]
    assert isinstance(found, int), name
    return found


def _span(facts: Facts, name: str) -> str:
    return in_words(timedelta(seconds=_number(facts, name)))


def _texts(facts: Facts, name: str) -> Sequence[str]:
    found = facts[name]
    assert isinstance(found, list), name
    return found


_RUNS = ("paused", "interrupted", "unbalanced")
_WORDS: Mapping[Probe, Callable[[Facts], str]] = {
    Probe.SETTINGS: lambda facts: str(facts["fault"]),
    Probe.DATABASE: lambda facts: str(facts["fault"] or facts["name"]),
    Probe.RESTORED: lambda facts: (
        "it is older than what this machine has seen of it: nothing is sent"
        if facts["is_older"]
        else "it is as new as this machine knows it"
    ),
    Probe.DAEMON: _processes,
    Probe.WORKERS: _processes,
    Probe.SLOTS: lambda facts: _named(facts, "overdue", "missed", well="none is overdue or missed"),
    Probe.RUNS: lambda facts: _named(facts, *_RUNS, well=f"{facts['open']} not over"),
    Probe.QUEUE: _queue,
    Probe.DOUBTS: _doubts,
    Probe.FAULTS: _faults,
    Probe.LETTERS: _letters,
}
