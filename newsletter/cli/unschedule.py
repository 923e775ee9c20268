"""`newsletter unschedule`: take an issue out of its slot; nothing was sent, and nothing is lost."""

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter import wiring
from newsletter.cli.console import say
from newsletter.cli.publication import settings_here
from newsletter.cli.run_names import run_name
from newsletter.clock import now

if TYPE_CHECKING:
    from newsletter.settings import Settings
    from newsletter.store import Database


def unschedule(
    issue: Annotated[str, typer.Argument(help="The issue's name or file.", show_default=False)],
    reason: Annotated[
        str, typer.Option("--reason", help="Why, for the log.", show_default=False)
    ] = "",
) -> None:
    """Take an issue out of its slot; it may be scheduled again."""
    settings = settings_here(with_environment=True)
    with wiring.open_database(settings) as database:
        wiring.check_not_restored(database, settings)
        take_out(run_name(issue), reason, settings, database)


def take_out(issue: str, reason: str, settings: "Settings", database: "Database") -> None:
    """Raises StoreError where it has no slot, or one that has begun."""
    from newsletter.cli.delivering import remember

    said = " ".join(reason.split())
    slot = database.slots.unschedule(issue, wiring.person_name(), now(), said)
    remember(database, settings)
    say(f"{slot.issue} is not scheduled any more; it was for {slot}.")
