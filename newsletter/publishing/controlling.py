"""A run paused, resumed or ended for good by somebody's word."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.books import Balance, Holder, Run, SlotState
from newsletter.publishing.publication import Books


@dataclass(frozen=True, kw_only=True, slots=True)
class Controlled:
    """A run after the word; `holders` finish what they have under way."""

    run: Run
    balance: Balance
    holders: Sequence[Holder]


def pause(issue: str, books: Books) -> Controlled:
    """Nothing more is sent until it is resumed. Raises StoreError where it cannot be paused."""
    return _controlled(books.database.runs.pause(issue, books.by, books.now()), books)


def resume(issue: str, books: Books) -> Controlled:
    """Lift a pause; whoever sends goes on. Raises StoreError where it is not paused."""
    return _controlled(books.database.runs.resume(issue, books.by, books.now()), books)


def cancel(issue: str, books: Books) -> Controlled:
    """For good: whoever was not sent to never will be. Raises StoreError where it is complete."""
    return _controlled(books.database.runs.cancel(issue, books.by, books.now()), books)


def is_only_scheduled(issue: str, books: Books) -> bool:
    """Whether it has a slot to come and no run, so that there is no run to end."""
    if books.database.runs.find(issue) is not None:
        return False
    slot = books.database.slots.find(issue)
    return slot is not None and slot.state is SlotState.SCHEDULED


def _controlled(run: Run, books: Books) -> Controlled:
    runs = books.database.runs
    return Controlled(
        run=run, balance=runs.balance(run.id), holders=runs.holders(run.id, books.now())
    )
