"""Which deliveries need a person: those that no retry mends."""

from newsletter.books.runs import Balance
from newsletter.books.states import DeliveryState

NEEDS_PERSON = (DeliveryState.IN_DOUBT, DeliveryState.REFUSED, DeliveryState.FAILED)
"""Settled for now and not as hoped; in doubt first, for there a word from somebody helps."""


def needs_person(balance: Balance) -> int:
    """How many deliveries of a run somebody has to look at."""
    return sum(balance[state] for state in NEEDS_PERSON)
