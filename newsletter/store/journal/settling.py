"""Writing down what happens to claimed deliveries: content going out, and what became of it.

Functions on a connection; the transaction round them is the journal's.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Insert,
    Integer,
    Text,
    Update,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.types import TypeEngine

from newsletter.books import Attempt, Delivery, DeliveryEvents, DeliveryState, Outcome, Turn
from newsletter.store.journal.claiming import suppress
from newsletter.store.journal.leases import Hold, hold_of, holds_shards, stale
from newsletter.store.people.eligibility import (
    delivery_may_go_out,
    delivery_suppressed_because,
    with_people,
)
from newsletter.store.sql.connections import publication_of
from newsletter.store.sql.schema import attempts, deliveries
from newsletter.store.sql.statements import (
    Driver,
    Executor,
    execute_columns,
    execute_rows,
    is_one_of,
    unnested,
)
from newsletter.store.sql.values import Stored, chunks, stored_instant, stored_text

_BEGIN, _SETTLE, _LOSE = DeliveryEvents.BEGIN, DeliveryEvents.SETTLE, DeliveryEvents.LOSE

# The names of what a row is changed to, and how PostgreSQL is told their types.
_BEGUN: Mapping[str, TypeEngine[Any]] = {
    "delivery": BigInteger(),
    "at": BigInteger(),
    "publication": BigInteger(),
}
_UNTRIED: Mapping[str, TypeEngine[Any]] = {
    "delivery": BigInteger(),
    "before": Integer(),
    "to_state": Text(),
    "due": BigInteger(),
    "because": Text(),
    "at": BigInteger(),
}
_TRIED: Mapping[str, TypeEngine[Any]] = {
    **_UNTRIED,
    "after": Integer(),
    "code": Integer(),
    "enhanced": Text(),
    "words": Text(),
}
_ATTEMPT: Mapping[str, TypeEngine[Any]] = {
    "delivery": BigInteger(),
    "started": BigInteger(),
    "ended": BigInteger(),
    "stage": Text(),
    "code": Integer(),
    "enhanced": Text(),
    "words": Text(),
    "transport": Text(),
}
_ATTEMPT_COLUMNS = (
    "delivery_id",
    "started_at",
    "ended_at",
    "stage",
    "code",
    "enhanced_code",
    "text",
    "transport",
)
"""What `_ATTEMPT` is called in the table."""
_earlier = attempts.alias("earlier")


def _number(delivery: ColumnElement[Any]) -> ColumnElement[int]:
    """Of its next attempt: not every attempt is held against the recipient, all have a number."""
    highest = select(func.max(_earlier.c.number)).where(_earlier.c.delivery_id == delivery)
    return func.coalesce(highest.scalar_subquery(), 0) + 1


# Every change names the states it may start from: what is accepted never changes again.
def _beginning(
    value: Callable[[str], ColumnElement[Any]], *conditions: ColumnElement[bool]
) -> Update:
    return (
        update(deliveries)
        .where(
            deliveries.c.id == value("delivery"),
            is_one_of(deliveries.c.state, _BEGIN.before),
            *conditions,
        )
        .values(state=literal_column(f"'{_BEGIN.to}'"), updated_at=value("at"))
    )


def _settling(value: Callable[[str], ColumnElement[Any]], *, tried: bool) -> Update:
    statement = (
        update(deliveries)
        .where(
            deliveries.c.id == value("delivery"),
            is_one_of(deliveries.c.state, _SETTLE.before),
            deliveries.c.attempts == value("before"),
        )
        .values(
            state=value("to_state"),
            next_attempt_at=value("due"),
            reason=value("because"),
            updated_at=value("at"),
        )
    )
    if not tried:
        return statement
    return statement.values(
        attempts=value("after"),
        reply_code=value("code"),
        enhanced_code=value("enhanced"),
        reply_text=value("words"),
    )


@dataclass(frozen=True, slots=True)
class _Statements:
    """What one database is told; `run` says it for many rows at once.

    `begin_asked` is for whoever has looked at the suppression list in the same transaction.
    """

    begin: Update
    begin_asked: Update
    untried: Update
    tried: Update
    add_attempt: Insert
    run: Callable[[Executor, Insert | Update, Sequence[Mapping[str, Stored]]], int]


def _of_many(types: Mapping[str, TypeEngine[Any]]) -> Callable[[str], ColumnElement[Any]]:
    return unnested(types).c.__getitem__


_TOLD = unnested(_ATTEMPT)
_BEGUN_ROWS = unnested(_BEGUN)
_BEGUN_BY = _BEGUN_ROWS.c.__getitem__

# SQLite is quickest row by row, in its own process; PostgreSQL is asked once for all rows.
_ON_SQLITE = _Statements(
    begin=_beginning(bindparam, delivery_may_go_out(bindparam("publication"))),
    begin_asked=_beginning(bindparam),
    untried=_settling(bindparam, tried=False),
    tried=_settling(bindparam, tried=True),
    add_attempt=insert(attempts)
    .values(
        {
            **dict(zip(_ATTEMPT_COLUMNS, map(bindparam, _ATTEMPT), strict=True)),
            "number": _number(bindparam("delivery")),
        }
    )
    .inline(),
    run=execute_rows,
)
_ON_POSTGRESQL = _Statements(
    begin=_beginning(_BEGUN_BY, delivery_may_go_out(_BEGUN_BY("publication"), _BEGUN_ROWS)),
    begin_asked=_beginning(_BEGUN_BY),
    untried=_settling(_of_many(_UNTRIED), tried=False),
    tried=_settling(_of_many(_TRIED), tried=True),
    add_attempt=insert(attempts)
    .from_select(
        (*_ATTEMPT_COLUMNS, "number"), select(_TOLD, _number(_TOLD.c.delivery).label("number"))
    )
    .inline(),
    run=execute_columns,
)


_PEOPLE = with_people(
    deliveries, deliveries.c.recipient_key, bindparam("publication", type_=BigInteger)
)
_WHY_NOT = (
    select(deliveries.c.id, delivery_suppressed_because().label("because"))
    .select_from(_PEOPLE)
    .where(
        deliveries.c.id.in_(bindparam("ids", expanding=True)),
        is_one_of(deliveries.c.state, _BEGIN.before),
    )
    .order_by(deliveries.c.id)
    .with_for_update(of=deliveries, key_share=True)
)


def is_plain(outcomes: Iterable[Outcome]) -> bool:
    """Whether all are what they nearly always are: a server was asked, and was heard."""
    return all(
        outcome.attempt is not None and outcome.state in _SETTLE.after for outcome in outcomes
    )


def turn_at_once(
    driver: Driver, outcomes: Sequence[Outcome], begun: Sequence[Delivery], now: datetime
) -> bool:
    """The whole turn on PostgreSQL, its outcomes plain and everything as it was claimed.

    Where this is False the transaction must be undone, and `turn` be asked.
    """
    if not holds_shards(driver, chain((outcome.delivery for outcome in outcomes), begun)):
        return False
    good = [(outcome, outcome.delivery.attempts) for outcome in outcomes]
    say = _statements(driver)
    return _write(driver, good, now) and _begin(driver, say.begin, begun, now) == len(begun)


def turn(
    connection: Connection, outcomes: Sequence[Outcome], begun: Sequence[Delivery], now: datetime
) -> Turn:
    """Outcomes first: what is known of a sent message must not wait behind the next one."""
    late = _settle(connection, outcomes, now) if outcomes else []
    lost = stale(connection, begun) if begun else set()
    ours = [claim for claim in begun if hold_of(claim) not in lost]
    refused = [claim for claim in begun if hold_of(claim) in lost]
    gone = _suppress(connection, ours, now)
    first = {claim.id: claim for claim in reversed(ours)}
    suppressed = tuple(first[each] for each in gone)
    left = [claim for claim in ours if claim.id not in gone or claim is not first[claim.id]]
    if left and not _begin_at_once(connection, left, now):
        refused += [claim for claim in left if not _begin_at_once(connection, [claim], now)]
    return Turn(late=late, refused=refused, suppressed=suppressed)


def _suppress(connection: Connection, claims: Iterable[Delivery], now: datetime) -> set[int]:
    """Those whose recipients have left since they were claimed are suppressed; which they are."""
    gone: set[int] = set()
    for some in chunks(claims):
        ids = [claim.id for claim in some]
        found = connection.execute(
            _WHY_NOT, {"ids": ids, "publication": publication_of(connection)}
        )
        reasons = [(row.id, row.because) for row in found if row.because is not None]
        suppress(connection, reasons, stored_instant(now))
        gone |= {delivery for delivery, _ in reasons}
    return gone


def _begin_at_once(connection: Connection, claims: Sequence[Delivery], now: datetime) -> bool:
    """All of them, or none."""
    with connection.begin_nested() as savepoint:
        asked = _statements(connection).begin_asked
        if _begin(connection, asked, claims, now) == len(claims):
            return True
        savepoint.rollback()
    return False


def _begin(connection: Executor, begin: Update, claims: Iterable[Delivery], now: datetime) -> int:
    told = {"at": stored_instant(now), "publication": publication_of(connection)}
    rows: list[dict[str, Stored]] = [{"delivery": claim.id, **told} for claim in claims]
    return _statements(connection).run(connection, begin, rows)


def _statements(connection: Executor) -> _Statements:
    return _ON_SQLITE if connection.dialect.name == "sqlite" else _ON_POSTGRESQL


def _settle(connection: Connection, outcomes: Sequence[Outcome], now: datetime) -> list[Outcome]:
    """Write down the outcomes that may be; returns those that another owner's work forbids."""
    lost = stale(connection, (outcome.delivery for outcome in outcomes))
    if not lost and _settle_at_once(connection, outcomes, now):
        return []
    late: list[Outcome] = []
    for group in chunks(outcomes):
        late += _settle_with_care(connection, group, lost, now)
    return late


