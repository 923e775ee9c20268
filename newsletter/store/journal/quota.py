"""How much of a quota is used up, counted from the attempts and from what is in somebody's hands.

A message counts from the moment it is claimed until it is known that the relay did not take it, so
that several processes together keep to the quota. Attempts are looked at from the end, as far back
as the quota reaches. Statements on a connection; the transaction round them is the journal's.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    Select,
    Text,
    bindparam,
    exists,
    func,
    select,
    type_coerce,
)

from newsletter.books import Ceiling, DeliveryState, Quota, Room, RunState, relay_of
from newsletter.store.sql.schema import attempts, deliveries, runs, shards
from newsletter.store.sql.values import Stored, instant_of, stored_instant

Ask = Callable[[Select[Any], Mapping[str, Stored]], Sequence[Any]]
"""The rows of a constant statement; values go in and come out as they are stored."""

Lives = Callable[[str | None, datetime | None], bool]
"""Whether a lease of this owner, until that moment, still holds."""

_SLACK = timedelta(hours=1)
"""So far the clocks of several hosts may differ before an attempt is overlooked. Whoever counts may
also wait for another's claim, and attempts end meanwhile, behind its own moment.
"""

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
    _ended <= _moment("until"),  # what was written under a clock that was wrong does not count
    _IS_TAKEN,
)
_TAKEN = select(attempts.c.transport, func.count()).where(*_IN_TIME).group_by(attempts.c.transport)
_TAKEN_AT = select(attempts.c.transport, _ended.label("at")).where(*_IN_TIME).order_by(_ended)
_GROUP = func.coalesce(bindparam("group", type_=Text), shards.c.domain_group)
_IN_SHARD = deliveries.c.shard_id == shards.c.id, shards.c.domain_group == _GROUP
_TAKEN_OF_GROUP, _TAKEN_AT_OF_GROUP = (
    each.where(attempts.c.delivery_id == deliveries.c.id, *_IN_SHARD)
    for each in (_TAKEN, _TAKEN_AT)
)
_CLAIMED = (
    select(
        shards.c.domain_group,
        shards.c.owner,
        type_coerce(shards.c.lease_until, BigInteger),
        func.count(),
    )
    .select_from(deliveries.join(shards, shards.c.id == deliveries.c.shard_id))
    .where(
        deliveries.c.run_id.in_(select(runs.c.id).where(runs.c.state != RunState.COMPLETE)),
        deliveries.c.state == DeliveryState.CLAIMED,
    )
    .group_by(shards.c.id, shards.c.domain_group, shards.c.owner, shards.c.lease_until)
)
_DOUBTED = attempts.alias("doubted")
_ON_ITS_WAY = select(func.count(type_=Integer)).where(
    deliveries.c.run_id.in_(select(runs.c.id)),
    deliveries.c.state == DeliveryState.IN_DOUBT,
    _updated > _moment("since"),
    *_IN_SHARD,
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


@dataclass(kw_only=True, slots=True)
class Allowance:
    """How many more may be claimed: of all, and of each group of domains that has a quota.

    None is no ceiling. It is used up by what is claimed.
    """

    total: int | None
    groups: dict[str, int]

    def of(self, group: str, wanted: int) -> int:
        """How many of so many in that group."""
        rooms = (self.total, self.groups.get(group))
        return max(min([wanted, *(room for room in rooms if room is not None)]), 0)

    def use(self, group: str, count: int) -> None:
        if self.total is not None:
            self.total -= count
        if group in self.groups:
            self.groups[group] -= count


def boundless() -> Allowance:
    """Where there is no quota."""
    return Allowance(total=None, groups={})


def allowance(ask: Ask, quotas: Sequence[Quota], now: datetime, lives: Lives) -> Allowance:
    """How many more may be claimed; `lives` tells whose claims are in living hands."""
    found = boundless()
    held = _in_hand(ask, lives)
    for quota in quotas:
        for ceiling in quota.ceilings(now):
            taken = _taken(ask, quota, ceiling, now)
            in_hand = max(_held(ask, quota, ceiling, held) - quota.elsewhere, 0)
            left = ceiling.limit - in_hand - taken
            if quota.group is None:
                found.total = left if found.total is None else min(found.total, left)
            else:
                found.groups[quota.group] = min(found.groups.get(quota.group, left), left)
    return found


def rooms(ask: Ask, quotas: Sequence[Quota], now: datetime, lives: Lives) -> list[Room]:
    """What each ceiling leaves."""
    held = _in_hand(ask, lives)
    return [
        _room(ask, quota, ceiling, now, _held(ask, quota, ceiling, held))
        for quota in quotas
        for ceiling in quota.ceilings(now)
    ]


def _room(ask: Ask, quota: Quota, ceiling: Ceiling, now: datetime, held: int) -> Room:
    if ceiling.ends is None:
        taken = _taken_at(ask, quota, ceiling, now)
        count = len(taken)
    else:
        taken, count = [], _taken(ask, quota, ceiling, now)
    too_many = count + held + ceiling.share - ceiling.limit  # so many must count no more
    opens_at = None
    if too_many > 0 and too_many > count:
        opens_at = min(now + _SOON, ceiling.ends or now + _SOON)
    elif too_many > 0:
        opens_at = ceiling.ends or taken[too_many - 1] + ceiling.span
    return Room(
        limit=ceiling.limit,
        span=ceiling.span,
        left=max(ceiling.limit - held - count, 0),
        opens_at=opens_at,
        name=ceiling.words,
        group=quota.group,
        is_of_a_date=ceiling.ends is not None,
    )


def _in_hand(ask: Ask, lives: Lives) -> Counter[str]:
    """By group. What a dead process has claimed goes out over another's claim, or not at all."""
    found: Counter[str] = Counter()
    for group, owner, until, count in ask(_CLAIMED, {}):
        if lives(owner, None if until is None else instant_of(until)):
            found[group] += count
    return found


