"""An issue made ready as it would go out: dated by its slot or its run, where it has no date."""

from typing import TYPE_CHECKING

from newsletter import wiring
from newsletter.cli.ready import Ready, make_ready
from newsletter.clock import now
from newsletter.issue import Issue

if TYPE_CHECKING:
    from newsletter.books import Run
    from newsletter.settings import Settings
    from newsletter.store import Database


def ready_in_book(issue: Issue, settings: "Settings", database: "Database") -> Ready:
    """Ready by what the books know of it: the moment of its run, the day of its slot."""
    run = database.runs.find(issue.name)
    return make_ready(
        dated_in_book(issue, settings, database, run),
        settings,
        moment=run.message_date if run else None,
    )


def dated_in_book(
    issue: Issue, settings: "Settings", database: "Database", run: "Run | None"
) -> Issue:
    """The issue with its day: its own, its slot's, or that of the run it had."""
    day = wiring.date_in_book(database.slots, issue.name)
    moment = run.message_date if run else now()
    return wiring.dated(issue, day or wiring.issue_date(issue, settings, moment))
