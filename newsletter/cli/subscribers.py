"""`newsletter subscribers`: bring people onto the list."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.addresses import parse_addr_spec
from newsletter.cli.console import confirm, good, say
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.opening import publication_here
from newsletter.cli.plan_view import import_lines
from newsletter.subscribers import read_subscriber_file

app = typer.Typer(
    help="The list: import, count or suppress subscribers.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A CSV file with an email column.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Import a CSV file: the counts are shown first, and nobody who left is brought back.

    Exit status 1 if rows were bad; the good ones are still imported.
    """
    publication = publication_here()
    lenient = publication.settings.limits.lenient_addresses
    file = read_subscriber_file(path, lenient=lenient)
    with publication.acting() as books:
        plan = books.database.subscribers.plan_import(file)
        for line in import_lines(plan, str(path)):
            say(line)
        if not plan.changes_something:
            say("There is nothing to import.")
        elif confirm("Import them?", yes=yes):
            count = books.database.subscribers.apply(plan, books.now())
            say(good(f"{count:,} written."))
        else:
            say("Nothing was imported.")
    raise typer.Exit(ExitStatus.FOUND if plan.faults else ExitStatus.DONE)


@app.command("count")
def count() -> None:
    """Say how many people are on the list, by state."""
    with publication_here().reading() as books:
        for state, number in books.database.subscribers.count().items():
            say(f"{number:>8,}  {state.value}")


@app.command("suppress")
def suppress(
    address: Annotated[
        str, typer.Argument(help="The address never to mail again.", show_default=False)
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why, for the books.")] = "by hand",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Put an address on the suppression list; no import and no send gets past it."""
    publication = publication_here()
    spec = parse_addr_spec(address, lenient=publication.settings.limits.lenient_addresses)
    if not confirm(f"Never mail {spec} again?", yes=yes):
        say("Nothing has changed.")
        raise typer.Exit(ExitStatus.COULD_NOT_RUN)
    with publication.acting() as books:
        is_new = books.database.subscribers.suppress(spec.key, reason, books.now())
    say(f"{spec} {'is now suppressed' if is_new else 'was already suppressed'}.")
