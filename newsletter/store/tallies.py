"""A shard's deliveries counted once, and the counts kept beside it for as long as they hold.

To count ten million rows takes longer than anybody waits for `newsletter status`. So the counts of
a shard that rests are in its row, by state and, of the suppressed, by reason; only shards that are
being worked on are counted by a query.

They are kept where nothing of the shard is claimed or in doubt: then no reply is on its way that
could change it. Whoever changes such a shard otherwise, by a claim, a decision, a word on a doubt
or a cancellation, first takes the counts away in the same transaction, which locks the shard.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Text,
    Update,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    null,
    select,
    union_all,
    update,
)

from newsletter.books import DeliveryState
from newsletter.store.sql.schema import deliveries, runs, shards
from newsletter.store.sql.statements import Executor, execute_rows, is_one_of
from newsletter.store.sql.values import chunks

_MOVING = DeliveryState.CLAIMED, DeliveryState.IN_DOUBT
_OF_SHARD = deliveries.c.run_id == bindparam("run"), deliveries.c.shard_id == bindparam("shard")
_BECAUSE = "suppressed: "
"""How the key of a reason begins; one that is no more than a state is of an older version."""

_OF_SUPPRESSED = is_one_of(deliveries.c.state, [DeliveryState.SUPPRESSED])


def listed(state: DeliveryState, *where: ColumnElement[bool]) -> Subquery:
    """The reasons of the deliveries of a shard in a state, for whoever counts them.

    State by state, and in the order of the index that is meant: where PostgreSQL has not analysed
    the table since the run was frozen, it thinks that the run has nobody, and would as soon look at
    all of it by another index.
    """
    those = select(deliveries.c.reason).where(*where, is_one_of(deliveries.c.state, [state]))
    return those.order_by(deliveries.c.id).subquery()


def _in_state(state: DeliveryState) -> Select[str, int]:
    key = literal_column(f"'{state}'", Text).label("key")
    return select(key, func.count().label("number")).select_from(listed(state, *_OF_SHARD))


_WHY = listed(DeliveryState.SUPPRESSED, *_OF_SHARD)
_REASON = literal_column(f"'{_BECAUSE}'", Text) + _WHY.c.reason
_COUNTED = union_all(
    *(_in_state(state) for state in DeliveryState if state is not DeliveryState.SUPPRESSED),
    select(_REASON.label("key"), func.count().label("number")).group_by(_REASON),
).subquery()
_FORGET = update(shards).where(shards.c.id == bindparam("shard")).values(counts=null())


def _keeping(aggregate: str) -> Update:
    counts = cast(getattr(func, aggregate)(_COUNTED.c.key, _COUNTED.c.number), Text)
    kept = select(counts).where(_COUNTED.c.number > 0).scalar_subquery()
    moves = [exists().select_from(listed(state, *_OF_SHARD)) for state in _MOVING]
    is_bare = shards.c.id == bindparam("shard"), shards.c.counts.is_(None)
    return update(shards).where(*is_bare, *(~each for each in moves)).values(counts=kept)


_KEEP = {"sqlite": _keeping("json_group_object"), "postgresql": _keeping("json_object_agg")}


def hold(connection: Connection, run_id: int) -> list[int]:
    """Lock all shards of a run, in the order that everyone does; returns them."""
    wanted = select(shards.c.id).where(shards.c.run_id == run_id).order_by(shards.c.id)
    return list(connection.execute(wanted.with_for_update(key_share=True)).scalars())


def forget(executor: Executor, shard_ids: Iterable[int]) -> None:
    """To be called before their deliveries are changed; the shards are locked until the commit."""
    execute_rows(executor, _FORGET, [{"shard": shard} for shard in sorted(set(shard_ids))])


def keep(executor: Executor, run_id: int, shard_ids: Iterable[int]) -> None:
    """Count those of these shards that rest. They must be locked by a statement before this one:
    one that had to wait for the lock would count what was there before it waited.
    """
    rows = [{"run": run_id, "shard": shard} for shard in sorted(set(shard_ids))]
    execute_rows(executor, _KEEP[executor.dialect.name], rows)


def keep_all(connection: Connection, run_id: int) -> None:
    """The same for all shards of a run that have none, in the hands of whoever locked the run."""
    bare = select(shards.c.id).where(shards.c.run_id == run_id, shards.c.counts.is_(None))
    locked = bare.order_by(shards.c.id).with_for_update(key_share=True)
    keep(connection, run_id, connection.execute(locked).scalars().all())


def shards_of(connection: Connection, delivery_ids: Sequence[int]) -> set[int]:
    wanted = select(deliveries.c.shard_id).where(deliveries.c.id.in_(delivery_ids)).distinct()
    return set(connection.execute(wanted).scalars())


def _live(state: DeliveryState) -> object:
    """By a look into the index for each shard: a join would be over all of the run."""
    inside = select(func.count()).where(
        deliveries.c.run_id == shards.c.run_id,
        deliveries.c.state == state,
        deliveries.c.shard_id == shards.c.id,
    )
    return case((shards.c.counts.is_(None), inside.scalar_subquery())).label(f"n_{state}")


# One statement, so that both sides of the books are of the same moment.
_BOOKS = (
    select(runs.c.frozen, shards.c.id, shards.c.counts, *map(_live, DeliveryState))
    .select_from(runs.outerjoin(shards, shards.c.run_id == runs.c.id))
    .where(runs.c.id == bindparam("run"))
)


def books(connection: Connection, run_id: int) -> tuple[int, Counter[str]] | None:
    """How many were frozen in a run, and how many of them are in each state; None for no run."""
    rows = connection.execute(_BOOKS, {"run": run_id}).all()
    if not rows:
        return None
    counts: Counter[str] = Counter()
    for row in rows:
        if row.id is not None:
            kept = row.counts
            counts.update(
                _by_state(json.loads(kept))
                if kept
                else dict(zip(DeliveryState, row[3:], strict=True))
            )
    return rows[0].frozen, counts


def _by_state(kept: Mapping[str, int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, number in kept.items():
        found[key.partition(":")[0]] += number
    return found


def why_suppressed(connection: Connection, run_id: int) -> Counter[str]:
    """How many of a run are suppressed, by reason; by a query where it is not kept."""
    found: Counter[str] = Counter()
    bare: list[int] = []
    wanted = select(shards.c.id, shards.c.counts).where(shards.c.run_id == run_id)
    for shard_id, text in connection.execute(wanted):
        kept = json.loads(text) if text else {DeliveryState.SUPPRESSED: 0}
        if DeliveryState.SUPPRESSED in kept:
            bare.append(shard_id)
            continue
        for key, number in kept.items():
            if key.startswith(_BECAUSE):
                found[key.removeprefix(_BECAUSE)] += number
    for some in chunks(bare):
        here = deliveries.c.run_id == run_id, _OF_SUPPRESSED, deliveries.c.shard_id.in_(some)
        asked = select(deliveries.c.reason, func.count()).where(*here)
        for reason, number in connection.execute(asked.group_by(deliveries.c.reason)):
            found[reason] += number
    return found
