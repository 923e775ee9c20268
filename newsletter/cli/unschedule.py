"""`newsletter unschedule`: take an issue out of its slot; nothing was sent, and nothing is lost."""

from typing import Annotated

import typer

from newsletter.cli.acting import acting_on
from newsletter.cli.console import say
from newsletter.cli.formats import AsFormat, Format
from newsletter.cli.issue_files import ISSUE
from newsletter.publishing import scheduling
from newsletter.publishing.issues import issue_name


def unschedule(
    issue: Annotated[str, ISSUE],
    reason: Annotated[
        str, typer.Option("--reason", help="Why, for the log.", show_default=False)
    ] = "",
    format_: AsFormat = Format.TEXT,
) -> None:
    """Take an issue out of its slot; it may be scheduled again."""
    with acting_on(issue, format_) as books:
        slot = scheduling.unschedule(issue_name(issue), reason, books)
        say(f"{slot.issue} is no longer scheduled; its slot was {slot}.")
