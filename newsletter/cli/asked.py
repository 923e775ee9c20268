"""What `newsletter send` is asked: which issue, to whom, and how far to go."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

from newsletter.books import Run, SlotState
from newsletter.cli.formats import Format
from newsletter.cli.readiness import ready_or_exit
from newsletter.cli.segments import warn_of_strangers
from newsletter.issue import Issue
from newsletter.publishing.correcting import make_correction
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready, ready_in_books
from newsletter.publishing.terms import Terms
from newsletter.subscribers import Segment


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What was asked for on the command line, beyond the issue.

    `machine` is where a stream of JSON goes, None where there is none. `override` is why it is sent
    without the approvals asked for, None where it is not.
    """

    terms: Terms
    segment: Segment | None
    subscribers: Path | None
    consent: str
    yes: bool
    extend: bool
    machine: TextIO | None
    format: Format
    override: str | None
    date_is_right: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class One:
    """The issue to send, and the run it has, if it has one.

    `day` is the issue's own, or its slot's; `corrects` the first sending, where this is its
    correction.
    """

    ready: Ready
    run: Run | None
    books: Books
    day: date | None
    corrects: Run | None = None

    @property
    def must_be_approved(self) -> bool:
        """Whether [approval] asks for approvals of what is sent by hand."""
        rule = self.ready.settings.approval
        return rule.binds_by_hand(is_correction=self.corrects is not None)


def the_one(issue: Issue, books: Books, segment: Segment | None, *, correction: bool) -> One:
    """The issue, or its correction, ready; what cannot be rendered ends the command."""
    first: Run | None = None
    if correction:
        made, first = make_correction(issue, books)
    else:
        warn_of_strangers(segment, books)
        made = ready_in_books(issue, books, segment)
    ready = ready_or_exit(made)
    run = books.begun(ready.name)
    slot = books.database.slots.find(issue.name)
    coming = slot.local_date if slot and slot.state is SlotState.SCHEDULED else None
    return One(ready=ready, run=run, books=books, day=issue.date or coming, corrects=first)
