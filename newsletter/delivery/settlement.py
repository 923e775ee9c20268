"""What becomes of a delivery: a reply turned into an outcome, and written down.

Knows the retry table and the circuit breaker's word; which state may follow which is left to the
journal, and which message is next to `lane`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from newsletter.books import Attempt, Delivery, DeliveryState, Outcome
from newsletter.clock import Clock
from newsletter.delivery.breaker import NOT_BELIEVED, Breaker
from newsletter.delivery.journal_writer import JournalWriter, Note
from newsletter.delivery.retry import RetryTable
from newsletter.errors import NewsletterError
from newsletter.transports import Reply, Verdict

_STATES = {
    Verdict.TRANSIENT: DeliveryState.DEFERRED,
    Verdict.PERMANENT: DeliveryState.REFUSED,
    Verdict.IN_DOUBT: DeliveryState.IN_DOUBT,
}


@dataclass
class Settlement:
    """`on_outcome` hears of every state once it is durable, `on_fault` of whatever must stop us."""

    journal: JournalWriter
    retry: RetryTable
    breaker: Breaker
    clock: Clock
    transport_name: str
    on_outcome: Callable[[DeliveryState], None]
    on_fault: Callable[[NewsletterError], None]

    def settle(self, delivery: Delivery, reply: Reply, started: datetime) -> Note:
        """Note what the reply makes of the delivery."""
        is_believed = self.breaker.hear(reply, delivery)
        noted = self._note(self._outcome(delivery, reply, started, is_believed=is_believed))
        fault = self.breaker.fault(reply) if not is_believed else None
        if fault is not None:
            self.on_fault(fault)
        return noted

    def fail(self, delivery: Delivery, error: NewsletterError) -> Note:
        """The message could not be made or let out: this recipient has failed, no other."""
        state = DeliveryState.FAILED
        return self._note(Outcome(delivery=delivery, state=state, reason=str(error)))

    def suppressed(self) -> None:
        """The journal has said so itself, when it was asked whether the content may go out."""
        self.on_outcome(DeliveryState.SUPPRESSED)

    async def put_back(self, delivery: Delivery, why: str) -> None:
        """Nothing of it can have arrived: it is planned again."""
        state = DeliveryState.PLANNED
        await self.journal.settle(Outcome(delivery=delivery, state=state, reason=why))

    def _note(self, outcome: Outcome) -> Note:
        return self.journal.note(outcome, self._heard)

    def _heard(self, state: DeliveryState, error: BaseException | None) -> None:
        if error is None:
            self.on_outcome(state)
        elif isinstance(error, NewsletterError):
            self.on_fault(error)

    def _outcome(
        self, delivery: Delivery, reply: Reply, started: datetime, *, is_believed: bool
    ) -> Outcome:
        now = self.clock()
        attempt = self._attempt(reply, started, now)
        if reply.verdict is Verdict.ACCEPTED:
            return Outcome(delivery=delivery, state=DeliveryState.ACCEPTED, attempt=attempt)
        state, reason, due = _STATES[reply.verdict], "", None
        if not is_believed:
            state, reason = DeliveryState.DEFERRED, NOT_BELIEVED
        if state is DeliveryState.DEFERRED:
            attempts = delivery.attempts + 1
            due = self.retry.next_attempt(attempts, now)
            if due is None:
                state, reason = DeliveryState.REFUSED, f"given up after {attempts} attempts"
        return Outcome(
            delivery=delivery,
            state=state,
            attempt=attempt,
            next_attempt_at=due,
            reason=reason,
        )

    def _attempt(self, reply: Reply, started: datetime, ended: datetime) -> Attempt:
        return Attempt(
            started_at=started,
            ended_at=ended,
            stage=reply.stage.value,
            code=reply.code,
            enhanced_code=reply.enhanced_code,
            text=reply.text,
            transport=reply.transport or self.transport_name,
        )
