"""What a file says of a person's standing where it comes from: reader, gone, bounced, waiting.

Each system has words of its own. A word that makes somebody gone is believed wherever it stands;
one that nobody here knows is no reason to write to anyone.
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from newsletter.subscribers import standing_words
from newsletter.subscribers.plain_words import plain_words
from newsletter.subscribers.suppression import SuppressionKind


class Standing(StrEnum):
    """In the order of their weight, where a row says two things or two rows are one person's.

    Unconfirmed is who waits elsewhere; pending is who waits here, in our own export.
    """

    COMPLAINT = "complaint"
    BOUNCE = "bounce"
    BY_HAND = "by hand"
    UNSUBSCRIBED = "unsubscribed"
    UNCONFIRMED = "unconfirmed"
    PENDING = "pending"
    CONFIRMED = "confirmed"

    @property
    def suppression(self) -> SuppressionKind | None:
        """How such a person is suppressed; None for who is not."""
        return _SUPPRESSIONS.get(self)


_SUPPRESSIONS = {
    Standing.COMPLAINT: SuppressionKind.COMPLAINT,
    Standing.BOUNCE: SuppressionKind.BOUNCE,
    Standing.BY_HAND: SuppressionKind.BY_HAND,
}

WEIGHT = {standing: place for place, standing in enumerate(Standing)}
"""The smaller weighs more."""

_WORDS = {
    Standing.CONFIRMED: standing_words.CONFIRMED,
    Standing.UNSUBSCRIBED: standing_words.UNSUBSCRIBED,
    Standing.UNCONFIRMED: standing_words.UNCONFIRMED,
    Standing.BOUNCE: standing_words.BOUNCE,
    Standing.COMPLAINT: standing_words.COMPLAINT,
    Standing.BY_HAND: standing_words.BY_HAND,
}


def _joined(word: str) -> str:
    return plain_words(word).replace(" ", "")


_STANDINGS = {
    _joined(word): standing for standing, words in _WORDS.items() for word in words.split()
}
_SHORTEST = 5
"""Letters of a word that is believed where more follows: “unsubscribed by the admin”."""


@lru_cache(maxsize=4096)  # few words, many people
def standing_of(word: str) -> Standing | None:
    """The standing that a word in a status column gives; None for a word that is not known.

    >>> standing_of("Un-subscribed").value, standing_of("Bounced: 550 5.1.1").value
    ('unsubscribed', 'bounce')
    """
    if (known := exact_standing_of(word)) is not None:
        return known
    words = plain_words(word).split()
    for many in (3, 2, 1):
        found = _STANDINGS.get(beginning := "".join(words[:many]))
        if found not in {None, Standing.CONFIRMED} and len(beginning) >= _SHORTEST:
            return found
    return None


def exact_standing_of(word: str) -> Standing | None:
    """The same where nothing else is said."""
    return _STANDINGS.get(_joined(word))


def weightiest(found: Iterable[Standing]) -> Standing:
    """What is to be believed of all that a row says."""
    return min(found, key=WEIGHT.__getitem__, default=Standing.CONFIRMED)
