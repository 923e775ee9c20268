"""`newsletter new`: the next issue, laid out by the house format with blanks to fill."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.console import say
from newsletter.cli.publication import (
    from_here,
    house_here,
    is_outside,
    settings_here,
    warn_outside,
)
from newsletter.cli.said import day_said
from newsletter.clock import now
from newsletter.errors import OutputError
from newsletter.publishing.drafting import draft, issue_path, next_number, write_new
from newsletter.schedule import ScheduleRule, next_date
from newsletter.settings import find_folder


def new(
    day: Annotated[
        str | None,
        typer.Option(
            "--date",
            metavar="DATE",
            help="The issue's day, instead of the rule's next one.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:
    """Lay out the next issue, with blanks to fill: issues/DATE.md. `check` names those left.

    The day is the next one of [schedule] in newsletter.toml.
    """
    root, house = house_here()
    chosen = day_said(day, option="--date") or next_day()
    path, is_lost = from_here(issue_path(root, chosen)), is_outside()
    number = next_number(path.parent, chosen)
    write_or_say_how(path, draft(house, chosen, number), force=force)
    say(f"{path} is laid out, with {house.stories[0]} stories to write. Then:")
    say(f"  newsletter check {path}")
    if is_lost:
        warn_outside()


def write_or_say_how(path: Path, text: str, *, force: bool) -> None:
    """Write an issue's file. Raises OutputError where there is one, with the options that help."""
    try:
        write_new(path, text, force=force)
    except OutputError as error:
        if path.exists() and not force:
            step = "name another day with --date, or overwrite it with --force"
            raise OutputError(error.what, where=error.where, next_step=step) from error
        raise


def next_day() -> date:
    """The next day of the publication's rule; without any settings, of ours."""
    has_settings = find_folder(Path.cwd()) is not None
    rule = settings_here(with_environment=False).schedule if has_settings else ScheduleRule()
    return next_date(rule, now())
