"""Whom an issue goes to: the segment asked for, or the one that its run or its slot has already.

The segment is part of what is approved and of what a run is, so no issue has two of them.
"""

from newsletter.books import Run, Slot, SlotState, segment_words
from newsletter.errors import Act, Remedy, RunConflictError, StoreError
from newsletter.publishing.publication import Books
from newsletter.subscribers import Segment, parse_segment

_COMING = (SlotState.SCHEDULED, SlotState.STARTED)


def segment_of(text: str) -> Segment | None:
    """The segment as the books keep it; None is everybody."""
    return parse_segment(text) if text else None


def segment_in_books(issue: str, asked: Segment | None, books: Books) -> str:
    """In the books' words, the segment that an issue goes to; "" is everybody.

    Without one asked for it is that of its run, or of its slot, be that missed. Raises
    RunConflictError where its run has another than is asked for, StoreError where its slot has.
    """
    run, slot = books.database.runs.find(issue), books.database.slots.find(issue)
    if asked is None:
        return run.segment if run else _of_slot(slot)
    if run is not None and run.segment != str(asked):
        raise _other_run(run, asked)
    if run is None and slot is not None and slot.state in _COMING and slot.segment != str(asked):
        raise _other_slot(slot, asked)
    return str(asked)


def share_of_list(segment: Segment, books: Books) -> tuple[int, int]:
    """How many are owed an issue to the segment now, and how many one to everybody."""
    counts, now = books.database.subscribers.audience_counts, books.now()
    return counts(now, segment).owed, counts(now).owed


def _of_slot(slot: Slot | None) -> str:
    """Who sends by hand what missed its slot means the people of that slot, and not everybody."""
    return slot.segment if slot and slot.state in {*_COMING, SlotState.MISSED} else ""


def _other_run(run: Run, asked: Segment) -> RunConflictError:
    return RunConflictError(
        f"its run goes to {segment_words(run.segment)}, and cannot go to "
        f"{segment_words(str(asked))}",
        where=run.issue,
        next_step="go on with it as it was begun, or write to the others in an issue of their own",
    )


def _other_slot(slot: Slot, asked: Segment) -> StoreError:
    return StoreError(
        f"it is scheduled for {segment_words(slot.segment)}, and not for "
        f"{segment_words(str(asked))}",
        where=slot.issue,
        next_step="take it out of its slot first",
        remedy=Remedy(Act.UNSCHEDULE, slot.issue),
    )
