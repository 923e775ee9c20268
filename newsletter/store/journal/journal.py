"""The journal: one row per recipient, written before the content goes out and after the reply.

It knows the state of every delivery and who may change it. When to try again, what to send and
what a reply means is left to `newsletter.delivery`. Nothing here reads the clock. Each method is
one transaction; what it wrote is durable when it returns.

    planned ──claim──> claimed ──begin──> in_doubt ──settle──> accepted | refused | failed
       ^                  |                  |      └────────> deferred ──claim (when due)
       └──release, settle─┴──settle, resolve─┘
    decide, of what was heard: deferred ──> refused | planned, or deferred for longer
    claim and begin, seeing the suppression list: planned | deferred | claimed ──> suppressed
    cancel, by the runs: planned | deferred, and what is claimed by nobody alive ──> cancelled

A row in doubt never moves by itself: a reply settles it, or a person resolves it (RFC 1047).
A row that is accepted never moves again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from newsletter.books import (
    WHOLE,
    Decision,
    Delivery,
    DeliveryState,
    LastReply,
    Outcome,
    Part,
    Quota,
    Room,
    Turn,
)
from newsletter.store.journal import (
    claiming,
    deciding,
    leases,
    quota,
    replies,
    settling,
    sqlite_turn,
)
from newsletter.store.journal.leases import Claimant
from newsletter.store.sql.connections import Connections
from newsletter.store.sql.schema import deliveries, shards


class Journal:
    """What lanes have in hand. Any thread may ask it; batches of thousands are welcome."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._sqlite_turn = sqlite_turn.SqliteTurn(connections)

    def claim(
        self,
        run_id: int,
        owner: str,
        now: datetime,
        lease: timedelta,
        limit: int,
        within: Sequence[Quota] = (),
        part: Part = WHOLE,
    ) -> list[Delivery]:
        """Planned and due deferred deliveries of a part become claimed, up to `limit` of them.

        No more than all quotas have room for, whoever uses it up, be it only by what is in hand.

        Who has been suppressed or has left since the freeze becomes suppressed instead and is not
        returned; `turn` looks again when a message's content is to go out.

        The owner takes shards as it needs them, each with a lease, and its leases are renewed. A
        shard that another owner holds gives nothing until its lease has run out; then it is taken
        over: what was claimed in it is planned again, what is in doubt stays so.
        `owner` must be one running process, not one machine: nobody takes a shard from itself.

        Raises RunBusyError when others with live leases hold all that is unfinished and the
        owner has no shard of the run. An empty list means: nothing to do now, see `next_due`, or
        the run is paused or cancelled.
        """
        who = Claimant(owner=owner, now=now, lease=lease)
        with self._connections.driver() as driver:
            claimed = claiming.claim(driver, run_id, who, limit, within, part)
            driver.commit()
        return claimed

    def renew(
        self, run_id: int, owner: str, now: datetime, lease: timedelta, part: Part = WHOLE
    ) -> int:
        """Extend the owner's leases of a part; no delivery changes. Returns how many it holds.

        Fewer than before means that another has taken some over: the next turn will say so.
        """
        with self._connections.writing() as connection:
            return leases.renew(connection, run_id, owner, now + lease, part)

    def release(self, run_id: int, owner: str, now: datetime, part: Part = WHOLE) -> None:
        """A clean stop: the owner's claimed deliveries are planned again, its shards are free.

        What is in doubt stays so, and may still be settled while nobody has taken the shard.
        """
        with self._connections.writing() as connection:
            leases.release(connection, run_id, owner, now, part)

    def hand_back(self, claims: Sequence[Delivery], now: datetime) -> None:
        """Claimed deliveries whose content was never begun are planned again; their shards stay
        the owner's, who sends by others.
        """
        with self._connections.writing() as connection:
            leases.hand_back(connection, claims, now)

    def release_all(self, run_id: int, now: datetime) -> None:
        """Give back whatever anybody had in hand, alive or not: in a copy nobody works."""
        with self._connections.writing() as connection:
            leases.release(connection, run_id, None, now)

    def turn(self, outcomes: Sequence[Outcome], begun: Sequence[Delivery], now: datetime) -> Turn:
        """What became of deliveries, and whose content goes out next: one wait for the disk.

        Claimed and in_doubt deliveries become what their outcomes say, each with its attempt:
        planned means given back, in_doubt stays where no reply came. Writing an acceptance down
        twice is harmless. The claimed deliveries that are `begun` become in_doubt: each recipient
        may have the message, and the final dot is to be written only after this has returned. Who
        has been suppressed or has left by then becomes suppressed instead, and is handed back so.

        What may not be written down is handed back, because another owner has taken it over or it
        was settled before; all else is durable. The content of what was refused, or suppressed,
        must not be sent.
        """
        if self._turn_at_once(outcomes, begun, now):
            return Turn()
        with self._connections.writing() as connection:
            return settling.turn(connection, outcomes, begun, now)

    def _turn_at_once(
        self, outcomes: Sequence[Outcome], begun: Sequence[Delivery], now: datetime
    ) -> bool:
        """The turn as it nearly always is, past SQLAlchemy; False where nothing was written."""
        if not settling.is_plain(outcomes):
            return False
        if self._connections.is_sqlite and sqlite_turn.IS_KNOWN:
            return self._sqlite_turn.write(outcomes, begun, now)
        with self._connections.driver() as driver:
            if settling.turn_at_once(driver, outcomes, begun, now):
                driver.commit()
                return True
        return False

    def decide(self, decisions: Sequence[Decision], now: datetime) -> None:
        """What was deferred before it was judged becomes what was decided since.

        Whatever has changed in the meantime, and be it that it was claimed, is left as it is.
        """
        with self._connections.writing() as connection:
            deciding.decide(connection, decisions, now)

    def hasten(self, run_id: int, now: datetime) -> None:
        """All that is deferred is due at once."""
        with self._connections.writing() as connection:
            deciding.hasten(connection, run_id, now)

    def last_replies(
        self, run_id: int, limit: int, relays: Sequence[str] | None = None
    ) -> list[LastReply]:
        """What the relay said last of a run, the first of it first; doubts are none.

        Of several, `relays` names those that are asked for, by `relay_of`.
        """
        with self._connections.reading() as connection:
            return replies.last_replies(connection, run_id, limit, relays)

    def last_replies_of(self, relays: Sequence[str], limit: int) -> list[LastReply]:
        """What relays said last, by `relay_of`, of whichever run."""
        with self._connections.reading() as connection:
            return replies.last_replies_of(connection, relays, limit)

    def rooms(self, within: Sequence[Quota], now: datetime) -> list[Room]:
        """What each ceiling of the quotas leaves at this moment."""
        with self._connections.reading() as connection:
            return quota.rooms(quota.asking(connection), within, now, leases.lease_judge(now))

    def count_due(self, run_id: int, now: datetime, part: Part = WHOLE) -> int:
        """How many of a part may be claimed now, whoever has its shards."""
        is_due = (deliveries.c.state == DeliveryState.DEFERRED) & (
            deliveries.c.next_attempt_at <= now
        )
        wanted = (
            select(func.count())
            .select_from(deliveries)
            .where(
                deliveries.c.run_id == run_id,
                (deliveries.c.state == DeliveryState.PLANNED) | is_due,
                *_of_part(run_id, part),
            )
        )
        with self._connections.reading() as connection:
            return int(connection.execute(wanted).scalar_one())

    def next_due(self, run_id: int, part: Part = WHOLE) -> datetime | None:
        """When the first deferred delivery may be claimed; None where none is deferred."""
        wanted = select(func.min(deliveries.c.next_attempt_at)).where(
            deliveries.c.run_id == run_id,
            deliveries.c.state == DeliveryState.DEFERRED,
            *_of_part(run_id, part),
        )
        with self._connections.reading() as connection:
            return connection.execute(wanted).scalar()


def _of_part(run_id: int, part: Part) -> list[ColumnElement[bool]]:
    """What narrows a run's deliveries down to a part of it."""
    found = [] if part.shard_id is None else [deliveries.c.shard_id == part.shard_id]
    if part.group is not None:
        ours = select(shards.c.id).where(
            shards.c.run_id == run_id, shards.c.domain_group == part.group
        )
        found.append(deliveries.c.shard_id.in_(ours))
    if part.without:
        left_out = select(shards.c.id).where(
            shards.c.run_id == run_id, shards.c.domain_group.in_(part.without)
        )
        found.append(deliveries.c.shard_id.not_in(left_out))
    return found
