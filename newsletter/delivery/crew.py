"""Several senders of one run side by side, each over a relay of its own, of the same parts or of
others.

Whom a relay refuses is judged by what that relay says, so each has its own judge, sessions and
throttle; they share the claims of one owner. A relay that turns on us, or is away, rests: what it
held goes to the others who send the same, and it is tried again, less and less often. Where all
rest, the send ends as one over a single relay does. How one sender goes on is left to `sender`, who
may claim how many to `shares`.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from newsletter.books import Adjustment, DeliveryState, Manner, Part, relay_of
from newsletter.clock import Clock
from newsletter.delivery.journal_writer import JournalWriter
from newsletter.delivery.mood import Judge
from newsletter.delivery.order import Order
from newsletter.delivery.sender import RunSender, give_back
from newsletter.delivery.sessions import Sessions
from newsletter.delivery.shares import Ration, Share, Shares
from newsletter.delivery.streams import IDLE
from newsletter.errors import RelayFault, RunBusyError
from newsletter.stopping import passing_on
from newsletter.store import Journal, Runs
from newsletter.transports import Transport

RESTS = (5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 300.0)
"""Seconds, the last of them for ever: a relay is left alone so long, while the others carry."""


@dataclass(eq=False, kw_only=True)
class Mate:
    """One relay of a crew, with what is known of it. `order` has its parts, throttle and quotas.

    `weight` is None where none is written. `is_one_of_many` says that other relays have sent some
    of the run, or will.
    """

    transport: Transport
    order: Order
    is_one_of_many: bool = False
    weight: int | None = None
    sessions: Sessions | None = None
    judge: Judge | None = None
    fault: RelayFault | None = None
    busy: RunBusyError | None = None
    is_resting: bool = False
    pauses: int = 0
    due: float = 0.0

    @property
    def relay(self) -> str:
        return relay_of(self.transport.name)

    def sends_with(self, other: "Mate") -> bool:
        """Whether what one cannot send is the other's to send."""
        theirs = {each.part for each in other.order.side_by_side}
        return any(each.part in theirs for each in self.order.side_by_side)


