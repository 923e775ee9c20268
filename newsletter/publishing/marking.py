"""Deliveries that ended otherwise than accepted, told one by one as the journal has them.

For a log; whoever looks at a run afterwards asks the books. What the relay said may name the
recipient: whether that is shown is the front's to decide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.books import Decision, Delivery, DeliveryState, Outcome, Turn
from newsletter.store import Journal

_TOLD = (DeliveryState.FAILED, DeliveryState.IN_DOUBT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A delivery that is refused, failed or in doubt now. `said` is the relay's, or our own."""

    issue: str
    run_id: int
    delivery_id: int
    recipient: str
    state: DeliveryState
    said: str


class MarkingJournal(Journal):
    """The same journal; `hear` is told of each mark when it is durable, in the journal's thread."""

    def __init__(self, journal: Journal, hear: Callable[[Mark], object]) -> None:
        vars(self).update(vars(journal))  # it is that one, with an ear
        self._hear = hear

    def turn(self, outcomes: Sequence[Outcome], begun: Sequence[Delivery], now: datetime) -> Turn:
        written = super().turn(outcomes, begun, now)
        late = {id(each) for each in written.late}
        for outcome in outcomes:
            if outcome.state in _TOLD and id(outcome) not in late:
                self._hear(_mark(outcome, outcome.state, outcome.reason))
        return written

    def decide(self, decisions: Sequence[Decision], now: datetime) -> None:
        super().decide(decisions, now)
        for decision in decisions:
            if decision.state is DeliveryState.REFUSED:
                self._hear(_mark(decision.held, decision.state, decision.reason))


def _mark(outcome: Outcome, state: DeliveryState, reason: str) -> Mark:
    delivery, attempt = outcome.delivery, outcome.attempt
    codes = (attempt.code, attempt.enhanced_code, attempt.text) if attempt else ()
    said = " ".join(str(each) for each in codes if each)
    return Mark(
        issue=delivery.issue,
        run_id=delivery.run_id,
        delivery_id=delivery.id,
        recipient=str(delivery.recipient),
        state=state,
        said="; ".join(filter(None, (said, reason))),
    )
