"""Turns of the journal that are expected to be written whole."""

from collections.abc import Sequence
from datetime import datetime

from newsletter.books import Delivery, Outcome
from newsletter.errors import RunConflictError
from newsletter.store import Database


def begin(database: Database, claims: Sequence[Delivery], now: datetime) -> None:
    """The contents of the claims may go out. Raises RunConflictError where one's may not."""
    _check_ours(database.journal.turn([], claims, now).refused)


def settle(database: Database, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write the outcomes down. Raises RunConflictError where one came too late."""
    late = database.journal.turn(outcomes, [], now).late
    _check_ours([outcome.delivery for outcome in late])


def _check_ours(forbidden: Sequence[Delivery]) -> None:
    if forbidden:
        first = forbidden[0].recipient
        raise RunConflictError(f"{len(forbidden)} deliveries are not ours, {first} first")
