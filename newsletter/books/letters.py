"""A letter that is owed to one person: a confirmation of their sign-up, or a welcome.

It is written down in the transaction of what it answers, and sent after that: whoever was told
that a letter is on its way gets it, whatever dies in between.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from newsletter.addresses import AddrSpec

LETTER_LEASE = timedelta(minutes=5)
"""After so long without an outcome a letter is sent again, under the same Message-ID."""

LETTER_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""Between tries; after the last of them every few hours, until nobody would want it any more."""

LETTER_LIFE = timedelta(hours=48)
"""After that nobody waits for it, and a confirmation's link leads nowhere."""


class LetterKind(StrEnum):
    """What a letter is for."""

    CONFIRMATION = "confirmation"
    WELCOME = "welcome"


class LetterState(StrEnum):
    """Where a letter stands: owed, in hand, or at its end."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class OwedLetter:
    """One letter in hand; `attempts` is how often it has been tried before."""

    id: int
    kind: LetterKind
    to: AddrSpec
    attempts: int
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterOutcome:
    """What became of a letter; `due_at` is when a planned one is tried again."""

    letter: OwedLetter
    state: LetterState
    reply: str
    due_at: datetime


def next_try(attempts: int, now: datetime) -> datetime:
    """When a letter is tried again that the relay has deferred for the time being."""
    return now + LETTER_PAUSES[min(attempts, len(LETTER_PAUSES) - 1)]
