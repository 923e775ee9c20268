"""What may be claimed: the statements that find a run's shards, and the rows in one of them.

They are constants, because SQLAlchemy takes longer to build them than a database to answer them.
What is done with what they find is left to `claiming`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, exists, func, select, update

from newsletter.books import DeliveryEvents, DeliveryState, Part
from newsletter.store.people.eligibility import delivery_suppressed_because, with_people
from newsletter.store.sql.schema import deliveries, runs, shards
from newsletter.store.sql.statements import Driver, execute_columns, execute_rows, unnested
from newsletter.store.sql.values import Stored

Candidate = Sequence[Any]
"""Delivery, issue, recipient, its key, its fields, subscriber, attempts, why it may not be sent."""

_CLAIMED = DeliveryEvents.CLAIM.to
_PLANNED, _DEFERRED = DeliveryState.PLANNED, DeliveryState.DEFERRED


def _has(state: DeliveryState, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        deliveries.c.run_id == shards.c.run_id,
        deliveries.c.shard_id == shards.c.id,
        deliveries.c.state == state,
        *conditions,
    )


_IS_DUE = deliveries.c.next_attempt_at <= bindparam("now")


def _select_candidates(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Rows to claim in one shard, each a `Candidate`."""
    key, ours = deliveries.c.recipient_key, bindparam("publication", type_=BigInteger)
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
        .select_from(with_people(deliveries, key, ours))
        .where(
            deliveries.c.run_id == bindparam("run"),
            deliveries.c.shard_id == bindparam("shard"),
            *conditions,
        )
        .order_by(deliveries.c.id)
        .limit(bindparam("limit"))
    )


def _in_one_row(candidates: Select[Any]) -> Select[Any]:
    """The same rows as one value in JSON; SQLite alone.

    Python's lock is let go of for each row that SQLite gives, and must be had back from a busy
    event loop: for two hundred rows that takes longer than everything else of a claim.
    """
    rows = candidates.subquery()
    return select(func.json_group_array(func.json_array(*rows.c)))


@dataclass(frozen=True, slots=True)
class Candidates:
    """A statement that finds what may be claimed, as each database is quickest asked."""

    _rows: Select[Any]
    _in_one_row: Select[Any]

    def ask(self, driver: Driver, values: Mapping[str, Stored]) -> Sequence[Candidate]:
        if not driver.is_sqlite:
            return driver.ask(self._rows, values)
        [(found,)] = driver.ask(self._in_one_row, values)
        return json.loads(found)  # type: ignore[no-any-return]


def _candidates(*conditions: ColumnElement[bool]) -> Candidates:
    statement = _select_candidates(*conditions)
    return Candidates(statement, _in_one_row(statement))


_IDS = func.json_each(bindparam("ids")).table_valued("value")
_MARK_ON_SQLITE = (
    update(deliveries)
    .where(deliveries.c.id.in_(select(_IDS.c.value)))
    .values(state=_CLAIMED, updated_at=bindparam("at"))
)
_GIVEN = unnested({"delivery": BigInteger(), "at": BigInteger()})
_MARK = (
    update(deliveries)
    .where(deliveries.c.id == _GIVEN.c.delivery)
    .values(state=_CLAIMED, updated_at=_GIVEN.c.at)
)
RUN_STATE = select(runs.c.state).where(runs.c.id == bindparam("run")).with_for_update(read=True)
_LOCK_SHARDS = (
    select(shards.c.id)
    .where(shards.c.run_id == bindparam("run"))
    .order_by(shards.c.id)
    .with_for_update(key_share=True)
)
_ONLY = shards.c.id == bindparam("shard")
_LOCK_SHARD = _LOCK_SHARDS.where(_ONLY)
_SHARDS = (
    select(
        shards.c.id,
        shards.c.run_id,
        shards.c.epoch,
        shards.c.owner,
        shards.c.lease_until,
        shards.c.domain_group,
        shards.c.counts.is_not(None).label("is_counted"),
        _has(_PLANNED).label("has_planned"),
        _has(_CLAIMED).label("has_claimed"),
        _has(_DEFERRED).label("has_deferred"),
        _has(_DEFERRED, _IS_DUE).label("has_due"),
    )
    .where(shards.c.run_id == bindparam("run"))
    .order_by(shards.c.id)
)
_SHARD = _SHARDS.where(_ONLY)
DUE = _candidates(deliveries.c.state == _DEFERRED, _IS_DUE)
NEW = _candidates(deliveries.c.state == _PLANNED)


def mark_claimed(driver: Driver, ids: Sequence[int], at: int) -> None:
    """These deliveries are claimed, in one statement, however many; `at` as it is stored."""
    if driver.is_sqlite:
        execute_rows(driver, _MARK_ON_SQLITE, [{"ids": json.dumps(ids), "at": at}])
    else:
        execute_columns(driver, _MARK, [{"delivery": number, "at": at} for number in ids])


def lock_shards(driver: Driver, run_id: int, part: Part) -> None:
    """The part's shards, or all of the run, in one order for everyone, so that no two wait in a
    ring.

    A statement by itself: on PostgreSQL, one that had to wait for a lock would still see the
    deliveries as they were before it waited. On SQLite a writing transaction is alone.
    """
    if not driver.is_sqlite:
        lock = _LOCK_SHARDS if part.shard_id is None else _LOCK_SHARD
        driver.ask(lock, _place(run_id, part))


def find_shards(driver: Driver, run_id: int, part: Part, at: int) -> Sequence[Any]:
    """The part's shards with what they have to claim; `at` as it is stored."""
    wanted = _SHARDS if part.shard_id is None else _SHARD
    return driver.ask(wanted, {**_place(run_id, part), "now": at})


def _place(run_id: int, part: Part) -> dict[str, Stored]:
    place: dict[str, Stored] = {"run": run_id}
    return place if part.shard_id is None else {**place, "shard": part.shard_id}
