"""Sends a run: as many lanes as the transport allows sessions, one journal, and a supply for each
part that has a pace of its own.

A fault of ours stops the run and settles nobody. What the relay says of one recipient never
touches another. The order of things for one message is left to `lane`.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from newsletter.books import Adjustment, DeliveryState, Manner, Part, shared_out
from newsletter.clock import Clock
from newsletter.delivery.journal_writer import JournalWriter
from newsletter.delivery.lane import Lane
from newsletter.delivery.memory import relays_over, remembered
from newsletter.delivery.mood import Judge, Mood
from newsletter.delivery.order import Order
from newsletter.delivery.sessions import Sessions
from newsletter.delivery.settlement import Settlement
from newsletter.delivery.shares import Ration, Share, Shares
from newsletter.delivery.streams import Stream, Streams
from newsletter.delivery.supply import Supply, open_pool
from newsletter.delivery.throttle import Pacing
from newsletter.delivery.throttles import paced_by
from newsletter.errors import RelayFault
from newsletter.stopping import stopped_within
from newsletter.store import Journal, Runs
from newsletter.transports import Transport

PROBES = 10
"""People in a row who may be refused in words of their own, until that is no proof either."""


@dataclass
class RunSender:
    """Sends one run over one transport, with as many sessions as that allows.

    `on_outcome` hears of every delivery's new state, `on_adjusted` of what the relay makes us do
    otherwise. `stop` asks for a drain: messages under way are finished, everything else is given
    back. `sessions` and `judge` are those of an earlier round, with what they have learnt. `shares`
    are its shares of each part that others send beside it, each over a relay of its own: then it
    gives back nothing but what it holds itself, and the run is for the crew to close.
    `is_one_of_many` leaves out what other relays have said of the run. `is_turned_away` says
    afterwards that the relay takes nobody's mail.
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
    judge: Judge | None = None
    shares: Sequence[Share] = ()
    is_one_of_many: bool = False
    is_turned_away: bool = False
    _fault: Exception | None = None

    async def send(self) -> None:
        """Send until nothing is left to do now. Raises the fault of ours that stopped it, if any.

        Whatever happens, claims and leases are given back, and the run is closed if it can be.
        """
        if self.order.retry_now:
            hasten = partial(Journal.hasten, run_id=self.order.run.id, now=self.clock())
            await self.journal.call(hasten)
        settlement = await self._settlement()
        supply = await self._supply(settlement)
        renewing = asyncio.create_task(self._renew())
        try:
            await self._work(supply, settlement)
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
            await supply.close()
            await settlement.close()
            await self._give_back(supply)
        if self._fault:
            raise self._fault

    @property
    def _pacing(self) -> Pacing:
        """The relay's pace; where one part is all there is to send, it is that part's too."""
        parts = self.order.side_by_side
        return paced_by(self.order.throttle, parts[0].throttle if len(parts) == 1 else None)

    async def _supply(self, settlement: Settlement) -> Supply | Streams:
        order, parts = self.order, self.order.side_by_side
        shares = self.shares or _alone(order)
        make = partial(Supply, order, self.journal, self.clock, fail=settlement.fail)
        if len(parts) == 1:
            return make(stop=self.stop, part=parts[0].part, share=shares[0], throttle=self._pacing)
        due = [await self._count_due(each.part) for each in parts]
        make = partial(make, stop=asyncio.Event(), pool=open_pool(order), among=len(parts))
        streams = [
            Stream(
                supply=make(
                    part=each.part,
                    share=share,
                    most=most,
                    throttle=paced_by(order.throttle, each.throttle),
                ),
                throttle=each.throttle,
                due=count,
            )
            for each, share, most, count in zip(
                parts, shares, await self._dealt(due), due, strict=True
            )
        ]
        return Streams(
            streams,
            lanes=self.transport.connections,
            stop=self.stop,
            is_halted=lambda: settlement.is_halted,
        )

    async def _dealt(self, due: Sequence[int]) -> Sequence[int | None]:
        """How many of each part may go out now, where a ceiling for all leaves too little for all
        of them: else whoever claims first would leave nothing to the others.
        """
        quotas, parts, now = self.order.quotas, self.order.side_by_side, self.clock()
        if not quotas:
            return [None] * len(parts)
        rooms = await self.journal.call(lambda journal: journal.rooms(quotas, now))
        own = {room.group: room.left for room in rooms if room.group is not None}
        wanted = {
            str(number): min(count, own.get(each.part.group or "", count))
            for number, (each, count) in enumerate(zip(parts, due, strict=True))
        }
        left = min((room.left for room in rooms if room.group is None), default=None)
        if left is None or left >= sum(wanted.values()):
            return [None] * len(parts)
        dealt = shared_out(left, wanted)
        return [dealt.get(str(number), 0) for number in range(len(parts))]

    async def _count_due(self, part: Part) -> int:
        run, now = self.order.run.id, self.clock()
        count = partial(Journal.count_due, run_id=run, now=now, part=part)
        return await self.journal.call(count)

    async def _settlement(self) -> Settlement:
        self.judge = self.judge or await self._remembered()
        return Settlement(
            journal=self.journal,
            retry=self.order.retry,
            judge=self.judge,
            clock=self.clock,
            transport_name=self.transport.name,
            on_outcome=self.on_outcome,
            on_fault=self._stop_for,
            throttle=self._pacing,
            on_adjusted=self.on_adjusted,
            others_carry=bool(self.shares),
        )

    async def _remembered(self) -> Judge:
        relays = relays_over(self.transport)
        of_these = self.is_one_of_many or bool(self.shares)
        run, now = self.order.run.id, self.clock()
        receivers = self.order.receivers
        return await remembered(
            self.journal, run, relays, now, of_these=of_these, receivers=receivers
        )

    async def _work(self, supply: Supply | Streams, settlement: Settlement) -> None:
        sessions = self.sessions or Sessions(self.transport, self.on_adjusted)
        throttle = self._pacing

        def lane() -> Lane:
            return Lane(sessions, supply, throttle, settlement, self.journal, self.clock, self.stop)

        async def work() -> None:
            try:
                await lane().work()
            except Exception as error:  # noqa: BLE001 - it is raised when all lanes have ended
                self._stop_for(error)

        while not settlement.is_halted or await self._is_relay_well(settlement, supply, lane):
            await asyncio.gather(*(work() for _ in range(self.transport.connections)))
            while supply.holds_some and not self.stop.is_set() and not settlement.is_halted:
                await work()  # one gave something back when all the others were done
            if self.stop.is_set() or not settlement.is_halted:
                break
        if not self._fault and (loss := settlement.loss()):
            self._stop_for(loss)
        if settlement.is_halted or isinstance(self._fault, RelayFault):
            await self._turn_back(settlement, supply)
            self.is_turned_away = True

    async def _is_relay_well(
        self, settlement: Settlement, supply: Supply | Streams, lane: Callable[[], Lane]
    ) -> bool:
        """Try a relay that refuses everybody with one message after another, less and less often.

        True as soon as it takes one; False where it does not, or waiting is no use.
        """
        for seconds in (0.0, *self.order.patience):
            await self._turn_back(settlement, supply)
            if seconds:
                self._tell_waiting(settlement.judge, seconds)
            if await stopped_within(self.stop, seconds) or not await self._probe(settlement, lane):
                return False
            if not settlement.is_halted:
                return True
            if settlement.judge.mood is not Mood.NOT_NOW:
                break
        if settlement.judge.mood is Mood.AGAINST_US:
            self._stop_for(settlement.fault())
        return False

    async def _probe(self, settlement: Settlement, lane: Callable[[], Lane]) -> bool:
        """Until one is taken, or hears what everybody heard: others may have a bad address."""
        settlement.is_told_again = False
        for _ in range(PROBES):
            try:
                if not await lane().probe():
                    return False
            except Exception as error:  # noqa: BLE001 - it is raised at the end of the send
                self._stop_for(error)
                return False
            if not settlement.is_halted or settlement.is_told_again or self.stop.is_set():
                return True
        return True

    async def _turn_back(self, settlement: Settlement, supply: Supply | Streams) -> None:
        """Nothing that the relay said to everybody is held against anyone."""
        words = self._fault.what if isinstance(self._fault, RelayFault) else settlement.judge.words
        decisions, marked = settlement.turned_away(words), settlement.taken_back()
        if not decisions and not marked:
            return
        await self.journal.rest()
        order = self.order
        turn_away = partial(self.runs.turn_away, by=order.by, now=self.clock(), words=words)
        await asyncio.to_thread(turn_away, order.run.id, decisions, marked)
        for _ in (*decisions, *marked):
            supply.plan_again()

    def _tell_waiting(self, judge: Judge, seconds: float) -> None:
        self.on_adjusted(Adjustment(manner=Manner.WAITING, said=judge.words, seconds=seconds))

    def _stop_for(self, fault: Exception) -> None:
        """A fault, even a bug of ours, lets the other lanes finish what they have in hand."""
        self._fault = self._fault or fault
        self.stop.set()

    async def _give_back(self, supply: Supply | Streams) -> None:
        if self.shares:
            await supply.hand_back()
        else:
            await give_back(self.order, self.journal, self.runs, self.clock())

    async def _renew(self) -> None:
        """Keep the leases while messages go out, however slowly."""
        order = self.order
        run, owner = order.run.id, order.owner
        renew = partial(Journal.renew, run_id=run, owner=owner, lease=order.lease, part=order.part)
        while True:
            await asyncio.sleep(order.lease.total_seconds() / 3)
            await self.journal.call(partial(renew, now=self.clock()))


async def give_back(order: Order, journal: JournalWriter, runs: Runs, now: datetime) -> None:
    """At the end of a send: its shards are free, and the run is closed if it can be.

    Who takes shard after shard closes it apart, and hears whether it was that one.
    """
    release = partial(
        Journal.release, run_id=order.run.id, owner=order.owner, now=now, part=order.part
    )
    await journal.call(release)
    if order.part.shard_id is None:
        await asyncio.to_thread(runs.finish, order.run.id, order.by, now)


def _alone(order: Order) -> Sequence[Share]:
    """The shares of whoever sends all of each part."""
    ration = Ration(order.limit)
    return [Shares(ration).join() for _ in order.side_by_side]
