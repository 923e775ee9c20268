"""What becomes of a delivery: a reply turned into an outcome, and written down.

A refusal is written down as a deferral that is held against nobody, and decided when it is known
whose it was: the recipient's, once the relay has taken somebody else's message after it. A process
that dies before that has marked nobody. Knows the retry table and the judge's word; which state may
follow which is left to the journal, and which message is next to `lane`.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from newsletter.books import (
    Adjustment,
    Attempt,
    Decision,
    Delivery,
    DeliveryState,
    Manner,
    Outcome,
)
from newsletter.clock import Clock
from newsletter.delivery.journal_writer import JournalWriter, Note
from newsletter.delivery.mood import Judge, Mood
from newsletter.delivery.retry import RetryTable
from newsletter.delivery.throttle import Pacing, Throttle
from newsletter.delivery.words import OURS, Hint, hint_of, said
from newsletter.errors import NewsletterError, RelayFault, SessionLost
from newsletter.message import names_own_path
from newsletter.transports import Reply, Stage, Verdict

NOT_BELIEVED = "not believed at its first hearing; tried once more"

_SOON = timedelta(minutes=5)
"""When a refusal that is held against nobody is tried again, where there is no retry table."""

UNAVAILABLE = 421
"""What a relay that ends a session says, where it says anything (RFC 5321, 3.8)."""

_FLUSH = 100
_FLUSH_AFTER = timedelta(seconds=5)
"""So many decisions, or the oldest so old: they are written down together."""

_LATELY = 64
"""So many of those refused last are planned again where it turns out to have been everybody."""

_DOUBTFUL = (Hint.POLICY, *OURS)


class Held(NamedTuple):
    """A refusal that nothing was made of yet, as it was written down."""

    outcome: Outcome
    reply: Reply
    at: datetime

    @property
    def is_of_a_lost_session(self) -> bool:
        return self.outcome.attempt is not None and self.outcome.attempt.code is None


@dataclass
class Settlement:
    """`on_outcome` hears of every state once it is durable and decided, `on_fault` of whatever
    must stop us. `throttle` slows down where the relay says that we are too fast, and `on_adjusted`
    hears when that begins and ends. `is_probing` says that the message under way tries a relay that
    refuses everybody: its acceptance says something new, those of messages that were under way
    before do not; and `is_told_again` that it heard what everybody heard. `others_carry` says that
    other relays send the same run, so that who was deferred by this one need not wait for it.
    """

    journal: JournalWriter
    retry: RetryTable
    judge: Judge
    clock: Clock
    transport_name: str
    on_outcome: Callable[[DeliveryState], None]
    on_fault: Callable[[NewsletterError], None]
    throttle: Pacing = field(default_factory=Throttle)
    on_adjusted: Callable[[Adjustment], object] = lambda _: None
    is_probing: bool = False
    is_told_again: bool = False
    others_carry: bool = False
    _has_accepted: bool = False
    _held: list[Held] = field(default_factory=list)
    _marked: deque[Held] = field(default_factory=lambda: deque(maxlen=_LATELY))
    _decided: list[Decision] = field(default_factory=list)
    _decided_since: datetime | None = None

    @property
    def is_halted(self) -> bool:
        """Whether the relay refuses everybody, so that nobody else is to be tried."""
        return self.judge.is_bad

    def settle(self, delivery: Delivery, reply: Reply, started: datetime) -> Note:
        """Note what the reply makes of the delivery."""
        now = self.clock()
        attempt = self._attempt(reply, started, now)
        if reply.verdict is Verdict.ACCEPTED:
            if self.is_probing or not self.judge.is_bad:
                self._hear_acceptance(delivery, now)
            if self.throttle.hear_accepted():
                self.on_adjusted(Adjustment(manner=Manner.FULL_SPEED, said=""))
            state = DeliveryState.ACCEPTED
            return self._note(Outcome(delivery=delivery, state=state, attempt=attempt))
        if reply.verdict is Verdict.IN_DOUBT:
            state = DeliveryState.IN_DOUBT
            return self._note(Outcome(delivery=delivery, state=state, attempt=attempt))
        return self._hold(delivery, reply, attempt, now)

    def lose(self, delivery: Delivery, lost: SessionLost, started: datetime) -> Note:
        """Session after session was lost over this recipient, before its content could arrive.

        Deferred, like a temporary refusal that names nobody.
        """
        now = self.clock()
        reply = Reply(code=UNAVAILABLE, enhanced_code="", text=lost.what, stage=Stage.MAIL)
        attempt = self._attempt(reply, started, now)._replace(code=None)
        return self._hold(delivery, reply, attempt, now)

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

    def turned_away(self, words: str) -> list[Decision]:
        """What to make of those who heard a refusal that was everybody's: nothing is held against
        them. Who was refused for good is planned again, who was deferred stays so, unless others
        carry.
        """
        held, self._held = self._held, []
        why = f"the relay refused everybody: {words}"
        refused = [
            each.outcome
            for each in held
            if self.others_carry
            or each.reply.verdict is Verdict.PERMANENT
            or each.is_of_a_lost_session
        ]
        for _ in range(len(held) - len(refused)):
            self.on_outcome(DeliveryState.DEFERRED)
        return [
            Decision(held=each, state=DeliveryState.PLANNED, reason=why, counts=False)
            for each in refused
        ]

    def taken_back(self) -> list[str]:
        """The keys of those refused of late in the words that everybody hears by now: they were
        marked before that was known. What was decided of them is with the journal.
        """
        if not self.judge.is_bad:
            return []
        marked = [each for each in self._marked if self.judge.is_told_again(each.reply)]
        if marked:
            self._marked.clear()
            self._flush()
        return [each.outcome.delivery.recipient_key for each in marked]

    async def close(self) -> None:
        """Decide what can be at the end of a send, and have all of it written down."""
        now = self.clock()
        held, self._held = self._held, []
        for each in held:
            decision = self._last_decision(each)
            if decision is None:
                self.on_outcome(DeliveryState.DEFERRED)
            else:
                self._put_down(decision, now)
        self._flush()
        await self.journal.rest()

    def _hear_acceptance(self, delivery: Delivery, now: datetime) -> None:
        is_plain = not self.judge.is_suspicious
        self._has_accepted = True
        self.judge.accept(delivery)
        if self._held:
            self._decide_held(now, is_plain=is_plain)

    def _hold(self, delivery: Delivery, reply: Reply, attempt: Attempt, now: datetime) -> Note:
        pauses = self.retry.pauses
        outcome = Outcome(
            delivery=delivery,
            state=DeliveryState.DEFERRED,
            attempt=attempt,
            next_attempt_at=now + (pauses[0] if pauses else _SOON),
            counts=False,
        )
        held, was_bad = Held(outcome, reply, now), self.judge.is_bad
        self.judge.refuse(reply, delivery)
        if self.is_probing and not self.judge.is_told_again(reply):
            self._put_down(self._by_the_table(held), now)  # one bad address proves nothing
        else:
            self.is_told_again = self.is_probing
            self._held.append(held)
        if self.judge.mood is Mood.AGAINST_US and not was_bad:
            self.on_fault(self.fault())
        self._slow_down(reply, delivery, is_news=self.judge.mood is Mood.NOT_NOW and not was_bad)
        return self.journal.note(outcome, self._heard_if_held)

    def _slow_down(self, reply: Reply, delivery: Delivery, *, is_news: bool) -> None:
        """Where the relay says to many that we are too fast, or takes nobody's mail for now."""
        if is_news:
            is_first = self.throttle.slow_down()
        elif hint_of(reply) is Hint.RATE:
            is_first = self.throttle.hear_too_fast(delivery.id)
        else:
            return
        if is_first:
            rate = self.throttle.rate or 0.0
            self.on_adjusted(Adjustment(manner=Manner.SLOWER, said=said(reply), rate=rate))

    def fault(self) -> RelayFault:
        """What stops the run where the relay refuses everybody for good."""
        step = "settle it with whoever runs the relay, then run the same command again"
        if names_own_path(self.judge.words):
            step += "; where it takes no + in a reverse-path, set verp = false under [sender]"
        return RelayFault(
            f"one recipient after another was refused, so it is not theirs: {self.judge.words}",
            where=self.transport_name,
            next_step=step,
        )

    def loss(self) -> RelayFault | None:
        """The fault that sessions lost at the end of a send stand for, if nobody was accepted in
        it: then they say nothing of their recipients, but of those that were lost so before.
        """
        lost = [each for each in self._held if each.is_of_a_lost_session]
        if self._has_accepted or not any(not each.outcome.delivery.attempts for each in lost):
            return None
        return RelayFault(
            f"one session after another was lost: {lost[-1].reply.text}",
            where=self.transport_name,
            next_step="look at the relay, then run the same command again",
        )

    def _decide_held(self, now: datetime, *, is_plain: bool) -> None:
        """Somebody else was accepted: those who were refused before that were meant."""
        held, self._held = self._held, []
        for each in held:
            decision = self._decision(each, is_plain=is_plain)
            if decision.state is DeliveryState.REFUSED:
                self._marked.append(each)
            self._put_down(decision, now)
        since = self._decided_since or now
        if len(self._decided) >= _FLUSH or now - since >= _FLUSH_AFTER:
            self._flush()

    def _decision(self, held: Held, *, is_plain: bool) -> Decision:
        """By the retry table, or for good: what is plainly the recipient's own at once, what is
        doubtful when it is heard again and by nobody else.
        """
        if held.reply.verdict is Verdict.PERMANENT:
            hint = hint_of(held.reply)
            is_second = held.outcome.delivery.attempts > 0
            is_lone = hint not in OURS and not (
                hint in _DOUBTFUL and self.judge.is_common(held.reply)
            )
            if (is_plain and hint not in _DOUBTFUL) or (is_second and is_lone):
                return Decision(held=held.outcome, state=DeliveryState.REFUSED)
        return self._by_the_table(held)

    def _last_decision(self, held: Held) -> Decision | None:
        """At the end of a send, where nobody was accepted after it; None leaves it as it is."""
        is_suspicious = self.judge.is_suspicious
        if not is_suspicious:
            return self._decision(held, is_plain=True)
        hint = hint_of(held.reply)
        if hint in OURS:
            return None
        if held.outcome.delivery.attempts:
            return self._decision(held, is_plain=False)
        return None if hint is Hint.POLICY else self._by_the_table(held)

    def _by_the_table(self, held: Held) -> Decision:
        attempts = held.outcome.delivery.attempts + 1
        due = self.retry.next_attempt(attempts, held.at)
        if due is None:
            reason = f"given up after {attempts} attempts"
            return Decision(held=held.outcome, state=DeliveryState.REFUSED, reason=reason)
        is_permanent = held.reply.verdict is Verdict.PERMANENT
        return Decision(
            held=held.outcome,
            state=DeliveryState.DEFERRED,
            next_attempt_at=due,
            reason=NOT_BELIEVED if is_permanent else "",
        )

    def _put_down(self, decision: Decision, now: datetime) -> None:
        self._decided.append(decision)
        self._decided_since = self._decided_since or now

    def _flush(self) -> None:
        """Write the decisions down, whenever the journal comes to it."""
        decided, self._decided, self._decided_since = self._decided, [], None
        if not decided:
            return
        now = self.clock()
        written = self.journal.ask(lambda journal: journal.decide(decided, now))

        def heard(_: object) -> None:
            error = None if written.cancelled() else written.exception()
            for decision in decided:
                self._heard(decision.state, error)

        written.add_done_callback(heard)

    def _note(self, outcome: Outcome) -> Note:
        return self.journal.note(outcome, self._heard)

    def _heard_if_held(self, _state: DeliveryState, error: BaseException | None) -> None:
        if isinstance(error, NewsletterError):
            self.on_fault(error)

    def _heard(self, state: DeliveryState, error: BaseException | None) -> None:
        if error is None:
            self.on_outcome(state)
        elif isinstance(error, NewsletterError):
            self.on_fault(error)

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
