"""What has changed in an issue since its run began, or since it was approved."""

from collections.abc import Iterator
from difflib import unified_diff
from itertools import islice
from typing import TYPE_CHECKING

from newsletter.cli.console import faint, strong

if TYPE_CHECKING:
    from newsletter.books import Run
    from newsletter.render import Rendered
    from newsletter.store import Database

SHOWN = 20
"""Lines of the difference: enough to see which change it was."""


def change_lines(database: "Database", run: "Run", rendered: "Rendered") -> Iterator[str]:
    """The difference of the text parts, its first lines; or that it lies elsewhere."""
    yield strong(f"{run.issue} has changed since its run began ({run.started_at:%Y-%m-%d %H:%M}).")
    before = database.runs.text_of(run.id)
    if before is None:
        yield from _subject_lines(run.subject, rendered)
        yield faint("The run is from before texts were kept: what differs cannot be shown.")
        return
    yield from difference_lines(run.subject, before, rendered)


def difference_lines(subject: str, text: str, rendered: "Rendered") -> Iterator[str]:
    """What differs from a subject and a text part of before: the first lines of it."""
    yield from _subject_lines(subject, rendered)
    found = list(unified_diff(text.splitlines(), rendered.text.splitlines(), n=0, lineterm=""))
    if not found:
        yield faint("The text part is the same: the HTML, the preheader or the sender differs.")
    yield from islice(found[2:], SHOWN)  # the first two would name files
    if len(found) - 2 > SHOWN:
        yield faint(f"… and {len(found) - 2 - SHOWN:,} more lines")


def _subject_lines(subject: str, rendered: "Rendered") -> Iterator[str]:
    if subject != rendered.subject:
        yield f"- Subject: {subject}"
        yield f"+ Subject: {rendered.subject}"
