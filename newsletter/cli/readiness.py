"""What becomes of a command whose issue is not ready: its errors are said, and it ends."""

import typer

from newsletter.cli.console import bad, say, say_block
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.findings import told
from newsletter.publishing.ready import Ready, Unready


def ready_or_exit(made: Ready | Unready) -> Ready:
    """The issue, ready; one that cannot even be rendered ends the command with its errors."""
    if isinstance(made, Ready):
        return made
    say_block(told(made.diagnostics))
    say(bad("Nothing was sent: the check has errors."))
    raise typer.Exit(ExitStatus.FOUND)
