"""One session's work: message after message, the next one announced while this one ends.

Knows the order of things that is the guarantee: a delivery is durably in doubt before its final
dot is written, and the outcome of the one before it is durable by then. What a reply makes of a
delivery is left to `settlement`, where messages come from to `supply`.
"""

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.clock import Clock
from newsletter.delivery.journal_writer import Beginning, JournalWriter, Note
from newsletter.delivery.sessions import Sessions
from newsletter.delivery.settlement import Settlement
from newsletter.delivery.streams import Streams
from newsletter.delivery.supply import PreparedMessage, Supply
from newsletter.delivery.throttle import Pacing
from newsletter.errors import (
    MessageError,
    NewsletterError,
    RelayFault,
    SessionLost,
    Trouble,
    Withdrawn,
)
from newsletter.transports import (
    Reply,
    Session,
    Verdict,
)

MAX_LOSSES = 3
"""Recipients in a row over whom sessions were lost, each before its content, until the relay is
called unreachable; and final dots in a row without a reply."""

LOSSES_EACH = 2
"""Sessions lost over one recipient until another's turn comes; over a second one in a row, one."""


@dataclass
class Lane:
    """What it holds is claimed and has had its turn of the throttle; the first goes out next."""

    sessions: Sessions
    supply: Supply | Streams
    throttle: Pacing
    settlement: Settlement
    journal: JournalWriter
    clock: Clock
    stop: asyncio.Event
    _held: deque[PreparedMessage] = field(default_factory=deque)
    _session: Session | None = None
    _noted: Note | None = None
    _begun: Beginning | None = None
    _losses: int = 0
    _lost_over: set[int] = field(default_factory=set)
    _doubts: int = 0

    async def work(self) -> None:
        """Deliver until nothing is left, `stop` is set, or the relay refuses everybody.

        Raises the fault that ends it.
        What is on the wire is finished. What was only announced is dropped with its connection:
        nothing of it was written.
        """
        try:
            while not self.settlement.is_halted and await self._take_one():
                self._session = self._session or await self.sessions.open()
                if self._session is None:
                    return
                await self._look_ahead()
                await self._deliver(self._session)
        finally:
            await self._leave()

    async def probe(self) -> bool:
        """Deliver one message to a relay that refuses everybody; False where there is none."""
        self.settlement.is_probing = True
        try:
            if not await self._take_one():
                return False
            self._session = await self.sessions.open()
            if self._session is not None:
                await self._deliver(self._session)
            return True
        finally:
            self.settlement.is_probing = False
            await self._leave()

    async def _leave(self) -> None:
        for message in self._held:
            self.supply.put_back(message)
        self._held.clear()
        await self._close()
        if self._noted is not None:
            await self.journal.rest()

    async def _take_one(self) -> bool:
        """Have a message in hand whose turn it is; False when there is none, or we stop."""
        if not self._held:
            message = await self.supply.next()
            if message is None:
                return False
            self._held.append(message)
            await self.throttle.turn(self.stop)
        return not self.stop.is_set()

    async def _look_ahead(self) -> None:
        """Have the following message at hand, unless its turn of the throttle is not due."""
        if len(self._held) == 1 and self.throttle.is_due:
            following = self.supply.at_hand() or await self.supply.following()
            if following is not None:
                self.throttle.take()
                self._held.append(following)

    async def _deliver(self, session: Session) -> None:
        message = self._held[0]
        following = self._held[1].envelope if len(self._held) > 1 else None
        started = self.clock()
        self._begun = None
        try:
            reply = await session.deliver(
                message.envelope,
                message.content,
                before_content=self._begin,
                following=following,
            )
        except SessionLost as lost:
            await self._lose(message, lost, started)
            return
        except MessageError as error:
            self._noted = self.settlement.fail(message.delivery, error)
        except Withdrawn:
            self.settlement.suppressed()
            await self._close()  # which nobody need do politely: its content has no end yet
        except NewsletterError as error:
            await self._take_back(message, error)
            raise
        else:
            self._noted = self.settlement.settle(message.delivery, reply, started)
            await self._close_if_over(reply)
            self._doubts = self._doubts + 1 if reply.verdict is Verdict.IN_DOUBT else 0
        self._held.popleft()
        self._losses = 0
        self._lost_over.clear()
        if self._doubts >= MAX_LOSSES:  # a relay that swallows replies: not the whole list in doubt
            raise RelayFault(
                f"{self._doubts} final dots in a row got no reply",
                where=self.sessions.transport.name,
                next_step="look at the relay and its log, then run the same command again",
            )

    def _begin(self) -> Beginning:
        """The journal's word that the final dot may be written; it is raised when it may not.

        Where the recipient has left meanwhile nothing is wrong, but the content is under way: only
        the end of the connection keeps it from being a message (RFC 5321, 4.1.1.10 and 4.1.1.4).

        The outcome of the message before was noted earlier, so it is written by then, or lost.
        """
        self._begun = self.journal.begin_content(self._held[0].delivery, after=self._noted)
        return self._begun

    @property
    def _is_begun(self) -> bool:
        """Whether the journal has the message in hand as in doubt."""
        return self._begun is not None and self._begun.is_written

    async def _lose(self, message: PreparedMessage, lost: SessionLost, started: datetime) -> None:
        """A session is lost before anyone can have the message: it is tried again on another.

        Where that happens over the same recipient again, it is deferred: one that a relay cannot
        bear keeps nobody else from theirs. Over one recipient after another it is the relay.
        """
        await self._close()
        self._losses += 1
        self._lost_over.add(message.delivery.id)
        if self.sessions.is_lost_again(message.delivery.id, LOSSES_EACH - len(self._lost_over) + 1):
            self._held.popleft()
            self._noted = self.settlement.lose(message.delivery, lost, started)
        elif self._is_begun:
            self._held.popleft()
            await self.settlement.put_back(message.delivery, lost.what)
            self.supply.plan_again()
        if len(self._lost_over) >= MAX_LOSSES:
            raise RelayFault(
                f"{self._losses} sessions in a row were lost: {lost.what}",
                where=lost.where or self.sessions.transport.name,
                next_step="look at the relay, then run the same command again",
                trouble=Trouble.AWAY,
            ) from lost

    async def _take_back(self, message: PreparedMessage, fault: NewsletterError) -> None:
        """A fault of ours kept the final dot back; if the journal fails too, a doubt is left."""
        self.settlement.on_fault(fault)  # at once: the other lanes are at work meanwhile
        if self._is_begun:
            self._held.popleft()
            with suppress(NewsletterError):
                await self.settlement.put_back(message.delivery, fault.what)

    async def _close_if_over(self, reply: Reply) -> None:
        """Leave a connection that is dead after this reply, before another message meets it."""
        if reply.ends_session:
            await self._close()

    async def _close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await self.sessions.close(session)
