"""`newsletter status`: the books of every run, or of one, and who does not have the issue."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter import wiring
from newsletter.cli.console import faint, good, say, strong, warning
from newsletter.cli.publication import settings_here
from newsletter.errors import StoreError


def status(
    issue: Annotated[
        str | None, typer.Argument(help="The issue's name or file.", show_default=False)
    ] = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Name everyone who does not have it, and why.")
    ] = False,
) -> None:
    """Say who has an issue and who does not, in numbers that balance."""
    from newsletter.cli.books import failure_line, status_of
    from newsletter.delivery import balance_lines, verdict

    with wiring.open_database(settings_here(with_environment=True)) as database:
        journal = database.journal
        if issue is None:
            runs = journal.runs()
            if not runs:
                say("No issue has been sent yet.")
            for run in runs:
                balance = journal.balance(run.id)
                word = (good if balance.complete else warning)(run.state.value)
                say(f"{strong(run.issue)}  {word}  {run.started_at:%Y-%m-%d %H:%M} UTC")
                say(f"  {verdict(balance)}")
            return
        name = Path(issue).stem if issue.endswith((".md", ".txt")) else issue
        found = journal.find_run(name)
        if found is None:
            raise StoreError(
                "this issue has never been sent", where=name, next_step="`newsletter status`"
            )
        balance = journal.balance(found.id)
        say(f"{strong(found.issue)}  {found.subject}  {faint(f'digest {found.digest[:12]}')}")
        for line in balance_lines(balance):
            say(line)
        for reason, count in journal.suppressed(found.id).items():
            say(faint(f"  {count:,} suppressed: {reason}"))
        if failed:
            for failure in journal.failures(name):
                say(failure_line(failure))
        raise typer.Exit(status_of(balance))
