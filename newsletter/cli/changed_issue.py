"""What has changed in an issue since its run began: shown when a changed issue is refused."""

from collections.abc import Iterator
from difflib import unified_diff
from itertools import islice
from typing import TYPE_CHECKING

from newsletter.cli.console import faint, strong

if TYPE_CHECKING:
    from newsletter.render import Rendered
    from newsletter.store import Database, Run

SHOWN = 20
"""Lines of the difference: enough to see which change it was."""


def change_lines(database: "Database", run: "Run", rendered: "Rendered") -> Iterator[str]:
    """The difference of the text parts, its first lines; or that it lies elsewhere."""
    yield strong(f"{run.issue} has changed since its run began ({run.started_at:%Y-%m-%d %H:%M}).")
    if run.subject != rendered.subject:
        yield f"- Subject: {run.subject}"
        yield f"+ Subject: {rendered.subject}"
    before = database.journal.text_of(run.id)
    if before is None:
        yield faint("The run is from before texts were kept: what differs cannot be shown.")
        return
    found = list(unified_diff(before.splitlines(), rendered.text.splitlines(), n=0, lineterm=""))
    if not found:
        yield faint("The text part is the same: the HTML or the preheader differs.")
    yield from islice(found[2:], SHOWN)  # the first two would name files
    if len(found) - 2 > SHOWN:
        yield faint(f"… and {len(found) - 2 - SHOWN:,} more lines")