def _settle_at_once(connection: Connection, outcomes: Sequence[Outcome], now: datetime) -> bool:
    """Nearly always all rows are as they were claimed; if one is not, nothing is written here."""
    if any(outcome.state not in _SETTLE.after for outcome in outcomes):
        return False
    with connection.begin_nested() as savepoint:
        good = [(outcome, outcome.delivery.attempts) for outcome in outcomes]
        if _write(connection, good, now):
            return True
        savepoint.rollback()
    return False


def _settle_with_care(
    connection: Connection, outcomes: Sequence[Outcome], lost: set[Hold], now: datetime
) -> list[Outcome]:
    """Look at each row first; returns the outcomes that came too late."""
    standing = _standing(connection, outcomes)
    good: dict[int, tuple[Outcome, int]] = {}
    late: list[Outcome] = []
    for outcome in outcomes:
        delivery = outcome.delivery
        state, number = standing[delivery.id]
        if state is DeliveryState.ACCEPTED is outcome.state:
            continue  # written down before: a commit whose answer was lost, say
        is_ours = hold_of(delivery) not in lost and delivery.id not in good
        if is_ours and any(event.allows(state, outcome.state) for event in (_SETTLE, _LOSE)):
            good[delivery.id] = outcome, number
        else:
            late.append(outcome)
    _write(connection, list(good.values()), now)
    return late


