"""Paces that all machines keep to together: the next moment at which a message may go.

A pace is one row. Whoever wants turns moves its moment on by as many as they take, in one
statement, and so has a span of time that is nobody else's. Time is the database's: the clocks of
machines differ.
"""

from dataclasses import dataclass

from sqlalchemy import text

from newsletter.store.sql.connections import Connections

CREDIT = 0.5
"""Seconds of unused time that may be caught up: asking takes a while as well."""

_NOW = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS bigint)"
# Constants alone are put into the text; what is asked for is bound.
_TAKE = text(
    f"""
    INSERT INTO paces (name, next_at) VALUES (:name, {_NOW} + :span)
    ON CONFLICT (name) DO UPDATE
    SET next_at = GREATEST(paces.next_at, {_NOW} - :credit) + :span
    RETURNING next_at - :span - {_NOW}
    """  # noqa: S608
)
_MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Paces:
    """PostgreSQL alone: a SQLite database is one process's at a time, which keeps its own pace."""

    _connections: Connections

    def take(self, name: str, turns: int, rate: float) -> float:
        """Take so many turns, 1/rate seconds apart; returns the seconds until the first of them.

        Negative where a little time was lost that may be caught up.
        """
        given = {
            "name": name,
            "span": round(turns / rate * _MICROSECONDS),
            "credit": round(CREDIT * _MICROSECONDS),
        }
        with self._connections.writing() as connection:
            wait: int = connection.execute(_TAKE, given).scalar_one()
        return wait / _MICROSECONDS
