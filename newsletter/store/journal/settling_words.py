"""What the two databases are told when something happens to claimed deliveries.

SQLite is told row by row, in its own process; PostgreSQL once for all rows. Every change names the
states it may start from: what is accepted never changes again. When it is said is for `settling`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Insert,
    Integer,
    Select,
    Table,
    Text,
    Update,
    and_,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.types import TypeEngine

from newsletter.books import DeliveryEvents
from newsletter.store.people.eligibility import delivery_may_go_out
from newsletter.store.sql.schema import attempts, deliveries
from newsletter.store.sql.statements import (
    Executor,
    execute_columns,
    execute_rows,
    is_one_of,
    unless,
    unnested,
)
from newsletter.store.sql.values import Stored

_BEGIN, _SETTLE = DeliveryEvents.BEGIN, DeliveryEvents.SETTLE

# The names of what a row is changed to, and how PostgreSQL is told their types.
_BEGUN: Mapping[str, TypeEngine[Any]] = {
    "delivery": BigInteger(),
    "at": BigInteger(),
    "publication": BigInteger(),
}
_BEGUN_BESIDE = {"delivery": "begun", "at": "begun_at"}
"""What they are called where others are settled in the same statement."""

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
class Statements:
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
ON_SQLITE = Statements(
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
ON_POSTGRESQL = Statements(
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


def _count(words: Update | Insert, of: Table, name: str) -> ColumnElement[int]:
    done = words.returning(of.c.id).cte(name)
    return select(func.count()).select_from(done).scalar_subquery()


@cache
def turn_of(*, settles: bool, begins: bool) -> Select[Any]:
    """On PostgreSQL in one statement: some settled, each with its attempt, others begun.

    It divides by zero unless they are as many as are `settling` and `beginning`. Nobody may be in
    it twice. Its other values are those of `tried` and `add_attempt`, and of `beside`.
    """
    names = {name: _BEGUN_BESIDE.get(name, name) for name in _BEGUN}
    rows = unnested({names[name]: kind for name, kind in _BEGUN.items()})

    def of_begun(name: str) -> ColumnElement[Any]:
        return rows.c[names[name]]

    settling, beginning = (
        bindparam("settling", type_=Integer),
        bindparam("beginning", type_=Integer),
    )
    begin = _beginning(of_begun, delivery_may_go_out(of_begun("publication"), rows))
    done: list[ColumnElement[bool]] = []
    if settles:
        done.append(_count(ON_POSTGRESQL.tried, deliveries, "settled") == settling)
        done.append(_count(ON_POSTGRESQL.add_attempt, attempts, "added") == settling)
    if begins:
        done.append(_count(begin, deliveries, "begun") == beginning)
    return select(unless(and_(*done)))


def beside(begun: Mapping[str, Sequence[Stored]]) -> Mapping[str, Sequence[Stored]]:
    """The values of `begin`, by the names that they have in `turn_of`."""
    return {_BEGUN_BESIDE.get(name, name): values for name, values in begun.items()}
