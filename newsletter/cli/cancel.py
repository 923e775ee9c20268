"""`newsletter cancel`: ends a run for good; whoever has not had it yet never gets it."""

from typing import Annotated

import typer

from newsletter import wiring
from newsletter.cli.console import confirm, say
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.publication import settings_here
from newsletter.cli.run_names import known_run
from newsletter.clock import now


def cancel(
    issue: Annotated[str, typer.Argument(help="The issue's name or file.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """End the sending of an issue for good; messages under way are finished."""
    from newsletter.delivery import balance_lines

    with wiring.open_database(settings_here(with_environment=True)) as database:
        journal = database.journal
        run = known_run(journal, issue)
        left = journal.balance(run.id).unfinished
        question = f"End the run of {run.issue} for good? {left:,} are not sent to and never will"
        if not confirm(question, yes=yes):
            say("Nothing has changed.")
            raise typer.Exit(ExitStatus.COULD_NOT_RUN)
        cancelled = journal.cancel(run.issue, wiring.person_name(), now())
        say(f"{run.issue} is cancelled by {cancelled.controlled_by}.")
        for holder in journal.holders(run.id, now()):
            say(f"{holder.owner} finishes what is under way and stops in a second or two.")
        for line in balance_lines(journal.balance(run.id)):
            say(line)
