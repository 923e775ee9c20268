"""`newsletter due`: one tick of the schedule, for cron, for a timer, or by hand."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter import wiring
from newsletter.books import Deed
from newsletter.cli.console import bad, faint, note, say, strong, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.publication import settings_here
from newsletter.clock import now
from newsletter.errors import NewsletterError

if TYPE_CHECKING:
    from newsletter.cli.tick import Happening
    from newsletter.settings import Settings

_UNCHANGED = frozenset({"waiting", "busy", "paused"})
"""Nothing new: not said where nobody looks, for cron would send a mail a minute."""


def due(
    as_json: Annotated[
        bool, typer.Option("--json", help="Say what happened as one line of JSON.")
    ] = False,
    accept_restored: Annotated[
        bool,
        typer.Option("--accept-restored", help="Take this database, from a backup, for the true."),
    ] = False,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, for the log.", show_default=False)
    ] = "",
) -> None:
    """Send what is due, once, however often and wherever this is run; it is made for every minute.

    Exit status 0 nothing or all done, 1 something needs a person, 2 could not run, 75 some
    recipients are deferred: the next tick goes on.
    """
    settings = settings_here(with_environment=True)
    if accept_restored:
        _accept(settings, reason)
        return
    if reason:
        raise NewsletterError(
            "a reason is for --accept-restored", where="--reason", next_step="leave it out"
        )
    raise typer.Exit(_tick(settings, as_json=as_json))


def _tick(settings: "Settings", *, as_json: bool) -> ExitStatus:
    from newsletter.cli.progress import lines
    from newsletter.cli.tick import Tick, worst
    from newsletter.daemon import Stop

    moment = now()
    found: list[Happening] = []
    with Stop() as stop, wiring.open_database(settings) as database:
        tick = Tick(
            settings=settings,
            database=database,
            clock=now,
            owner=wiring.owner_name(moment),
            report=lines(note, every=5.0),
            asked=stop,
        )
        for happening in tick.go():
            found.append(happening)
            if not as_json:
                _say(happening)
    status = worst(found)
    if as_json:
        events = [{"event": each.event, "issue": each.issue, "text": each.text} for each in found]
        at = moment.isoformat(timespec="seconds")
        say(json.dumps({"at": at, "exit_status": status, "events": events}, ensure_ascii=False))
    return status


def _say(happening: "Happening") -> None:
    from newsletter.cli.tick import line_of

    line = line_of(happening)
    if happening.status is ExitStatus.FOUND:
        note(f"{warning(happening.event)}  {line}")
    elif happening.status is ExitStatus.COULD_NOT_RUN:
        note(f"{bad(happening.event)}  {line}")
    elif happening.event not in _UNCHANGED:
        say(f"{strong(happening.event)}  {line}")
    elif sys.stdout.isatty():
        say(f"{faint(happening.event)}  {line}")


def _accept(settings: "Settings", reason: str) -> None:
    """The database stands as it is: from now on it is the one that is remembered."""
    from newsletter.books import AuditAction

    said = " ".join(reason.split())
    if not said:
        raise NewsletterError(
            "this needs its reason", where="--accept-restored", next_step='add --reason "…"'
        )
    with wiring.open_database(settings) as database:
        by = wiring.person_name()
        database.audit.append(
            Deed(by=by, action=AuditAction.RESTORED, issue="", detail=said, at=now())
        )
        if fault := wiring.keep_witness(database.audit, settings.folder, anew=True):
            raise fault
        say(f"{database.name} is the true one from now on, by {by}: {said}")
