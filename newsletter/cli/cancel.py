"""`newsletter cancel`: ends a run for good, or takes an issue out of its slot before it began."""

import asyncio
from typing import Annotated

import typer

from newsletter.cli.acting import acting_on
from newsletter.cli.console import confirm, note, say, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.formats import AsFormat, Format
from newsletter.cli.issue_files import ISSUE
from newsletter.publishing import controlling, scheduling
from newsletter.publishing.aftermath import tell_end
from newsletter.publishing.issues import issue_name
from newsletter.publishing.publication import Books
from newsletter.reports import balance_lines


def cancel(
    issue: Annotated[str, ISSUE],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    format_: AsFormat = Format.TEXT,
) -> None:
    """End the sending of an issue for good; messages under way are finished.

    An issue that has not begun is taken out of its slot.
    """
    name = issue_name(issue)
    with acting_on(issue, format_) as books:
        if controlling.is_only_scheduled(name, books):
            _take_out(name, books, yes=yes)
        else:
            _end(name, books, yes=yes)


def _take_out(issue: str, books: Books, *, yes: bool) -> None:
    slot = books.database.slots.find(issue)
    _ask(f"{issue} has not begun. Take it out of its slot, {slot}?", yes=yes)
    slot = scheduling.unschedule(issue, "", books)
    say(f"{slot.issue} is no longer scheduled; its slot was {slot}.")


def _end(issue: str, books: Books, *, yes: bool) -> None:
    run = books.run_of(issue)
    left = books.database.runs.balance(run.id).unfinished
    _ask(
        f"End the run of {run.issue} for good? {left:,} have not been sent it, and never will be.",
        yes=yes,
    )
    ended = controlling.cancel(run.issue, books)
    say(f"{run.issue} was cancelled by {ended.run.controlled_by}.")
    for holder in ended.holders:
        say(f"{holder.owner} will finish what is under way and stop within a second or two.")
    for line in balance_lines(ended.balance):
        say(line)
    if not ended.holders:  # else whoever is sending it tells the team when it has stopped
        for fault in asyncio.run(tell_end(ended.run, books)):
            note(warning(fault))


def _ask(question: str, *, yes: bool) -> None:
    if not confirm(question, yes=yes):
        say("Nothing has changed.")
        raise typer.Exit(ExitStatus.COULD_NOT_RUN)
