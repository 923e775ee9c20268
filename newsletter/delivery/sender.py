"""Sends a run: as many lanes as the transport allows sessions, one supply, one journal.

A fault of ours stops the run and settles nobody. What the relay says of one recipient never
touches another. The order of things for one message is left to `lane`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from newsletter.books import Adjustment, DeliveryState
from newsletter.clock import Clock
from newsletter.delivery.breaker import Breaker
from newsletter.delivery.journal_writer import JournalWriter
from newsletter.delivery.lane import Lane
from newsletter.delivery.order import Order
from newsletter.delivery.sessions import Sessions
from newsletter.delivery.settlement import Settlement
from newsletter.delivery.supply import Supply
from newsletter.errors import SessionLost
from newsletter.store import Journal, Runs
from newsletter.transports import Envelope, Reply, Stage, Transport


@dataclass
class RunSender:
    """Sends one run over one transport, with as many sessions as that allows.

    `on_outcome` hears of every delivery's new state, `on_adjusted` of what the relay makes us do
    otherwise. `stop` asks for a drain: messages under way are finished, everything else is given
    back. `sessions` are those of an earlier round, with what it learnt.
    """

    order: Order
    runs: Runs
    journal: JournalWriter
    transport: Transport
    clock: Clock
    on_outcome: Callable[[DeliveryState], None]
    on_adjusted: Callable[[Adjustment], object] = lambda _: None
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    sessions: Sessions | None = None
    _fault: Exception | None = None

    async def send(self) -> None:
        """Send until nothing is left to do now. Raises the fault of ours that stopped it, if any.

        Whatever happens, claims and leases are given back, and the run is closed if it can be.
        """
        settlement = await self._settlement()
        supply = Supply(self.order, self.journal, self.clock, stop=self.stop, fail=settlement.fail)
        renewing = asyncio.create_task(self._renew())
        try:
            await self._work(supply, settlement)
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
            await supply.close()
            await self._give_back()
        if self._fault:
            raise self._fault

    async def _settlement(self) -> Settlement:
        balance = await asyncio.to_thread(self.runs.balance, self.order.run.id)
        return Settlement(
            journal=self.journal,
            retry=self.order.retry,
            breaker=Breaker(self.transport.name, is_proven=not balance[DeliveryState.PLANNED]),
            clock=self.clock,
            transport_name=self.transport.name,
            on_outcome=self.on_outcome,
            on_fault=self._stop_for,
        )

    async def _work(self, supply: Supply, settlement: Settlement) -> None:
        sessions = self.sessions or Sessions(self.transport, self.on_adjusted)
        throttle = self.order.throttle

        async def work() -> None:
            lane = Lane(sessions, supply, throttle, settlement, self.journal, self.clock, self.stop)
            try:
                await lane.work()
            except Exception as error:  # noqa: BLE001 - it is raised when all lanes have ended
                self._stop_for(error)

        await asyncio.gather(*(work() for _ in range(self.transport.connections)))
        while supply.holds_some and not self.stop.is_set():
            await work()  # one gave something back when all the others were done

    def _stop_for(self, fault: Exception) -> None:
        """A fault, even a bug of ours, lets the other lanes finish what they have in hand."""
        self._fault = self._fault or fault
        self.stop.set()

    async def _give_back(self) -> None:
        order, now = self.order, self.clock()
        release = partial(Journal.release, run_id=order.run.id, owner=order.owner, now=now)
        await self.journal.call(release)
        await asyncio.to_thread(self.runs.finish, order.run.id, order.by, now)

    async def _renew(self) -> None:
        """Keep the leases while messages go out, however slowly."""
        order = self.order
        renew = partial(Journal.renew, run_id=order.run.id, owner=order.owner, lease=order.lease)
        while True:
            await asyncio.sleep(order.lease.total_seconds() / 3)
            await self.journal.call(partial(renew, now=self.clock()))


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
