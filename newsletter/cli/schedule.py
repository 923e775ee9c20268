"""`newsletter schedule`: put an issue in a slot, or install what starts slots by itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter import wiring
from newsletter.check import FORMATS
from newsletter.cli.console import bad, faint, good, say, say_block, strong, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.publication import settings_here
from newsletter.clock import now
from newsletter.errors import NewsletterError, StoreError

if TYPE_CHECKING:
    from datetime import date, time

    from newsletter.books import SlotRow
    from newsletter.cli.ready import Ready
    from newsletter.issue import Issue
    from newsletter.settings import Settings
    from newsletter.store import Database

_INSTALL = Path("install")


def schedule(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="ISSUE",
            help="The issue's file; or `install`, for what starts slots by itself.",
            show_default=False,
        ),
    ],
    at: Annotated[
        str | None,
        typer.Option(
            metavar='"2026-11-27 07:00"',
            help="Another moment than the rule's next, by the clocks of [schedule] timezone.",
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Who says so, for the log.", show_default=False),
    ] = None,
    systemd: Annotated[
        bool, typer.Option("--systemd", help="install: a service that runs `newsletter run`.")
    ] = False,
    timer: Annotated[
        bool, typer.Option("--timer", help="install: a timer that runs `newsletter due`.")
    ] = False,
    cron: Annotated[
        bool, typer.Option("--cron", help="install: a line for cron that runs `newsletter due`.")
    ] = False,
    user: Annotated[str, typer.Option(help="install: whom it runs as.")] = "newsletter",
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="install: write it there, not here.", show_default=False
        ),
    ] = None,
) -> None:
    """Put an issue in the next free slot of the rule, or in that of --at; `due` or `run` sends it.

    Exit status 0 it is scheduled, 1 the check has errors, 2 could not run.
    """
    if path == _INSTALL:
        from newsletter.cli.install import install

        install(systemd=systemd, timer=timer, cron=cron, user=user, to=to)
        return
    if systemd or timer or cron or to:
        raise NewsletterError(
            "this is for `newsletter schedule install`",
            where="--systemd, --timer, --cron, --to",
            next_step="leave it out, or say `install` in place of the issue",
        )
    settings = settings_here(with_environment=True)
    with wiring.open_database(settings) as database:
        wiring.check_not_restored(database, settings)
        raise typer.Exit(_schedule(path, at, by, settings, database))


def _schedule(
    path: Path, at: str | None, by: str | None, settings: "Settings", database: "Database"
) -> ExitStatus:
    from newsletter.books import NewSlot
    from newsletter.cli.approvals import person_said
    from newsletter.cli.delivering import remember
    from newsletter.cli.moments import check_ahead
    from newsletter.cli.ready import make_ready
    from newsletter.schedule import instant

    issue = wiring.read_issue(path, settings.house)
    _check_free_to_schedule(issue, database)
    day, clock_time = _moment_wanted(issue, at, settings, database)
    zone = settings.schedule.zone
    shown = f"{day} {clock_time:%H:%M} {zone}"
    check_ahead(instant(day, clock_time, zone), shown, now())
    ready = make_ready(wiring.dated(issue, day), settings)
    if ready.has_errors:
        say_block(FORMATS["text"](ready.diagnostics))
        say(bad("It is not scheduled: the check has errors."))
        return ExitStatus.FOUND
    wanted = NewSlot(
        issue=issue.name,
        path=wiring.publication_path(path, settings.folder),
        local_date=day,
        local_time=clock_time,
        zone=str(zone),
        digest=ready.digest,
    )
    person = person_said(by) if by is not None else wiring.person_name()
    slot = database.slots.schedule(wanted, person, now())
    remember(database, settings)
    _say_slot(slot, ready, database)
    return ExitStatus.DONE


def _check_free_to_schedule(issue: "Issue", database: "Database") -> None:
    """Said before anything is worked out; the book itself holds to it too."""
    from newsletter.books import SlotState

    slot = database.slots.find(issue.name)
    if slot is not None and slot.state is SlotState.SCHEDULED:
        raise StoreError(
            f"it is scheduled for {slot} already",
            where=issue.name,
            next_step=f"`newsletter unschedule {issue.name}` first",
        )
    if database.runs.find(issue.name) is not None:
        raise StoreError(
            "it was sent, and an issue is sent once",
            where=issue.name,
            next_step=f"see `newsletter status {issue.name}`",
        )


def _moment_wanted(
    issue: "Issue", at: str | None, settings: "Settings", database: "Database"
) -> "tuple[date, time]":
    """Raises NewsletterError where the issue is dated another day than its slot."""
    from newsletter.books import SlotState
    from newsletter.cli.moments import wall_time_said

    if at is not None:
        day, clock_time = wall_time_said(at)
    else:
        taken = database.slots.in_states(SlotState.SCHEDULED, SlotState.STARTED, SlotState.DONE)
        day, clock_time = wiring.next_free(settings.schedule, taken, now(), issue.date)
    if issue.date is not None and issue.date != day:
        what = "the slot" if at is not None else "the next free slot"
        raise NewsletterError(
            f"the issue is dated {issue.date:%A} {issue.date}, and {what} is {day:%A} {day}",
            where=issue.path,
            next_step=f"write `date: {day}` into the issue, or name its own day with --at",
        )
    return day, clock_time


def _say_slot(slot: "SlotRow", ready: "Ready", database: "Database") -> None:
    from newsletter.books import in_time
    from newsletter.cli.approvals import approval_lines, verdict_on
    from newsletter.schedule import clock_change_note, slot_instant, slot_words

    when = in_time(slot_instant(slot), now())
    say(f"{strong(slot.issue)} goes out at {good(slot_words(slot))}, {when}.")
    say(faint(f"  {ready.rendered.subject}  digest {ready.digest[:12]}"))
    zone = ready.settings.schedule.zone
    if changed := clock_change_note(slot.local_date, slot.local_time, zone):
        say(warning(changed))
    if not verdict_on(ready, database).is_given:
        for line in approval_lines(ready, database):
            say(line)
        say(
            warning("It is not sent unless it is approved by then:")
            + f" newsletter approve {slot.path} --by NAME"
        )
    if not database.heartbeats.known():
        say(faint("Is anything there to start it? `newsletter run`, or `newsletter due` by cron."))
