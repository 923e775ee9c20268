"""Leases: whose a shard is, until when, and by which claims something may still be written.

A claim remembers the epoch under which its shard was taken, and every later write is held to it, so
that an owner that slept through its lease can change nothing any more. What may be claimed is left
to `claiming`.
Functions on a connection, or past SQLAlchemy; the transaction round them is the journal's.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import BigInteger, Connection, bindparam, exists, null, select, true, update

from newsletter.books import WHOLE, Delivery, DeliveryEvents, Part
from newsletter.process import is_dead, shown
from newsletter.store import tallies
from newsletter.store.sql.schema import deliveries, shards
from newsletter.store.sql.statements import (
    Driver,
    Executor,
    Request,
    execute_rows,
    is_one_of,
    unless,
)
from newsletter.store.sql.values import Stored, stored_instant

Hold = tuple[int, int]
"""A shard, and the epoch under which it was taken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimant:
    """Who claims, and on what terms."""

    owner: str
    now: datetime
    lease: timedelta = timedelta()

    @property
    def lease_until(self) -> datetime:
        return self.now + self.lease


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A shard that somebody living has; `owner` is the name for people."""

    shard_id: int
    owner: str
    lease_until: datetime


def lease_judge(now: datetime) -> Callable[[str | None, datetime | None], bool]:
    """Whether a lease still holds: not after its time, nor when its owner is known to be dead."""
    dead = lru_cache(maxsize=None)(is_dead)

    def lives(owner: str | None, until: datetime | None) -> bool:
        return owner is not None and until is not None and until > now and not dead(owner)

    return lives


def holders(connection: Connection, run_id: int, who: Claimant) -> list[Held]:
    """The shards that others than `who` have a living lease on."""
    lives = lease_judge(who.now)
    statement = select(shards.c.id, shards.c.owner, shards.c.lease_until).where(
        shards.c.run_id == run_id, shards.c.owner.is_not(None), shards.c.owner != who.owner
    )
    return [
        Held(shard_id=row.id, owner=shown(row.owner), lease_until=row.lease_until)
        for row in connection.execute(statement)
        if lives(row.owner, row.lease_until)
    ]


_GIVE_BACK = (
    update(deliveries)
    .where(
        deliveries.c.run_id == bindparam("run"),
        is_one_of(deliveries.c.state, DeliveryEvents.RELEASE.before),
        deliveries.c.shard_id == bindparam("shard"),
    )
    .values(state=DeliveryEvents.RELEASE.to, next_attempt_at=null(), updated_at=bindparam("at"))
)


def give_back(executor: Executor, run_id: int, shard_ids: Iterable[int], now: datetime) -> None:
    """Claimed deliveries of these shards are planned again."""
    at = stored_instant(now)
    rows = [{"run": run_id, "shard": shard_id, "at": at} for shard_id in shard_ids]
    execute_rows(executor, _GIVE_BACK, rows)


_HELD = (
    select(shards.c.id)
    .where(shards.c.run_id == bindparam("run"), shards.c.owner == bindparam("who"))
    .order_by(shards.c.id)
    .with_for_update(key_share=True)
)
_RENEW = update(shards).values(lease_until=bindparam("until"))
_RENEW_ALL = _RENEW.where(shards.c.id.in_(_HELD))
_RENEW_SHARD = _RENEW.where(shards.c.id.in_(_HELD.where(shards.c.id == bindparam("shard"))))


def renew(
    executor: Executor, run_id: int, owner: str, lease_until: datetime, part: Part = WHOLE
) -> int:
    """Extend the leases of an owner on a run, or on one shard; returns how many it still has.

    Two turns of one owner, each with a shard, must not wait for each other's: so each renews its
    own, and who renews several locks them in the order of `lock_shards`.
    """
    place: dict[str, Stored] = {
        "run": run_id,
        "who": owner,
        "until": stored_instant(lease_until),
    }
    if part.shard_id is None:
        return execute_rows(executor, _RENEW_ALL, [place])
    return execute_rows(executor, _RENEW_SHARD, [{**place, "shard": part.shard_id}])


def release(
    connection: Connection, run_id: int, owner: str | None, now: datetime, part: Part = WHOLE
) -> None:
    """Give back an owner's claims and shards of a part, or everybody's where `owner` is None.

    Replies still on their way can be settled after.
    """
    mine = shards.c.owner == owner if owner is not None else true()
    here = [] if part.shard_id is None else [shards.c.id == part.shard_id]
    if part.group is not None:
        here.append(shards.c.domain_group == part.group)
    wanted = select(shards.c.id).where(shards.c.run_id == run_id, mine, *here)
    locked = wanted.order_by(shards.c.id).with_for_update(key_share=True)
    ids = list(connection.execute(locked).scalars())
    give_back(connection, run_id, ids, now)
    statement = update(shards).where(shards.c.id.in_(ids))
    connection.execute(statement.values(owner=None, lease_until=None))
    tallies.keep(connection, run_id, ids)


_HAND_BACK = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("delivery"),
        is_one_of(deliveries.c.state, DeliveryEvents.RELEASE.before),
    )
    .values(state=DeliveryEvents.RELEASE.to, next_attempt_at=null(), updated_at=bindparam("at"))
)


def hand_back(connection: Connection, claims: Iterable[Delivery], now: datetime) -> None:
    """These claims are given back, but for those that another has taken over."""
    held = list(claims)
    lost = stale(connection, held)
    at = stored_instant(now)
    rows = [{"delivery": each.id, "at": at} for each in held if hold_of(each) not in lost]
    execute_rows(connection, _HAND_BACK, rows)


_EPOCH = (
    select(shards.c.epoch).where(shards.c.id == bindparam("shard")).with_for_update(key_share=True)
)


_HELD_NOW = _EPOCH.cte("held")
_STILL_HELD = select(
    unless(exists().where(_HELD_NOW.c.epoch == bindparam("epoch", type_=BigInteger)))
)


def holds_shards(driver: Driver, claims: Iterable[Delivery]) -> bool:
    """Whether no shard of the claims was taken since, quickly; they stay ours until the commit."""
    return all(
        [tuple(row) for row in driver.ask(_EPOCH, {"shard": shard})] == [(epoch,)]
        for shard, epoch in sorted({hold_of(claim) for claim in claims})
    )


def holding_shards(claims: Iterable[Delivery]) -> list[Request]:
    """The same for `Driver.committed_together`, which a shard that was taken forbids."""
    holds = sorted({hold_of(claim) for claim in claims})
    return [(_STILL_HELD, {"shard": shard, "epoch": epoch}) for shard, epoch in holds]


def stale(connection: Connection, claims: Iterable[Delivery]) -> set[Hold]:
    """By which of the claims' holds nothing may be written any more; the others stay ours until
    the commit.
    """
    holds = {hold_of(claim) for claim in claims}
    statement = (
        select(shards.c.id, shards.c.epoch)
        .where(shards.c.id.in_({shard for shard, _ in holds}))
        .order_by(shards.c.id)
        .with_for_update(key_share=True)
    )
    return holds - {(shard, epoch) for shard, epoch in connection.execute(statement)}


def hold_of(claim: Delivery) -> Hold:
    return claim.shard_id, claim.epoch
