"""`newsletter due`: one tick of the schedule, for cron, for a timer, or by hand."""

import asyncio
import json
import sys
from typing import Annotated

import typer

from newsletter.books import Standing, worst
from newsletter.cli.books import status_for
from newsletter.cli.console import bad, faint, note, say, say_data, strong, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.formats import AsFormat, Format
from newsletter.cli.listening import TerminalListener, lines, say_stopping
from newsletter.cli.opening import publication_here
from newsletter.daemon import stop_on_signals
from newsletter.errors import NewsletterError
from newsletter.publishing.publication import Publication
from newsletter.publishing.scheduling import accept_restored as accept
from newsletter.publishing.tick import Happening, Tick

_UNCHANGED = frozenset({"waiting", "busy", "paused"})
"""Nothing new: not said where nobody looks, for cron would send a mail a minute."""


def due(
    format_: AsFormat = Format.TEXT,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    accept_restored: Annotated[
        bool,
        typer.Option("--accept-restored", help="Accept this database, restored from a backup."),
    ] = False,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, for the log.", show_default=False)
    ] = "",
) -> None:
    """Send what is due, once, however often and wherever this runs; run it every minute."""
    if reason and not accept_restored:
        raise NewsletterError(
            "a reason goes with --accept-restored", where="--reason", next_step="leave it out"
        )
    publication = publication_here(quietly=True)
    if accept_restored:
        _accept(publication, reason)
        return
    raise typer.Exit(asyncio.run(_tick(publication, as_json=as_json or format_ is Format.JSON)))


async def _tick(publication: Publication, *, as_json: bool) -> ExitStatus:
    moment = publication.clock()
    found: list[Happening] = []

    def hear(happening: Happening) -> None:
        found.append(happening)
        if not as_json:
            _say(happening)

    with stop_on_signals(say_stopping) as stop, publication.open_database() as database:
        await Tick(
            publication=publication,
            database=database,
            hear=hear,
            listener=TerminalListener(lines(note, every=5.0)),
            stop=stop,
        ).go()
    status = status_for(worst(happening.standing for happening in found))
    if as_json:
        events = [{"event": each.event, "issue": each.issue, "text": each.text} for each in found]
        at = moment.isoformat(timespec="seconds")
        record = {"at": at, "exit_status": status, "events": events}
        say_data(json.dumps(record, ensure_ascii=False))
    return status


def line_of(happening: Happening) -> str:
    """Issue and text on one line, whatever a relay put into it."""
    return " ".join(f"{happening.issue} {happening.text}".split())


def _say(happening: Happening) -> None:
    line = line_of(happening)
    if happening.standing is Standing.NEEDS_PERSON:
        note(f"{warning(happening.event)}  {line}")
    elif happening.standing is Standing.UNABLE:
        note(f"{bad(happening.event)}  {line}")
    elif happening.event not in _UNCHANGED:
        say(f"{strong(happening.event)}  {line}")
    elif sys.stdout.isatty():
        say(f"{faint(happening.event)}  {line}")


def _accept(publication: Publication, reason: str) -> None:
    """The database stands as it is: from now on it is the one that is remembered."""
    said = " ".join(reason.split())
    if not said:
        raise NewsletterError(
            "this needs a reason", where="--accept-restored", next_step='add --reason "…"'
        )
    accepted = accept(publication, said)
    say(f"{accepted.database} is accepted from now on, by {publication.person}: {said}")
    for slot in accepted.missed:
        say(f"{slot.issue} no longer starts in its slot of {slot}: has it been sent since?")
    for run in accepted.paused:
        say(f"{run.issue} is unfinished here, so it is paused: whoever has it would get it twice.")
        say(f"  `newsletter cancel {run.issue}` if it was sent to the end,")
        say(f"  else `newsletter resume {run.issue}`.")
