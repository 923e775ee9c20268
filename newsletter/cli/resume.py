"""`newsletter resume`: lifts a pause; the sending itself is `newsletter send`'s."""

from typing import Annotated

import typer

from newsletter import wiring
from newsletter.cli.console import say
from newsletter.cli.publication import settings_here
from newsletter.cli.run_names import run_name
from newsletter.clock import now


def resume(
    issue: Annotated[str, typer.Argument(help="The issue's name or file.", show_default=False)],
) -> None:
    """Lift a pause, so that the issue may be sent on."""
    with wiring.open_database(settings_here(with_environment=True)) as database:
        run = database.runs.resume(run_name(issue), wiring.person_name(), now())
        left = database.runs.balance(run.id).unfinished
        say(f"{run.issue} is no longer paused: {left:,} to be sent by the same `newsletter send`.")
