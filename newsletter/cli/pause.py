"""`newsletter pause`: a running send stops in a second or two, and none begins until resumed."""

from typing import Annotated

import typer

from newsletter import wiring
from newsletter.cli.console import say
from newsletter.cli.publication import settings_here
from newsletter.cli.run_names import run_name
from newsletter.clock import now


def pause(
    issue: Annotated[str, typer.Argument(help="The issue's name or file.", show_default=False)],
) -> None:
    """Stop sending an issue until it is resumed; messages under way are finished."""
    with wiring.open_database(settings_here(with_environment=True)) as database:
        run = database.runs.pause(run_name(issue), wiring.person_name(), now())
        say(f"{run.issue} is paused by {run.controlled_by}.")
        for holder in database.runs.holders(run.id, now()):
            say(f"{holder.owner} finishes what is under way and stops in a second or two.")
        say(f"To go on: `newsletter resume {run.issue}`, then `newsletter send` again.")
