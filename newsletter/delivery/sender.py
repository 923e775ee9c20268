"""Sends a run: claims deliveries, hands each message to the transport, writes down every outcome.

The order of things is the guarantee: a delivery is durably in doubt before its content can reach
anyone, and settled by the reply before its session takes the next one. A fault of ours stops the
run and settles nobody. What the relay says of one recipient never touches another.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from newsletter.addresses import AddrSpec
from newsletter.clock import Clock
from newsletter.delivery.journal_writer import JournalWriter
from newsletter.delivery.retry import RetryTable
from newsletter.delivery.throttle import Throttle
from newsletter.errors import MessageError, NewsletterError, RelayFault, SessionLost
from newsletter.store import Attempt, Delivery, DeliveryState, Journal, Outcome, Run
from newsletter.transports import Envelope, Reply, Session, Stage, Transport, Verdict

BATCH = 200
"""Deliveries claimed at a time: what a clean stop gives back, and a dead process leaves behind."""

MAX_LOSSES = 3
"""Sessions lost in a row, each before its content, until the relay is called unreachable."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What to send and how. `owner` names this process; `retry_now` does not wait for the table."""

    run: Run
    owner: str
    lease: timedelta
    reverse_path: AddrSpec
    compose: Callable[[Delivery], bytes]
    retry: RetryTable
    retry_now: bool = False


