"""`newsletter pause`: a running send stops in a second or two, and none begins until resumed."""

from typing import Annotated

from newsletter.books import RunState
from newsletter.cli.acting import acting_on
from newsletter.cli.console import say
from newsletter.cli.formats import AsFormat, Format
from newsletter.cli.issue_files import ISSUE
from newsletter.publishing import controlling
from newsletter.publishing.issues import issue_name


def pause(
    issue: Annotated[str, ISSUE],
    format_: AsFormat = Format.TEXT,
) -> None:
    """Stop sending an issue until it is resumed; messages under way are finished."""
    with acting_on(issue, format_) as books:
        paused = controlling.pause(issue_name(issue), books)
        name = paused.run.issue
        say(f"{name} was paused by {paused.run.controlled_by}.")
        if paused.run.state is RunState.FREEZING:
            say("Its audience is not frozen whole: that goes on, and nobody is sent anything.")
        else:
            for holder in paused.holders:
                say(f"{holder.owner} will finish what is under way and stop in a second or two.")
        say(f"To continue: `newsletter resume {name}`, then `newsletter send` again.")
