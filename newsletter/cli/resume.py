"""`newsletter resume`: lifts a pause; the sending itself is `newsletter send`'s."""

from typing import Annotated

from newsletter.cli.acting import acting_on
from newsletter.cli.console import say
from newsletter.cli.formats import AsFormat, Format
from newsletter.cli.issue_files import ISSUE
from newsletter.publishing import controlling
from newsletter.publishing.issues import issue_name


def resume(
    issue: Annotated[str, ISSUE],
    format_: AsFormat = Format.TEXT,
) -> None:
    """Lift a pause, so that sending may continue."""
    with acting_on(issue, format_) as books:
        resumed = controlling.resume(issue_name(issue), books)
        name, left = resumed.run.issue, resumed.balance.unfinished
        say(f"{name} is no longer paused: the same `newsletter send` sends the {left:,} left.")