def _held(ask: Ask, quota: Quota, ceiling: Ceiling, in_hand: Counter[str]) -> int:
    """What may go out yet, or has perhaps: in somebody's hands, or in doubt without a reply."""
    claimed = in_hand.total() if quota.group is None else in_hand[quota.group]
    since = stored_instant(ceiling.since)
    [(on_its_way,)] = ask(_ON_ITS_WAY, {"since": since, "group": quota.group})
    return claimed + int(on_its_way)


def _taken(ask: Ask, quota: Quota, ceiling: Ceiling, now: datetime) -> int:
    taken = dict.fromkeys(quota.relays, 0)
    for transport, count in _ask_in_time(ask, quota, ceiling, now, _TAKEN, _TAKEN_OF_GROUP):
        if (relay := relay_of(transport)) in taken:
            taken[relay] += count
    return _counted(ceiling, taken.values())


def _counted(ceiling: Ceiling, taken: Iterable[int]) -> int:
    """Of several relays, any of which may carry the next one, what the busiest has taken.

    A day of a warm-up is the sender's, whichever relay carries it.
    """
    return max(taken, default=0) if ceiling.ends is None else sum(taken)


def _taken_at(ask: Ask, quota: Quota, ceiling: Ceiling, now: datetime) -> list[datetime]:
    """When each was taken, the oldest first, by the busiest relay."""
    taken: dict[str, list[datetime]] = {relay: [] for relay in quota.relays}
    for transport, at in _ask_in_time(ask, quota, ceiling, now, _TAKEN_AT, _TAKEN_AT_OF_GROUP):
        if (relay := relay_of(transport)) in taken:
            taken[relay].append(instant_of(at))
    return max(taken.values(), key=len, default=[])


def _ask_in_time(
    ask: Ask,
    quota: Quota,
    ceiling: Ceiling,
    now: datetime,
    of_all: Select[Any],
    of_group: Select[Any],
) -> Sequence[Any]:
    """Attempts that count; those of one group are looked for among their shards."""
    since = ceiling.since
    before = ask(_LAST_BEFORE, {"since": stored_instant(since - _SLACK)})
    values: dict[str, Stored] = {
        "after": before[0][0] if before else 0,
        "since": stored_instant(since),
        "until": stored_instant(now + _SLACK),
    }
    if quota.group is None:
        return ask(of_all, values)
    return ask(of_group, {**values, "group": quota.group})
