"""What the commands about people have in common: their options, and how they ask and end."""

from typing import Annotated

import typer

from newsletter.cli.console import confirm, say
from newsletter.cli.exit_status import ExitStatus

Address = Annotated[str, typer.Argument(help="The person's address.", show_default=False)]
Key = Annotated[
    str,
    typer.Argument(
        metavar="ADDRESS", help="The address, or the SHA-256 of one.", show_default=False
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept.", show_default=False)]


def ask_or_stop(question: str, *, yes: bool) -> None:
    """Goes on only where somebody says yes."""
    if not confirm(question, yes=yes):
        say("Nothing has changed.")
        raise typer.Exit(ExitStatus.COULD_NOT_RUN)
