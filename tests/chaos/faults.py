"""What can go wrong with a fleet, as data, and how each of it is done to a world.

A fault ends by itself: the network heals, the process is woken, the server is back.
"""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from tests.chaos.handover import HandOvers
from tests.chaos.machine import Machine
from tests.chaos.world import DATABASE, World
from tests.pace import patience

SKEW_SECONDS = 300
SETTLE_SECONDS = 0.3
"""A commit that was on its way when the fault came is through after so long."""


class Kind(StrEnum):
    """What goes wrong."""

    KILL = "kill -9 of a worker"
    FREEZE = "SIGSTOP until others have taken over, then SIGCONT"
    CUT = "network cut, and healed"
    CUT_OFF = "network cut, and reset"
    SERVER = "PostgreSQL crashed, and back after a while"
    CLOCK = "clock five minutes off, and right again"
    OTHER_FILES = "a worker with another text of the issue"
    STRANGER = "a worker that knows no task of ours"
    ALL = "all workers killed at once"


EVERYWHERE = (Kind.SERVER, Kind.ALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """`seconds` is how long it lasts, where it lasts; `machine` counts from 0."""

    kind: Kind
    machine: int
    seconds: float
    sign: int = 1


def at_random(chance: random.Random, machines: int) -> Fault:
    return Fault(
        kind=chance.choice(list(Kind)),
        machine=chance.randrange(machines),
        seconds=chance.choice((2, 5, 10, 20, 60))
        if chance.random() < 0.3
        else chance.uniform(1, 8),
        sign=chance.choice((1, -1)),
    )


@dataclass
class Trouble:
    """Does faults to a world; `exposed` counts the connections that were open when one came."""

    world: World
    hand_overs: HandOvers
    exposed: int = 0
    made: Counter[str] = field(default_factory=Counter)

    async def make(self, fault: Fault) -> None:
        self.made[fault.kind] += 1
        machine = self.world.machines[fault.machine]
        acts = {
            Kind.KILL: self._kill,
            Kind.FREEZE: self._freeze,
            Kind.CUT: self._cut,
            Kind.CUT_OFF: self._cut,
            Kind.CLOCK: self._skew,
            Kind.OTHER_FILES: self._odd,
            Kind.STRANGER: self._stranger,
        }
        if fault.kind is Kind.SERVER:
            await self._server(fault)
        elif fault.kind is Kind.ALL:
            await self._all(fault)
        else:
            await acts[fault.kind](fault, machine)

    async def _hit(self, fault: Fault, *machines: Machine) -> None:
        """The shards that these machines have now are waited for from now."""
        self.exposed += sum(each.relay.open for each in machines)
        owned = _owned_by(machines)
        await asyncio.sleep(SETTLE_SECONDS)
        with suppress(TimeoutError):
            await self.hand_overs.expect(fault.kind, owned)

    async def _kill(self, fault: Fault, machine: Machine) -> None:
        owned = asyncio.create_task(self._hit(fault, machine))
        await asyncio.sleep(0)
        machine.kill()
        await owned

    async def _all(self, fault: Fault) -> None:
        owned = asyncio.create_task(self._hit(fault, *self.world.machines))
        await asyncio.sleep(0)
        for machine in self.world.machines:
            machine.kill()
        await owned

    async def _freeze(self, fault: Fault, machine: Machine) -> None:
        machine.freeze()
        try:
            await self._hit(fault, machine)
            await self.hand_overs.done(fault.kind, at_most=patience(15))
            await asyncio.sleep(fault.seconds)
        finally:
            machine.thaw()

    async def _cut(self, fault: Fault, machine: Machine) -> None:
        machine.cut()
        try:
            await self._hit(fault, machine)
            await asyncio.sleep(fault.seconds)
        finally:
            machine.heal(reset=fault.kind is Kind.CUT_OFF)

    async def _skew(self, fault: Fault, machine: Machine) -> None:
        machine.set_clock(fault.sign * SKEW_SECONDS)
        try:
            await self._hit(fault, machine)
            await asyncio.sleep(fault.seconds)
        finally:
            machine.set_clock(0)

    async def _server(self, fault: Fault) -> None:
        """The waiting begins when it is back."""
        async with self.world.is_beginning:
            self.exposed += sum(each.relay.open for each in self.world.machines)
            with self.world.server.stopped():
                await asyncio.sleep(fault.seconds)
            await self.hand_overs.expect(fault.kind, lambda owner: owner is not None)

    async def _odd(self, fault: Fault, machine: Machine) -> None:
        odd = self.world.odd
        assert odd is not None
        if odd.is_wanted:
            return
        odd.switch_on()
        await asyncio.sleep(fault.seconds + 5)
        await odd.switch_off()

    async def _stranger(self, fault: Fault, machine: Machine) -> None:
        path = Path(__file__).parent / "stranger.py"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(path), self.world.server.url(DATABASE), str(fault.seconds)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await process.wait()


def _owned_by(machines: Sequence[Machine]) -> Callable[[str | None], bool]:
    """By the processes that run now: after a restart they are others."""
    marks = [f" process {each.pid} " for each in machines if each.pid is not None]
    return lambda owner: owner is not None and any(mark in owner for mark in marks)
