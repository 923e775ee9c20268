"""How statements that are constants are run for many rows, past SQLAlchemy's work on each.

That work, on every statement and every transaction, takes many times as long as the databases'
own, which matters where there is a transaction for every few messages. So a constant is compiled
once; the values given to it must be as they are stored (`newsletter.store.sql.values`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Insert,
    Integer,
    PoolProxiedConnection,
    Select,
    TableValuedAlias,
    Update,
    bindparam,
    case,
    column,
    func,
    literal_column,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from newsletter.store.sql.values import Stored


class Changed(Protocol):
    """What a database says of a statement it has run."""

    @property
    def rowcount(self) -> int: ...


class Executor(Protocol):
    """Who runs a statement's text: a connection of SQLAlchemy's, or `Driver`."""

    @property
    def dialect(self) -> Dialect: ...

    def exec_driver_sql(self, statement: str, parameters: Any = None, /) -> Changed: ...


class Driver:
    """The driver's own connection in one writing transaction, for constant statements alone.

    What was not committed by the end of its `Connections.driver` block is undone. `publication` is
    the id of the one that is asked for.
    """

    def __init__(
        self, connection: PoolProxiedConnection, dialect: Dialect, publication: int
    ) -> None:
        self.dialect = dialect
        self.publication = publication
        self.commit = connection.commit
        self._cursor = connection.cursor()
        if self.is_sqlite:  # psycopg begins by itself
            self._cursor.execute("BEGIN IMMEDIATE")

    @property
    def is_sqlite(self) -> bool:
        return self.dialect.name == "sqlite"

    def exec_driver_sql(self, statement: str, parameters: Any = None, /) -> Changed:
        if isinstance(parameters, list):
            self._cursor.executemany(statement, parameters)
        else:
            self._cursor.execute(statement, parameters or ())
        return self._cursor

    def committed_together(self, requests: Sequence["Request"]) -> bool:
        """Run all of it on PostgreSQL, in order, and commit, in one round trip.

        Each statement sees what those before it have done. One that divides by zero forbids it:
        then this is False, and nothing was done.
        """
        told = [(_compiled(each, self.dialect, ()), values) for each, values in requests]
        opened, failure = self._cursor.connection, self.dialect.loaded_dbapi.Error
        opened.autocommit = True  # so that BEGIN does not take a trip of its own
        is_forbidden = False
        try:
            with opened.pipeline():
                try:
                    opened.execute("BEGIN ISOLATION LEVEL READ COMMITTED", prepare=False)
                    for each, values in told:
                        opened.execute(each.text, each.values(values))
                    opened.execute("COMMIT", prepare=False)
                except failure as error:  # the answer may come before all is said
                    is_forbidden = _is_forbidden(error)
                    if not is_forbidden:
                        raise
        except failure as error:  # whatever came behind it was passed over, and says so
            is_forbidden = is_forbidden or _is_forbidden(error)
            if not is_forbidden:
                with suppress(failure):  # what is wrong is told by the first error
                    _set_right(opened)
                raise
        _set_right(opened)
        return not is_forbidden

    def ask(self, statement: Select[Any], values: Mapping[str, Stored]) -> Sequence[Any]:
        """The rows of a constant statement, their values as they are stored."""
        told = _compiled(statement, self.dialect, ())
        self._cursor.execute(told.text, told.values(values))
        return self._cursor.fetchall()


def _set_right(opened: Any) -> None:
    """Whatever was begun and not committed is undone, and each statement begins as it did before.

    An error that came before all was said leaves the transaction open, and no other error behind.
    """
    opened.rollback()
    opened.autocommit = False


_DIVISION_BY_ZERO = "22012"
"""PostgreSQL's SQLSTATE."""


def _is_forbidden(error: Exception) -> bool:
    return getattr(error, "sqlstate", None) == _DIVISION_BY_ZERO


def unless(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Divides by zero where the condition does not hold, for `Driver.committed_together`.

    By way of a CASE, so that no planner works it out beforehand.
    """
    one, nothing = literal_column("1", Integer), literal_column("0", Integer)
    return one // case((condition, one), else_=nothing)


Request = tuple[Insert | Update | Select[Any], Mapping[str, Any]]
"""A constant statement, and its values."""


def execute_rows(
    connection: Executor, statement: Insert | Update, rows: Sequence[Mapping[str, Stored]]
) -> int:
    """Run one constant statement for many rows of the same names; returns the rows changed."""
    if not rows:
        return 0
    told = _compiled(statement, connection.dialect, tuple(rows[0]))
    given = [told.values(row) for row in rows]
    return connection.exec_driver_sql(told.text, given).rowcount


def execute_columns(
    connection: Executor, statement: Insert | Update, rows: Sequence[Mapping[str, Stored]]
) -> int:
    """One statement over `unnested` columns, so that PostgreSQL is asked once for all rows."""
    if not rows:
        return 0
    told = _compiled(statement, connection.dialect, ())
    return connection.exec_driver_sql(told.text, told.values(in_columns(rows))).rowcount


def in_columns(rows: Sequence[Mapping[str, Stored]]) -> Mapping[str, Sequence[Stored]]:
    """Rows of the same names, one at the least, as `unnested` takes them."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def is_one_of(column: ColumnElement[Any], words: Iterable[str]) -> ColumnElement[bool]:
    """With the words in its text: SQLAlchemy spells out an `in_` anew for each run."""
    return column.in_([literal_column(f"'{word}'") for word in sorted(words)])


def unnested(types: Mapping[str, TypeEngine[Any]]) -> TableValuedAlias:
    """Rows that come as one array for each column, for `execute_columns`; PostgreSQL alone."""
    arrays = [
        bindparam(name, type_=postgresql.ARRAY(kind), unique=False) for name, kind in types.items()
    ]
    columns = [column(name, kind) for name, kind in types.items()]
    return func.unnest(*arrays).table_valued(*columns, name="given").render_derived()


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement's text, the values that it brings itself, and what puts values in order."""

    text: str
    constants: Mapping[str, Stored]
    order: Callable[[Mapping[str, Any]], Any] | None

    def values(self, given: Mapping[str, Any]) -> Any:
        """As the driver takes them: by name, or in order."""
        values = {**self.constants, **given} if self.constants else given
        return values if self.order is None else self.order(values)


@lru_cache(maxsize=64)
def _compiled(
    statement: Insert | Update | Select[Any], dialect: Dialect, names: tuple[str, ...]
) -> _Compiled:
    compiled = statement.compile(
        dialect=dialect, column_keys=list(names) if names and statement.is_insert else None
    )
    assert isinstance(compiled, SQLCompiler)
    constants = {
        # psycopg would send the name of an enum's value
        name: str(value) if isinstance(value, str) else value
        for name, value in compiled.params.items()
        if value is not None
    }
    return _Compiled(str(compiled), constants, _in_order(compiled.positiontup))


def _in_order(names: Sequence[str] | None) -> Callable[[Mapping[str, Any]], Any] | None:
    """None where the driver takes values by name; `itemgetter` has half the time of a loop."""
    if names is None:
        return None
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)
