"""A correction: the mended issue, once more, to exactly those who were sent the first one.

It is a run of its own beside the first, named after it, and its messages have Message-IDs of their
own; it is held to everything that a run is held to, so it is never sent twice either.
"""

from collections import Counter
from typing import TYPE_CHECKING

from newsletter import wiring
from newsletter.cli.dating import dated_in_book
from newsletter.cli.delivering import is_over
from newsletter.cli.ready import Ready, make_ready, this_second
from newsletter.errors import NewsletterError, StoreError
from newsletter.issue import Issue

if TYPE_CHECKING:
    from newsletter.books import Run
    from newsletter.delivery import AudiencePlan
    from newsletter.settings import Settings
    from newsletter.store import Database, Runs


def correct(issue: Issue, settings: "Settings", database: "Database") -> "tuple[Ready, Run]":
    """The correction, ready, and the run it corrects. Raises StoreError where there is none."""
    first = database.runs.find(issue.name)
    if first is None:
        raise StoreError(
            "this issue has never been sent, so nobody needs its correction",
            where=issue.name,
            next_step="`newsletter send` without --correction",
        )
    if not is_over(first):
        raise StoreError(
            f"the first sending is {first.state}, and a correction is for a sending that is over",
            where=issue.name,
            next_step=f"let it come to its end, or `newsletter cancel {issue.name}`",
        )
    if not issue.correction:
        raise NewsletterError(
            "the issue does not say what is corrected",
            where=issue.path,
            next_step="write `correction: An earlier version said …` into its front matter",
        )
    issue = dated_in_book(issue, settings, database, first)
    digest = wiring.issue_digest(wiring.render(issue, settings, this_second()), settings)
    name = correction_name(database.runs, issue.name, digest)
    run = database.runs.find(name)
    moment = run.message_date if run else None
    return make_ready(issue, settings, moment=moment, name=name), first


def correction_name(runs: "Runs", issue: str, digest: str) -> str:
    """The run of these bytes, or of one that is not over yet, else the next free name."""
    name, number = f"{issue}-correction", 1
    while (run := runs.find(name)) is not None:
        if run.digest == digest or not is_over(run):
            break
        number += 1
        name = f"{issue}-correction-{number}"
    return name


def plan_correction(first: "Run", database: "Database") -> "AudiencePlan":
    """Whom a correction would go to that has no run yet."""
    from newsletter.delivery import AudiencePlan, Recipient

    shown: list[Recipient] = []
    suppressed: Counter[str] = Counter()
    due = 0
    for member in database.audiences.accepted(first.issue):
        if member.suppressed_because is not None:
            suppressed[member.suppressed_because] += 1
            continue
        due += 1
        if len(shown) < 3:
            fields = {"first_name": member.first_name}
            shown.append(Recipient(address=member.address, fields=fields))
    return AudiencePlan(due=due, suppressed=dict(suppressed), first=tuple(shown))
