"""`newsletter unschedule`: take an issue out of its slot; nothing was sent, and nothing is lost."""

from typing import Annotated

import typer

from newsletter.cli.console import say
from newsletter.cli.opening import publication_here
from newsletter.publishing import scheduling
from newsletter.publishing.issues import issue_name


def unschedule(
    issue: Annotated[str, typer.Argument(help="The issue's name or file.", show_default=False)],
    reason: Annotated[
        str, typer.Option("--reason", help="Why, for the log.", show_default=False)
    ] = "",
) -> None:
    """Take an issue out of its slot; it may be scheduled again."""
    with publication_here().acting() as books:
        slot = scheduling.unschedule(issue_name(issue), reason, books)
        say(f"{slot.issue} is no longer scheduled; its slot was {slot}.")
