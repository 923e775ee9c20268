"""How things stand after an act: done, to be gone on with, in need of a person, or unable.

One word for every front: the command line makes exit statuses of it, a page its colours.
"""

from collections.abc import Iterable
from enum import StrEnum

from newsletter.books.runs import Balance
from newsletter.books.states import DeliveryState

NEEDS_PERSON = (DeliveryState.IN_DOUBT, DeliveryState.REFUSED, DeliveryState.FAILED)
"""The states that no retry mends: somebody has to look."""


class Standing(StrEnum):
    """From best to worst."""

    DONE = "done"
    WAITING = "waiting"
    NEEDS_PERSON = "needs a person"
    UNABLE = "unable"


_ORDER = tuple(Standing)


def needs_person(balance: Balance) -> int:
    """How many deliveries no retry will mend."""
    return sum(balance[state] for state in NEEDS_PERSON)


def standing_of(balance: Balance) -> Standing:
    """What a run's books come to. Books that do not balance need a person whatever they say."""
    if needs_person(balance) or not balance.balanced:
        return Standing.NEEDS_PERSON
    return Standing.WAITING if balance.unfinished else Standing.DONE


def worst(standings: Iterable[Standing]) -> Standing:
    """What many things come to together; nothing at all is done.

    >>> worst([Standing.DONE, Standing.NEEDS_PERSON, Standing.WAITING]).value
    'needs a person'
    """
    return max(standings, key=_ORDER.index, default=Standing.DONE)
