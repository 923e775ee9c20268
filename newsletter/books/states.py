"""The states of deliveries, runs and slots, and every event that leads from one to another.

The words are the glossary's, and stand in the database as they stand here. Which state may follow
which is decided here, and nowhere else; the store takes from here what an event may begin from.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)


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


class RunState(StrEnum):
    """Freezing means that its audience is not written down whole: nobody is given anything of it.

    Complete means that no delivery is unfinished and the books balance; cancelled is final.
    """

    FREEZING = "freezing"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    COMPLETE = "complete"


class SlotState(StrEnum):
    """Where the appointment of an issue stands; started and done are for good."""

    SCHEDULED = "scheduled"
    STARTED = "started"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Event(Generic[S]):
    """What leads from any of the states `before` to one of those `after`."""

    before: frozenset[S]
    after: frozenset[S]

    @property
    def to(self) -> S:
        """The state that it leads to, of an event that leads to one alone."""
        (state,) = self.after
        return state

    def allows(self, before: S, after: S) -> bool:
        return before in self.before and after in self.after


def _event(before: set[S], after: set[S]) -> Event[S]:
    return Event(frozenset(before), frozenset(after))


_D, _R, _S = DeliveryState, RunState, SlotState


class DeliveryEvents:
    """All that happens to a delivery. Accepted, failed, suppressed, cancelled are ends."""

    CLAIM = _event({_D.PLANNED, _D.DEFERRED}, {_D.CLAIMED})
    """Somebody takes it to work on; a deferred one when it is due."""
    SUPPRESS = _event({_D.PLANNED, _D.DEFERRED, _D.CLAIMED}, {_D.SUPPRESSED})
    """The recipient has left, or is suppressed, since the audience was frozen: looked at when it is
    claimed, and again before its content may go out."""
    RELEASE = _event({_D.CLAIMED}, {_D.PLANNED})
    """Given back, or taken from an owner that is gone: its content never went out."""
    BEGIN = _event({_D.CLAIMED}, {_D.IN_DOUBT})
    """The content may go out from now on."""
    SETTLE = _event(
        {_D.CLAIMED, _D.IN_DOUBT}, {_D.ACCEPTED, _D.REFUSED, _D.FAILED, _D.DEFERRED, _D.PLANNED}
    )
    """A server's reply, or a fault of ours. Planned: nothing was sent, anyone may try again."""
    DECIDE = _event({_D.DEFERRED}, {_D.REFUSED, _D.DEFERRED, _D.PLANNED})
    """A refusal that was not judged when it was heard is: it is the recipient's own, and final or
    not; or it was said to the whole list, and nobody's."""
    LOSE = _event({_D.IN_DOUBT}, {_D.IN_DOUBT})
    """No reply came: only content that went out leaves a doubt (RFC 1047)."""
    RESOLVE = _event({_D.IN_DOUBT}, {_D.ACCEPTED, _D.PLANNED, _D.CANCELLED})
    """Somebody's word. What a cancelled run is told to send again, it does not send."""
    PLAN_AGAIN = _event({_D.REFUSED}, {_D.PLANNED})
    """Somebody's word: the refusal was not the recipient's, or is mended."""
    PROVE = _event({_D.PLANNED, _D.DEFERRED}, {_D.ACCEPTED})
    """The relay's log has it in a run that is held: it was sent after the books' backup."""
    CANCEL = _event({_D.PLANNED, _D.CLAIMED, _D.DEFERRED}, {_D.CANCELLED})
    """Its run was cancelled, and nobody has it in hand."""


class RunEvents:
    """All that happens to a run after it was opened, which makes it freezing."""

    FREEZE = _event({_R.FREEZING}, {_R.RUNNING, _R.PAUSED})
    """Its whole audience is written down. Paused: somebody has paused it meanwhile, or before."""
    PAUSE = _event({_R.RUNNING}, {_R.PAUSED})
    RESUME = _event({_R.PAUSED}, {_R.RUNNING})
    CANCEL = _event({_R.FREEZING, _R.RUNNING, _R.PAUSED}, {_R.CANCELLED})
    COMPLETE = _event({_R.RUNNING, _R.PAUSED}, {_R.COMPLETE})
    REOPEN = _event({_R.COMPLETE}, {_R.RUNNING})
    """More people joined it, or somebody in doubt or refused is to be sent to again."""


class SlotEvents:
    """All that happens to a slot after it was scheduled."""

    SCHEDULE = _event({_S.MISSED, _S.CANCELLED}, {_S.SCHEDULED})
    """Once more."""
    UNSCHEDULE = _event({_S.SCHEDULED}, {_S.CANCELLED})
    START = _event({_S.SCHEDULED}, {_S.STARTED})
    FINISH = _event({_S.STARTED}, {_S.DONE})
    MISS = _event({_S.SCHEDULED}, {_S.MISSED})


UNFINISHED = DeliveryEvents.CANCEL.before
"""What keeps a run from being complete: somebody still has to act without being asked."""

OUTCOMES = DeliveryEvents.SETTLE.after | DeliveryEvents.LOSE.after
"""What an attempt can end in."""

FAILURES = (_D.REFUSED, _D.FAILED, _D.IN_DOUBT, _D.DEFERRED)
"""Who does not have the issue, or may not have it, and is still owed an explanation."""

STOPPED = RunEvents.PAUSE.after | RunEvents.CANCEL.after
"""A run of which nobody is given anything more, and whoever sends it stops."""

UNCLAIMABLE = STOPPED | RunEvents.FREEZE.before
"""A run of which nobody is given anything now."""

OVER = RunEvents.CANCEL.after | RunEvents.COMPLETE.after
"""A run that is over, unless more people join it or a doubt is resolved."""

TAKEN = tuple(state for state in _S if state not in SlotEvents.SCHEDULE.before)
"""What keeps a date and time from other issues, and the issue from another slot."""
