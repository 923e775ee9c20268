"""What may be claimed: the statements that find a run's shards, and the rows in one of them.

They are constants, because SQLAlchemy takes longer to build them than a database to answer them.
What is done with what they find is left to `claiming`.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, select

from newsletter.store.schema import deliveries, runs, shards, subscribers
from newsletter.store.states import DeliveryState
from newsletter.store.subscriber_list import delivery_suppressed_because, with_suppressions

_PLANNED, _CLAIMED = DeliveryState.PLANNED, DeliveryState.CLAIMED
_DEFERRED = DeliveryState.DEFERRED


def _has(state: DeliveryState, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        deliveries.c.run_id == shards.c.run_id,
        deliveries.c.shard_id == shards.c.id,
        deliveries.c.state == state,
        *conditions,
    )


_IS_DUE = deliveries.c.next_attempt_at <= bindparam("now")
_IS_DEFERRED = deliveries.c.next_attempt_at.is_not(None)


def _select_shards(is_due: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            shards.c.id,
            shards.c.run_id,
            shards.c.epoch,
            shards.c.owner,
            shards.c.lease_until,
            _has(_PLANNED).label("has_planned"),
            _has(_CLAIMED).label("has_claimed"),
            _has(_DEFERRED).label("has_deferred"),
            _has(_DEFERRED, is_due).label("has_due"),
        )
        .where(shards.c.run_id == bindparam("run"))
        .order_by(shards.c.id)
    )


def _select_candidates(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Rows to claim in one shard, in the order of `_delivery_of`, and why one may not be."""
    key = deliveries.c.recipient_key
    people = deliveries.outerjoin(subscribers, subscribers.c.address_key == key)
    return (
        select(
            deliveries.c.id,
            deliveries.c.issue,
            deliveries.c.recipient,
            deliveries.c.recipient_key,
            deliveries.c.fields,
            deliveries.c.subscriber_id,
            deliveries.c.attempts,
            delivery_suppressed_because().label("because"),
        )
        .select_from(with_suppressions(people, key))
        .where(
            deliveries.c.run_id == bindparam("run"),
            deliveries.c.shard_id == bindparam("shard"),
            *conditions,
        )
        .order_by(deliveries.c.id)
        .limit(bindparam("limit"))
    )


RUN_STATE = select(runs.c.state).where(runs.c.id == bindparam("run")).with_for_update(read=True)
LOCK_SHARDS = (
    select(shards.c.id)
    .where(shards.c.run_id == bindparam("run"))
    .order_by(shards.c.id)
    .with_for_update(key_share=True)
)
SHARDS, SHARDS_EARLY = _select_shards(_IS_DUE), _select_shards(_IS_DEFERRED)
DUE = _select_candidates(deliveries.c.state == _DEFERRED, _IS_DUE)
DUE_EARLY = _select_candidates(deliveries.c.state == _DEFERRED, _IS_DEFERRED)
NEW = _select_candidates(deliveries.c.state == _PLANNED)
