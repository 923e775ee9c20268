"""The states of a delivery and of a run: the glossary's words, in the database as they stand here.

Which state may follow which is decided here, and nowhere else.
"""

from enum import StrEnum


class DeliveryState(StrEnum):
    """Where one message owed to one recipient stands."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    DEFERRED = "deferred"
    IN_DOUBT = "in_doubt"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SUPPRESSED = "suppressed"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = frozenset({DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.DEFERRED})
"""What keeps a run from being complete: somebody still has to act without being asked."""

HELD = frozenset({DeliveryState.CLAIMED, DeliveryState.IN_DOUBT})
"""What an owner may settle: claimed (nothing went out yet) and in doubt (the content may have)."""

OUTCOMES = frozenset(DeliveryState) - {
    DeliveryState.CLAIMED,
    DeliveryState.SUPPRESSED,
    DeliveryState.CANCELLED,
}
"""What an attempt can end in. Planned: nothing was sent, anyone may try again at once."""

FAILURES = (
    DeliveryState.REFUSED,
    DeliveryState.FAILED,
    DeliveryState.IN_DOUBT,
    DeliveryState.DEFERRED,
)
"""Who does not have the issue, or may not have it, and is still owed an explanation."""


class RunState(StrEnum):
    """Complete means that no delivery is unfinished and the books balance; cancelled is final."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    COMPLETE = "complete"
