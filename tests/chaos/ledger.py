"""What the journal says, read past our own code, and held against what the relay has.

The words: lost is whom the books call accepted and the relay never had, or who is in no final
state of a run that is over; doubled is who has one issue twice.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import psycopg

from tests.chaos.relay import CountingRelay

UNFINISHED = ("planned", "claimed", "deferred")

_SHARDS = f"""
SELECT s.id, s.owner, s.epoch,
       (SELECT count(*) FROM deliveries d
         WHERE d.run_id = s.run_id AND d.shard_id = s.id AND d.state IN {UNFINISHED})
FROM shards s JOIN runs r ON r.id = s.run_id WHERE r.state = 'running'
"""
_STARTED = """
INSERT INTO slots (publication_id, issue, path, local_date, local_time, zone, state, scheduled_by,
                   scheduled_at, digest, started_by, started_at, reason, segment)
SELECT r.publication_id, r.issue, %(path)s, %(day)s, '09:00', 'UTC', 'started', 'Ada Lovelace',
       1, repeat('0', 64), 'Ada Lovelace', 1, '', '' FROM runs r WHERE r.issue = %(issue)s
"""
_DELIVERIES = """
SELECT r.subject, d.recipient_key, d.state FROM deliveries d JOIN runs r ON r.id = d.run_id
"""


class ShardNow(NamedTuple):
    """A shard of a run that is running: whose, taken how often, and how many are left in it."""

    id: int
    owner: str | None
    epoch: int
    left: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the journal and the relay say together, over all runs."""

    people: int
    accepted: int
    doubts: int
    lost: Sequence[str]
    doubled: Sequence[str]
    unfinished: Sequence[str]
    unknown: Sequence[str]
    """What the relay has and the books call neither accepted nor in doubt."""

    @property
    def is_kept(self) -> bool:
        return not (self.lost or self.doubled or self.unfinished or self.unknown)


class Ledger:
    """The database of a world, by its own way, which no fault but a stopped server reaches."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def shards(self) -> list[ShardNow]:
        """Raises psycopg.OperationalError while the server is down."""
        return [ShardNow(*row) for row in await self._ask(_SHARDS)]

    async def give_to_workers(self, issue: str, day: date) -> None:
        """As if its slot had started: what is begun by hand is no worker's."""
        values = {"issue": issue, "path": f"issues/{issue}.md", "day": day}
        connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
        async with connection:
            await connection.execute(_STARTED.encode(), values)

    async def run_states(self) -> dict[str, str]:
        return {
            str(row[0]): str(row[1]) for row in await self._ask("SELECT issue, state FROM runs")
        }

    async def verdict(self, relay: CountingRelay) -> Verdict:
        rows = [(str(a), str(b), str(c)) for a, b, c in await self._ask(_DELIVERIES)]
        states = {(subject, who): state for subject, who, state in rows}
        has = {(each.subject, each.recipient) for each in relay.taken}
        copies = Counter((each.subject, each.recipient) for each in relay.taken.elements())
        counts = Counter(states.values())
        return Verdict(
            people=len(states),
            accepted=counts["accepted"],
            doubts=counts["in_doubt"],
            lost=[
                str(key) for key, state in states.items() if state == "accepted" and key not in has
            ],
            doubled=[str(key) for key, count in copies.items() if count > 1],
            unfinished=[
                f"{key}: {state}"
                for key, state in states.items()
                if state not in ("accepted", "in_doubt")
            ],
            unknown=[str(key) for key in has if states.get(key) not in ("accepted", "in_doubt")],
        )

    async def _ask(self, statement: str) -> list[tuple[Any, ...]]:
        connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
        async with connection:
            return await (await connection.execute(statement.encode())).fetchall()