@dataclass(kw_only=True)
class Crew:
    """Sends one part of a run over all its mates; their orders differ in nothing but what is a
    relay's own.

    The rest is as for `RunSender`.
    """

    mates: Sequence[Mate]
    runs: Runs
    journal: JournalWriter
    clock: Clock
    on_outcome: Callable[[DeliveryState], None]
    on_adjusted: Callable[[Adjustment], object] = lambda _: None
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    rests: Sequence[float] = RESTS
    _given_back: int = 0
    _working: dict[asyncio.Task[None], Mate] = field(default_factory=dict)
    _fault: Exception | None = None

    async def send(self) -> None:
        """Send until nothing is left to do now. Raises the fault of ours that stopped it, or that
        of a relay where none is left to carry.

        Whatever happens, claims and leases are given back, and the run is closed if it can be.
        """
        order = self._order
        if order.retry_now:
            hasten = partial(Journal.hasten, run_id=order.run.id, now=self.clock())
            await self.journal.call(hasten)
        self._wake()
        joined = await self._joined()
        try:
            await self._go_on(joined)
        finally:
            self.stop.set()
            await asyncio.gather(*self._working, return_exceptions=True)
            await give_back(self._order, self.journal, self.runs, self.clock())
        fault = self._fault or await self._fault_of_a_mate()
        if fault is not None:
            raise fault

    @property
    def _order(self) -> Order:
        return self.mates[0].order

    async def _joined(self) -> dict[Mate, list[Share]]:
        """The shares of each mate, in the order of its parts."""
        ration = Ration(self._order.limit)
        is_strict = any(mate.weight for mate in self.mates)
        known: dict[Part, Shares] = {}
        for part in (each.part for mate in self.mates for each in mate.order.side_by_side):
            if part not in known:
                due = await self._count_due(part)
                known[part] = Shares(ration, due=due, is_strict=is_strict)
        return {
            mate: [
                known[each.part].join(mate.weight or 1, mate) for each in mate.order.side_by_side
            ]
            for mate in self.mates
        }

    async def _fault_of_a_mate(self) -> Exception | None:
        """Why something is left that a relay was to carry, or why nobody could begin."""
        for mate in self.mates:
            if mate.fault is not None:
                for each in mate.order.side_by_side:
                    if await self._count_due(each.part):
                        return mate.fault
        busy = [mate.busy for mate in self.mates if mate.busy is not None]
        return busy[0] if len(busy) == len(self.mates) else None

    def _wake(self) -> None:
        """A round begins: whoever was idle in the one before it looks again, or all who rest."""
        everybody = all(mate.is_resting for mate in self.mates)
        for mate in self.mates:
            if everybody or not mate.is_resting:
                mate.due, mate.pauses = 0.0, 0

    async def _go_on(self, shares: dict[Mate, list[Share]]) -> None:
        """Start whoever is due, until nobody is at work."""
        while not self.stop.is_set():
            now = _seconds()
            at_work = set(self._working.values())
            for mate in self.mates:
                if mate not in at_work and mate.due <= now:
                    for share in shares[mate]:
                        share.rejoin()
                    work = asyncio.create_task(self._work(mate, shares[mate]))
                    self._working[work] = mate
            if not self._working:
                return
            idle = [mate.due for mate in self.mates if mate not in set(self._working.values())]
            wait = max(min(idle) - now, 0.0) if idle else None
            done, _ = await asyncio.wait(
                self._working, timeout=wait, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                del self._working[task]

    async def _work(self, mate: Mate, shares: Sequence[Share]) -> None:
        """One turn of one mate: until nothing is left for it, or its relay turns on us."""
        accepted, seen = 0, self._given_back

        def heard(state: DeliveryState) -> None:
            nonlocal accepted
            accepted += state is DeliveryState.ACCEPTED
            self.on_outcome(state)

        sender = self._sender(mate, shares, heard)
        mate.fault, mate.busy, mate.is_resting = None, None, False
        try:
            with passing_on(self.stop, sender.stop):
                await sender.send()
        except RelayFault as fault:
            mate.fault, mate.is_resting = fault, True
        except RunBusyError as busy:
            mate.busy = busy
        except Exception as error:  # noqa: BLE001 - it is raised at the end of the send
            self._fault = self._fault or error
            self.stop.set()
        finally:
            for share in shares:
                share.leave()
        mate.judge = sender.judge
        mate.is_resting = mate.is_resting or sender.is_turned_away
        self._lay_down(mate, has_accepted=accepted > 0)
        if not mate.is_resting and self._given_back > seen:
            mate.due = 0.0  # it may have looked before that was there

    def _sender(
        self, mate: Mate, shares: Sequence[Share], heard: Callable[[DeliveryState], None]
    ) -> RunSender:
        adjusted = self._adjusted_by(mate)
        mate.sessions = mate.sessions or Sessions(mate.transport, adjusted)
        return RunSender(
            replace(mate.order, retry_now=False, patience=()),
            self.runs,
            self.journal,
            mate.transport,
            self.clock,
            heard,
            on_adjusted=adjusted,
            sessions=mate.sessions,
            judge=mate.judge,
            shares=shares,
        )

    def _adjusted_by(self, mate: Mate) -> Callable[[Adjustment], object]:
        return lambda adjustment: self.on_adjusted(replace(adjustment, relay=mate.relay))

    def _lay_down(self, mate: Mate, *, has_accepted: bool) -> None:
        """When it is tried again; those who were idle look at once at what it has given back."""
        mate.pauses = 0 if has_accepted else mate.pauses
        pauses = self.rests if mate.is_resting else IDLE
        seconds = pauses[min(mate.pauses, len(pauses) - 1)]
        mate.pauses += 1
        mate.due = _seconds() + seconds
        if not mate.is_resting or self.stop.is_set():
            return
        self._given_back += 1
        others = [each for each in self.mates if each is not mate and not each.is_resting]
        for each in others:
            each.due = 0.0
        if others:
            words = mate.fault.what if mate.fault else mate.judge.words if mate.judge else ""
            manner = Manner.WITHOUT if any(map(mate.sends_with, others)) else Manner.WAITING
            self._adjusted_by(mate)(Adjustment(manner=manner, said=words, seconds=seconds))

    async def _count_due(self, part: Part) -> int:
        """How many deliveries of the part may be claimed now."""
        run, now = self._order.run.id, self.clock()
        count = partial(Journal.count_due, run_id=run, now=now, part=part)
        return await self.journal.call(count)


def _seconds() -> float:
    return asyncio.get_running_loop().time()
