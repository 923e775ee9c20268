"""Faults one after another on a fleet that always has something to send, and what came of it.

The faults overlap: the next comes before the last is over, on whichever machine is not in trouble.
"""

import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import psycopg

from tests.chaos.faults import EVERYWHERE, Fault, Trouble
from tests.chaos.handover import HandOvers
from tests.chaos.ledger import Verdict
from tests.chaos.world import World
from tests.pace import patience

FEW_LEFT = 150
"""Deliveries; where fewer are left, the next run begins."""

ENOUGH_SENT = 20
"""Messages between two faults: a fleet that is still down cannot be struck."""

MOST_AT_ONCE = 2
"""Machines in trouble of their own at a time; what is everywhere comes on top."""


Course = Callable[[Trouble], Awaitable[None]]
"""Which faults come when; it is over when the last of them is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What a storm came to. `took` is the seconds of each hand-over, by the kind of fault."""

    faults: Counter[str]
    took: Mapping[str, Sequence[float]]
    exposed: int
    verdict: Verdict
    runs: int
    is_over: bool
    is_log_whole: bool

    @property
    def is_kept(self) -> bool:
        is_whole = self.is_over and self.is_log_whole and self.verdict.is_kept
        return is_whole and self.verdict.doubts <= self.exposed


async def storm(world: World, course: Course, *, shard_size: int) -> Report:
    """Begin runs while there are faults, then wait for the end of all, and count."""
    hand_overs = HandOvers(world.ledger)
    trouble = Trouble(world, hand_overs)
    await world.begin(shard_size=shard_size)
    await _are_sending(world)
    enough = asyncio.Event()
    watching = asyncio.create_task(hand_overs.watch())
    busy = asyncio.create_task(_keep_busy(world, shard_size, enough))
    try:
        await course(trouble)
        enough.set()
        await busy
        is_over = await world.are_over()
    finally:
        await _stopped(busy, watching)
    return await _report(world, trouble, is_over=is_over)


async def _stopped(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _are_sending(world: World) -> None:
    """Until some machine has a shard: a fault before that strikes nobody."""
    async with asyncio.timeout(patience()):
        while not any(shard.owner for shard in await world.ledger.shards()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def one_after_another(
    trouble: Trouble, *, faults: Sequence[Fault], chance: random.Random, gap: float, end: float
) -> None:
    """A course: the next of them after a while, `gap` seconds on the average, until the `end`; but
    not before the fleet has sent something since the last.
    """
    under_way: dict[asyncio.Task[None], Fault] = {}
    for number, fault in enumerate(faults, 1):
        while _must_wait(fault, list(under_way.values())):
            await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            under_way = _still(under_way)
        if time.monotonic() > end:
            break
        placed = await _placed(fault, list(under_way.values()), trouble.world)
        print(f"{number}: {fault.kind}, {fault.seconds:.0f} s", file=sys.stderr, flush=True)
        sent = trouble.world.relay.taken.total()
        under_way[asyncio.create_task(trouble.make(placed))] = placed
        await asyncio.sleep(chance.uniform(gap / 2, gap * 1.5))
        with suppress(TimeoutError):
            async with asyncio.timeout(patience(30)):
                while trouble.world.relay.taken.total() < sent + ENOUGH_SENT:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        under_way = _still(under_way)
    await asyncio.gather(*under_way)


def _still(under_way: dict[asyncio.Task[None], Fault]) -> dict[asyncio.Task[None], Fault]:
    for task in under_way:
        if task.done():
            task.result()
    return {task: fault for task, fault in under_way.items() if not task.done()}


def _must_wait(fault: Fault, others: Sequence[Fault]) -> bool:
    if fault.kind in EVERYWHERE:
        return any(other.kind is fault.kind for other in others)
    local = [other for other in others if other.kind not in EVERYWHERE]
    return len(local) >= MOST_AT_ONCE or any(other.kind is fault.kind for other in local)


async def _placed(fault: Fault, others: Sequence[Fault], world: World) -> Fault:
    """Its number is a place among the machines that are in no trouble, the busiest first."""
    troubled = {other.machine for other in others if other.kind not in EVERYWHERE}
    with suppress(psycopg.OperationalError):  # a server that is down knows nobody's
        order = [each for each in await world.busiest_first() if each not in troubled]
        return replace(fault, machine=order[fault.machine % len(order)])
    return replace(fault, machine=min(set(range(len(world.machines))) - troubled))


async def _keep_busy(world: World, shard_size: int, enough: asyncio.Event) -> None:
    """A run that is being begun is begun to the end: half a one would be nobody's."""
    while not enough.is_set():
        await asyncio.sleep(0.5)
        async with world.is_beginning:
            if sum(shard.left for shard in await world.ledger.shards()) < FEW_LEFT:
                await world.begin(shard_size=shard_size)


async def _report(world: World, trouble: Trouble, *, is_over: bool) -> Report:
    verified = world.desk.run("log", "--verify")
    return Report(
        faults=trouble.made,
        took=trouble.hand_overs.took,
        exposed=trouble.exposed,
        verdict=await world.ledger.verdict(world.relay),
        runs=len(world.begun),
        is_over=is_over,
        is_log_whole=verified.status == 0,
    )
