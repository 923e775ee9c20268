"""How much of a quota is used up, counted from the attempts and from what is in somebody's hands.

A message counts from the moment it is claimed until it is known that the relay did not take it, so
that several processes together keep to the quota. Attempts are looked at from the end, as far back
as the quota reaches. Statements on a connection; the transaction round them is the journal's.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    Select,
    bindparam,
    exists,
    func,
    select,
    type_coerce,
)

from newsletter.books import DeliveryState, Quota, Room, RunState, relay_of, share_of
from newsletter.store.sql.schema import attempts, deliveries, runs, shards
from newsletter.store.sql.values import Stored, instant_of, stored_instant

Ask = Callable[[Select[Any], Mapping[str, Stored]], Sequence[Any]]
"""The rows of a constant statement; values go in and come out as they are stored."""

Lives = Callable[[str | None, datetime | None], bool]
"""Whether a lease of this owner, until that moment, still holds."""

_SLACK = timedelta(hours=1)
"""So far the clocks of several hosts may differ before an attempt is overlooked."""

_SOON = timedelta(minutes=5)
"""When to look again where others have in hand what is left."""

LOCK = 0x71756F74
"""PostgreSQL's advisory lock for claims under a quota: "quot" in ASCII."""

_FINAL_DOT = "final-dot"

_LOCK = select(func.pg_advisory_xact_lock(bindparam("lock", type_=BigInteger)))
_ended = type_coerce(attempts.c.ended_at, BigInteger)
_updated = type_coerce(deliveries.c.updated_at, BigInteger)


def _moment(name: str) -> Any:
    return bindparam(name, type_=BigInteger)


_LAST_BEFORE = (
    select(attempts.c.id).where(_ended <= _moment("since")).order_by(attempts.c.id.desc()).limit(1)
)
_IS_TAKEN = attempts.c.code.between(200, 299) | (
    attempts.c.code.is_(None) & (attempts.c.stage == _FINAL_DOT)
)
_IN_TIME = (
    attempts.c.id > bindparam("after", type_=BigInteger),
    _ended > _moment("since"),
    _ended <= _moment("now"),  # what was written under a clock that was wrong does not count
    _IS_TAKEN,
)
_TAKEN = select(attempts.c.transport, func.count()).where(*_IN_TIME).group_by(attempts.c.transport)
_TAKEN_AT = select(attempts.c.transport, _ended.label("at")).where(*_IN_TIME).order_by(_ended)
_CLAIMED = (
    select(shards.c.owner, type_coerce(shards.c.lease_until, BigInteger), func.count())
    .select_from(deliveries.join(shards, shards.c.id == deliveries.c.shard_id))
    .where(
        deliveries.c.run_id.in_(select(runs.c.id).where(runs.c.state != RunState.COMPLETE)),
        deliveries.c.state == DeliveryState.CLAIMED,
    )
    .group_by(shards.c.id, shards.c.owner, shards.c.lease_until)
)
_DOUBTED = attempts.alias("doubted")
_ON_ITS_WAY = select(func.count(type_=Integer)).where(
    deliveries.c.run_id.in_(select(runs.c.id)),
    deliveries.c.state == DeliveryState.IN_DOUBT,
    _updated > _moment("since"),
    ~exists().where(
        _DOUBTED.c.delivery_id == deliveries.c.id,
        _DOUBTED.c.code.is_(None),
        _DOUBTED.c.stage == _FINAL_DOT,
    ),
)


def asking(connection: Connection) -> Ask:
    """For a transaction of SQLAlchemy's, as `Driver.ask` is for one past it."""
    return lambda statement, values: connection.execute(statement, dict(values)).all()


def lock(ask: Ask) -> None:
    """Wait until nobody else counts what a claim may take; PostgreSQL alone.

    On SQLite a writing transaction is alone already.
    """
    ask(_LOCK, {"lock": LOCK})


def left(ask: Ask, quota: Quota, now: datetime, lives: Lives) -> int:
    """How many more may be claimed; `lives` tells whose claims are in living hands."""
    held = _in_hand(ask, lives)
    return min(
        limit - held - _on_its_way(ask, span, now) - _taken(ask, quota, span, now)
        for span, limit in quota.ceilings.items()
    )


def rooms(ask: Ask, quota: Quota, now: datetime, lives: Lives) -> list[Room]:
    """What each ceiling leaves."""
    held = _in_hand(ask, lives)
    return [
        _room(ask, quota, span, now, held + _on_its_way(ask, span, now)) for span in quota.ceilings
    ]


def _room(ask: Ask, quota: Quota, span: timedelta, now: datetime, held: int) -> Room:
    limit = quota.ceilings[span]
    taken = _taken_at(ask, quota, span, now)
    share = share_of(limit)
    too_many = len(taken) + held + share - limit  # so many must be a day or an hour old
    opens_at = None
    if too_many > 0:
        opens_at = taken[too_many - 1] + span if too_many <= len(taken) else now + _SOON
    left = max(limit - held - len(taken), 0)
    return Room(limit=limit, span=span, left=left, opens_at=opens_at)


def _in_hand(ask: Ask, lives: Lives) -> int:
    """What a dead process has claimed goes out over another's claim, or not at all."""
    return sum(
        count
        for owner, until, count in ask(_CLAIMED, {})
        if lives(owner, None if until is None else instant_of(until))
    )


def _on_its_way(ask: Ask, span: timedelta, now: datetime) -> int:
    """In doubt and without a reply: perhaps taken, or about to be."""
    [(count,)] = ask(_ON_ITS_WAY, {"since": stored_instant(now - span)})
    return int(count)


def _taken(ask: Ask, quota: Quota, span: timedelta, now: datetime) -> int:
    """Of several relays, any of which may carry the next one, what the busiest has taken."""
    taken = dict.fromkeys(quota.relays, 0)
    for transport, count in ask(_TAKEN, _in_time(ask, span, now)):
        if (relay := relay_of(transport)) in taken:
            taken[relay] += count
    return max(taken.values(), default=0)


def _taken_at(ask: Ask, quota: Quota, span: timedelta, now: datetime) -> list[datetime]:
    """When each was taken, the oldest first, by the busiest relay."""
    taken: dict[str, list[datetime]] = {relay: [] for relay in quota.relays}
    for transport, at in ask(_TAKEN_AT, _in_time(ask, span, now)):
        if (relay := relay_of(transport)) in taken:
            taken[relay].append(instant_of(at))
    return max(taken.values(), key=len, default=[])


def _in_time(ask: Ask, span: timedelta, now: datetime) -> Mapping[str, Stored]:
    since = now - span
    before = ask(_LAST_BEFORE, {"since": stored_instant(since - _SLACK)})
    after = before[0][0] if before else 0
    return {"after": after, "since": stored_instant(since), "now": stored_instant(now)}
