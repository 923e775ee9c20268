"""How long it takes until the shards that a fault has struck move again.

A shard moves when somebody takes it (its epoch grows), or when fewer are left in it; whose it is
matters not. It is read from the journal, a few times a second.
"""

import asyncio
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

import psycopg

from tests.chaos.ledger import Ledger, ShardNow

LOOK_SECONDS = 0.25


class Struck(NamedTuple):
    """A shard that waits since a moment, as it was then."""

    kind: str
    since: float
    shard: ShardNow

    def moves(self, now: ShardNow | None) -> bool:
        """One that is not among those of running runs any more is done."""
        return now is None or now.epoch > self.shard.epoch or now.left < self.shard.left


@dataclass
class HandOvers:
    """`took` is how many seconds it took, by the kind of fault."""

    ledger: Ledger
    took: dict[str, list[float]] = field(default_factory=dict)
    waiting: dict[int, Struck] = field(default_factory=dict)

    async def expect(self, kind: str, is_struck: Callable[[str | None], bool]) -> None:
        """From now on, those with an owner of these; one that waited already begins anew."""
        since = time.monotonic()
        for shard in await self._shards():
            if shard.left and is_struck(shard.owner):
                self.waiting[shard.id] = Struck(kind, since, shard)

    async def done(self, kind: str, *, at_most: float) -> None:
        """Wait until none is waited for because of this kind of fault."""
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most):
                while any(each.kind == kind for each in self.waiting.values()):  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_SECONDS)

    async def watch(self) -> None:
        """For ever: to be run beside the faults."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self.waiting:
                self._look({shard.id: shard for shard in await self._shards()})

    def _look(self, now: dict[int, ShardNow]) -> None:
        at = time.monotonic()
        for number, struck in list(self.waiting.items()):
            if struck.moves(now.get(number)):
                del self.waiting[number]
                took = at - struck.since
                self.took.setdefault(struck.kind, []).append(took)
                print(f"   {struck.kind}: {took:.1f} s", file=sys.stderr, flush=True)

    async def _shards(self) -> list[ShardNow]:
        """A server that is down is asked again."""
        while True:
            with suppress(psycopg.OperationalError):
                return await self.ledger.shards()
            await asyncio.sleep(LOOK_SECONDS)
