"""`newsletter cancel`: ends a run for good, or takes an issue out of its slot before it began."""

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter import wiring
from newsletter.cli.console import confirm, say
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.publication import settings_here
from newsletter.cli.run_names import known_run, run_name
from newsletter.clock import now

if TYPE_CHECKING:
    from newsletter.settings import Settings
    from newsletter.store import Database


def cancel(
    issue: Annotated[str, typer.Argument(help="The issue's name or file.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """End the sending of an issue for good; messages under way are finished.

    An issue that has not begun is taken out of its slot.
    """
    settings = settings_here(with_environment=True)
    with wiring.open_database(settings) as database:
        if database.runs.find(run_name(issue)) is None and _is_scheduled(issue, database):
            _take_out(run_name(issue), settings, database, yes=yes)
        else:
            _end(issue, settings, database, yes=yes)


def _is_scheduled(issue: str, database: "Database") -> bool:
    from newsletter.books import SlotState

    slot = database.slots.find(run_name(issue))
    return slot is not None and slot.state is SlotState.SCHEDULED


def _take_out(issue: str, settings: "Settings", database: "Database", *, yes: bool) -> None:
    from newsletter.cli.unschedule import take_out

    slot = database.slots.find(issue)
    _ask(f"{issue} has not begun. Take it out of its slot, {slot}?", yes=yes)
    take_out(issue, "cancelled", settings, database)


def _end(issue: str, settings: "Settings", database: "Database", *, yes: bool) -> None:
    from newsletter.cli.delivering import remember
    from newsletter.reports import balance_lines

    run = known_run(database.runs, issue)
    left = database.runs.balance(run.id).unfinished
    _ask(f"End the run of {run.issue} for good? {left:,} are not sent to and never will", yes=yes)
    cancelled = database.runs.cancel(run.issue, wiring.person_name(), now())
    say(f"{run.issue} is cancelled by {cancelled.controlled_by}.")
    for holder in database.runs.holders(run.id, now()):
        say(f"{holder.owner} finishes what is under way and stops in a second or two.")
    remember(database, settings)
    for line in balance_lines(database.runs.balance(run.id)):
        say(line)


def _ask(question: str, *, yes: bool) -> None:
    if not confirm(question, yes=yes):
        say("Nothing has changed.")
        raise typer.Exit(ExitStatus.COULD_NOT_RUN)