@dataclass
class RunSender:
    """Sends one run over one transport, with as many sessions as that allows.

    `on_outcome` hears of every delivery's new state. `stop` asks for a drain: messages under way
    are finished, everything else is given back.
    """

    order: Order
    journal: JournalWriter
    transport: Transport
    clock: Clock
    on_outcome: Callable[[DeliveryState], None]
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    _claimed: deque[Delivery] = field(default_factory=deque)
    _claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    _exhausted: bool = False
    _open_sessions: int = 0
    _losses: int = 0
    _fault: NewsletterError | None = None

    async def send(self) -> None:
        """Send until nothing is left to do now. Raises the fault of ours that stopped it, if any.

        Whatever happens, claims and leases are given back, and the run is closed if it can be.
        """
        throttle = Throttle(self.transport.rate)
        renewing = asyncio.create_task(self._renew())
        try:
            await asyncio.gather(*(self._lane(throttle) for _ in range(self.transport.connections)))
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
            await self._give_back()
        if self._fault:
            raise self._fault

    async def _give_back(self) -> None:
        run_id, now = self.order.run.id, self.clock()
        release = partial(Journal.release, run_id=run_id, owner=self.order.owner, now=now)
        await self.journal.call(release)
        await self.journal.call(partial(Journal.finish, run_id=run_id, now=now))

    async def _renew(self) -> None:
        """Keep the leases while messages go out, however slowly."""
        order = self.order
        renew = partial(Journal.renew, run_id=order.run.id, owner=order.owner, lease=order.lease)
        while True:
            await asyncio.sleep(order.lease.total_seconds() / 3)
            await self.journal.call(partial(renew, now=self.clock()))

    async def _lane(self, throttle: Throttle) -> None:
        """One session's work. A fault here lets the other lanes finish what they have in hand."""
        try:
            await self._work(throttle)
        except NewsletterError as error:
            self._fault = self._fault or error
            self.stop.set()

    async def _work(self, throttle: Throttle) -> None:
        session: Session | None = None
        try:
            while (delivery := await self._next()) is not None:
                await throttle.turn(self.stop)
                content = None if self.stop.is_set() else await self._compose(delivery)
                if content is None:
                    continue
                session = session or await self._open(delivery)
                if session is None:
                    return
                if not await self._attempt(session, delivery, content):
                    await self._close(session)
                    session = None
        finally:
            await self._close(session)

    async def _next(self) -> Delivery | None:
        """The next claimed delivery; a new batch is claimed when there is none."""
        async with self._claiming:
            if not self._claimed and not self._exhausted and not self.stop.is_set():
                self._claimed.extend(await self._claim())
                self._exhausted = not self._claimed
        if self.stop.is_set() or not self._claimed:
            return None
        return self._claimed.popleft()

    async def _claim(self) -> list[Delivery]:
        order = self.order
        claim = partial(
            Journal.claim,
            run_id=order.run.id,
            owner=order.owner,
            now=self.clock(),
            lease=order.lease,
            limit=BATCH,
            include_deferred_not_due=order.retry_now,
        )
        return await self.journal.call(claim)

    async def _compose(self, delivery: Delivery) -> bytes | None:
        """The message, or None where it could not be made: that recipient has failed, no other."""
        try:
            return self.order.compose(delivery)
        except MessageError as error:
            await self._fail(delivery, error)
            return None

    async def _attempt(self, session: Session, delivery: Delivery, content: bytes) -> bool:
        """Hand one message over and settle it; False where the session was lost on the way.

        A session is lost before anyone can have the message, so the delivery is planned again.
        """
        started = self.clock()
        try:
            reply = await self._hand_over(session, delivery, content)
        except SessionLost as lost:
            await self._put_back(delivery, lost)
            return False
        except MessageError as error:
            await self._fail(delivery, error)
        else:
            await self._settle(self._outcome(delivery, reply, started))
        self._losses = 0
        return True

    async def _put_back(self, delivery: Delivery, lost: SessionLost) -> None:
        state = DeliveryState.PLANNED
        await self.journal.settle(Outcome(delivery=delivery, state=state, reason=lost.what))
        self._exhausted = False
        self._losses += 1
        if self._losses >= MAX_LOSSES:
            raise RelayFault(
                f"{self._losses} sessions in a row were lost: {lost.what}",
                where=lost.where or self.transport.name,
                next_step="look at the relay, then run the same command again",
            ) from lost

    async def _hand_over(self, session: Session, delivery: Delivery, content: bytes) -> Reply:
        envelope = Envelope(
            reverse_path=str(self.order.reverse_path), recipient=str(delivery.recipient)
        )
        return await session.deliver(
            envelope, content, before_content=partial(self.journal.begin_content, delivery)
        )

    async def _open(self, delivery: Delivery) -> Session | None:
        """A session, or None where the relay takes no more than are open: one lane too many."""
        try:
            session = await self.transport.open()
        except RelayFault:
            if not self._open_sessions:
                raise
            self._claimed.appendleft(delivery)
            return None
        self._open_sessions += 1
        return session

    async def _close(self, session: Session | None) -> None:
        if session is not None:
            self._open_sessions -= 1
            await session.close()

    def _outcome(self, delivery: Delivery, reply: Reply, started: datetime) -> Outcome:
        now = self.clock()
        attempt = Attempt(
            started_at=started,
            ended_at=now,
            stage=reply.stage.value,
            code=reply.code,
            enhanced_code=reply.enhanced_code,
            text=reply.text,
            transport=self.transport.name,
        )
        state, reason = _STATES[reply.verdict], ""
        next_attempt = None
        if state is DeliveryState.DEFERRED:
            attempts = delivery.attempts + 1
            next_attempt = self.order.retry.next_attempt(attempts, now)
            if next_attempt is None:
                state, reason = DeliveryState.REFUSED, f"given up after {attempts} attempts"
        return Outcome(
            delivery=delivery,
            state=state,
            attempt=attempt,
            next_attempt_at=next_attempt,
            reason=reason,
        )

    async def _fail(self, delivery: Delivery, error: MessageError) -> None:
        state = DeliveryState.FAILED
        await self._settle(Outcome(delivery=delivery, state=state, reason=str(error)))

    async def _settle(self, outcome: Outcome) -> None:
        await self.journal.settle(outcome)
        self.on_outcome(outcome.state)


_STATES = {
    Verdict.ACCEPTED: DeliveryState.ACCEPTED,
    Verdict.TRANSIENT: DeliveryState.DEFERRED,
    Verdict.PERMANENT: DeliveryState.REFUSED,
    Verdict.IN_DOUBT: DeliveryState.IN_DOUBT,
}


async def deliver_once(transport: Transport, envelope: Envelope, content: bytes) -> Reply:
    """Hand over one message that no journal knows: a test send. A lost session is a reply too."""

    async def nothing_to_record() -> None:
        return None

    session = await transport.open()
    try:
        return await session.deliver(envelope, content, before_content=nothing_to_record)
    except SessionLost as lost:
        return Reply(code=None, enhanced_code="", text=lost.what, stage=Stage.MAIL)
    finally:
        await session.close()
