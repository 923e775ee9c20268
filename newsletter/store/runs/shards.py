"""The shards of running runs, for whoever gives them to workers: what is left, and in whose hands.

Functions on a connection; the transaction round them is `Runs`'.
"""

from datetime import datetime

from sqlalchemy import Connection, exists, func, select

from newsletter.books import UNCLAIMABLE, UNFINISHED, DeliveryState, RunState, Shard
from newsletter.store.journal.claiming import lease_judge
from newsletter.store.sql.connections import own
from newsletter.store.sql.schema import deliveries, runs, shards

_OF_SHARD = deliveries.c.run_id == shards.c.run_id, deliveries.c.shard_id == shards.c.id


def unfinished_shards(connection: Connection, now: datetime) -> list[Shard]:
    """Of this publication's runs that give something, those with deliveries left; in order."""
    at_hand = exists().where(
        *_OF_SHARD, deliveries.c.state.in_([DeliveryState.PLANNED, DeliveryState.CLAIMED])
    )
    next_due = (
        select(func.min(deliveries.c.next_attempt_at))
        .where(*_OF_SHARD, deliveries.c.state == DeliveryState.DEFERRED)
        .scalar_subquery()
    )
    wanted = (
        select(
            shards.c.id,
            shards.c.run_id,
            runs.c.issue,
            shards.c.number,
            shards.c.domain_group,
            shards.c.owner,
            shards.c.lease_until,
            at_hand.label("at_hand"),
            next_due.label("next_due"),
        )
        .join(runs, runs.c.id == shards.c.run_id)
        .where(
            own(connection, runs),
            runs.c.state.in_(set(RunState) - UNCLAIMABLE),
            exists().where(*_OF_SHARD, deliveries.c.state.in_(UNFINISHED)),
        )
        .order_by(shards.c.number, shards.c.id)
    )
    lives = lease_judge(now)
    return [
        Shard(
            id=row.id,
            run_id=row.run_id,
            issue=row.issue,
            number=row.number,
            group=row.domain_group,
            owner=row.owner if lives(row.owner, row.lease_until) else None,
            has_work=row.at_hand or (row.next_due is not None and row.next_due <= now),
            next_due=row.next_due,
        )
        for row in connection.execute(wanted)
    ]


def is_anything_left(connection: Connection, run_id: int) -> bool:
    """Whether a delivery of the run is unfinished; a look, not a count."""
    left = exists().where(deliveries.c.run_id == run_id, deliveries.c.state.in_(UNFINISHED))
    return bool(connection.execute(select(left)).scalar())
