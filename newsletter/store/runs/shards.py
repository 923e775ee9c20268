"""The shards of running runs, for whoever gives them to workers: what is left, and in whose hands.

Functions on a connection; the transaction round them is `Runs`'.
"""

from collections import Counter
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, exists, func, select

from newsletter.books import (
    UNCLAIMABLE,
    UNFINISHED,
    WHOLE,
    DeliveryState,
    GroupLeft,
    Part,
    RunState,
    Shard,
)
from newsletter.process import is_dead
from newsletter.store.journal.leases import lease_judge
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
    lives, dead = lease_judge(now), lru_cache(maxsize=None)(is_dead)
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
            is_orphaned=row.owner is not None and dead(row.owner),
        )
        for row in connection.execute(wanted)
    ]


def groups_left(connection: Connection, run_id: int, part: Part = WHOLE) -> list[GroupLeft]:
    """What is left of a part of a run, group by group; those that have nothing left are not there.

    It counts, so that whoever asks often should not.
    """
    here = [] if part.shard_id is None else [shards.c.id == part.shard_id]
    if part.group is not None:
        here.append(shards.c.domain_group == part.group)
    wanted = (
        select(
            shards.c.domain_group,
            deliveries.c.state,
            func.count().label("number"),
        )
        .join(deliveries, deliveries.c.shard_id == shards.c.id)
        .where(deliveries.c.run_id == run_id, deliveries.c.state.in_(UNFINISHED), *here)
        .group_by(shards.c.domain_group, deliveries.c.state)
    )
    next_due = (
        select(shards.c.domain_group, func.min(deliveries.c.next_attempt_at).label("due"))
        .join(deliveries, deliveries.c.shard_id == shards.c.id)
        .where(deliveries.c.run_id == run_id, deliveries.c.state == DeliveryState.DEFERRED, *here)
        .group_by(shards.c.domain_group)
    )
    at_hand, deferred = Counter[str](), Counter[str]()
    for row in connection.execute(wanted):
        counted = deferred if row.state is DeliveryState.DEFERRED else at_hand
        counted[row.domain_group] += row.number
    due = {row.domain_group: row.due for row in connection.execute(next_due)}
    return [
        GroupLeft(
            group=group,
            at_hand=at_hand[group],
            deferred=deferred[group],
            next_due=due.get(group),
        )
        for group in sorted({*at_hand, *deferred})
    ]


def is_anything_left(connection: Connection, run_id: int) -> bool:
    """Whether a delivery of the run is unfinished; a look, not a count."""
    left = exists().where(deliveries.c.run_id == run_id, deliveries.c.state.in_(UNFINISHED))
    return bool(connection.execute(select(left)).scalar())
