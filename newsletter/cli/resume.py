"""`newsletter resume`: lifts a pause; the sending itself is `newsletter send`'s."""

from typing import Annotated

import typer

from newsletter.cli.console import say
from newsletter.cli.opening import publication_here
from newsletter.publishing import controlling
from newsletter.publishing.issues import issue_name


def resume(
    issue: Annotated[str, typer.Argument(help="The issue's name or file.", show_default=False)],
) -> None:
    """Lift a pause, so that sending may continue."""
    with publication_here().acting() as books:
        resumed = controlling.resume(issue_name(issue), books)
        name, left = resumed.run.issue, resumed.balance.unfinished
        say(f"{name} is no longer paused: the same `newsletter send` sends the {left:,} left.")
