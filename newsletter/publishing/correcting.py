"""A correction: the mended issue, once more, to exactly those who were sent the first one.

It is a run of its own beside the first, named after it, and its messages have Message-IDs of their
own; it is held to everything that a run is held to, so it is never sent twice either.
"""

from dataclasses import replace

from newsletter.books import Run
from newsletter.errors import Act, NewsletterError, Remedy, StoreError
from newsletter.issue import Issue
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import (
    Ready,
    Unready,
    dated_in_books,
    make_ready,
    ready_in_books,
)
from newsletter.publishing.sending import is_over
from newsletter.store import Runs
from newsletter.subscribers import Segment


def make_correction(issue: Issue, books: Books) -> tuple[Ready | Unready, Run]:
    """The correction, ready, and the run it corrects. Raises StoreError where there is none."""
    first = _first_sending(issue, books)
    if not issue.correction:
        raise NewsletterError(
            "the issue does not say what is corrected",
            where=issue.path,
            next_step="write `correction: An earlier version said …` in its front matter",
        )
    issue = dated_in_books(issue, books, first)
    ready = make_ready(issue, books.publication)
    if isinstance(ready, Unready):
        return ready, first
    runs = books.database.runs
    name = correction_name(runs, issue.name, ready.digest)
    run = runs.find(name)
    if run is not None:  # its messages have the date that they had
        return make_ready(issue, books.publication, moment=run.message_date, name=name), first
    return replace(ready, name=name, desk=replace(ready.desk, issue=name)), first


def ready_to_approve(
    issue: Issue, books: Books, segment: Segment | None = None
) -> tuple[Ready | Unready, Run | None]:
    """What would go out next: the issue, or its correction once it was sent, with what it corrects.

    Raises as `ready_in_books` does, and NewsletterError for a correction to a segment.
    """
    run = books.database.runs.find(issue.name)
    if run is None or not issue.correction or not is_over(run):
        return ready_in_books(issue, books, segment), None
    if segment is not None:
        raise NewsletterError(
            "a correction goes to those who have the first version, and to nobody else",
            where=issue.path,
            next_step="approve it without a segment",
        )
    return make_correction(issue, books)


def correction_name(runs: Runs, issue: str, digest: str) -> str:
    """The run of these bytes, or of one that is not over yet, else the next free name."""
    name, number = f"{issue}-correction", 1
    while (run := runs.find(name)) is not None:
        if run.digest == digest or not is_over(run):
            break
        number += 1
        name = f"{issue}-correction-{number}"
    return name


def _first_sending(issue: Issue, books: Books) -> Run:
    first = books.database.runs.find(issue.name)
    if first is None:
        raise StoreError(
            "this issue has never been sent, so nobody needs its correction",
            where=issue.name,
            remedy=Remedy(Act.SEND, issue.path),
        )
    if not is_over(first):
        raise StoreError(
            f"the first sending is {first.state}, and only one that is over can be corrected",
            where=issue.name,
            next_step="let it finish, or end it",
            remedy=Remedy(Act.CANCEL, issue.name),
        )
    return first