def _standing(
    connection: Connection, outcomes: Iterable[Outcome]
) -> dict[int, tuple[DeliveryState, int]]:
    statement = (
        select(deliveries.c.id, deliveries.c.state, deliveries.c.attempts)
        .where(deliveries.c.id.in_([outcome.delivery.id for outcome in outcomes]))
        .order_by(deliveries.c.id)
        .with_for_update(key_share=True)
    )
    return {row.id: (row.state, row.attempts) for row in connection.execute(statement)}


def _write(connection: Executor, good: Sequence[tuple[Outcome, int]], now: datetime) -> bool:
    """Each outcome with the attempts its row counts so far. False when a row was not as said."""
    at = stored_instant(now)
    untried = [_change(outcome, before, at) for outcome, before in good if outcome.attempt is None]
    tried = [
        _change(outcome, before, at) | _reply(outcome.attempt, before + outcome.counts)
        for outcome, before in good
        if outcome.attempt is not None
    ]
    say = _statements(connection)
    changed = say.run(connection, say.untried, untried)
    changed += say.run(connection, say.tried, tried)
    if changed != len(good):
        return False
    say.run(connection, say.add_attempt, tried)
    return True


def _change(outcome: Outcome, before: int, at: int) -> dict[str, Stored]:
    due = outcome.next_attempt_at
    return {
        "delivery": outcome.delivery.id,
        "before": before,
        "to_state": outcome.state.value,
        "due": None if due is None else stored_instant(due),
        "because": stored_text(outcome.reason),
        "at": at,
    }


def _reply(attempt: Attempt, after: int) -> dict[str, Stored]:
    return {
        "after": after,
        "started": stored_instant(attempt.started_at),
        "ended": stored_instant(attempt.ended_at),
        "stage": stored_text(attempt.stage),
        "code": attempt.code,
        "enhanced": stored_text(attempt.enhanced_code),
        "words": stored_text(attempt.text),
        "transport": stored_text(attempt.transport),
    }
