"""The runs that are not over and the letters owed, counted for monitoring.

One reading transaction each, by indexes and by the counts that are kept of shards that rest, so
that ten million rows are not counted; nothing is asked of runs that are over, so that it costs the
same in a publication's tenth year. How often they are asked for is the caller's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from newsletter.books import (
    OVER,
    DeliveryState,
    LetterFigures,
    LetterState,
    RunFigures,
    RunState,
)
from newsletter.store.runs.in_hand import count_in_hand
from newsletter.store.runs.rows import balance
from newsletter.store.sql.connections import Connections, own
from newsletter.store.sql.schema import deliveries, letters, runs, shards

_OPEN = [state.value for state in RunState if state not in OVER]
_OWED = (LetterState.PLANNED.value, LetterState.CLAIMED.value)


@dataclass(frozen=True)
class Figures:
    """Of one publication. Any thread may ask them."""

    _connections: Connections

    def open_runs(self, now: datetime) -> list[RunFigures]:
        """Every run that is not over, the first one first."""
        with self._connections.reading() as connection:
            wanted = select(runs.c.id, runs.c.issue, runs.c.state)
            ours = wanted.where(own(connection, runs), runs.c.state.in_(_OPEN))
            rows = connection.execute(ours.order_by(runs.c.id)).all()
            return [_figures(connection, row, now) for row in rows]

    def letters(self, now: datetime) -> LetterFigures:
        """The letters whose time has come; what is in somebody's hands is not due till its lease
        is over.
        """
        with self._connections.reading() as connection:
            wanted = select(func.count(), func.min(letters.c.due_at)).where(
                own(connection, letters), letters.c.state.in_(_OWED), letters.c.due_at <= now
            )
            count, oldest = connection.execute(wanted).one()
        return LetterFigures(due=count, oldest_due_at=oldest)


def _figures(connection: Connection, row: Row[Any, Any, Any], now: datetime) -> RunFigures:
    run_id: int = row.id
    books = balance(connection, run_id)
    if in_doubt := books[DeliveryState.IN_DOUBT]:
        books = books.with_in_hand(min(count_in_hand(connection, run_id, now), in_doubt))
    counts = books.counts
    is_waiting, is_refused = DeliveryState.PLANNED in counts, DeliveryState.REFUSED in counts
    return RunFigures(
        run_id=run_id,
        issue=row.issue,
        state=RunState(row.state),
        frozen=books.frozen,
        counts=counts,
        waiting_since=_waiting_since(connection, run_id) if is_waiting else None,
        refused=_refused(connection, run_id) if is_refused else {},
    )


def _waiting_since(connection: Connection, run_id: int) -> datetime | None:
    """Of each shard its first planned one is looked at, by one look into the index for each: they
    are taken in that order.
    """
    first = select(func.min(deliveries.c.id)).where(
        deliveries.c.run_id == run_id,
        deliveries.c.state == DeliveryState.PLANNED,
        deliveries.c.shard_id == shards.c.id,
    )
    firsts = select(first.scalar_subquery()).where(shards.c.run_id == run_id)
    oldest = select(func.min(deliveries.c.updated_at)).where(deliveries.c.id.in_(firsts))
    found: datetime | None = connection.execute(oldest).scalar()
    return found


def _refused(connection: Connection, run_id: int) -> Mapping[str, int]:
    of_run = deliveries.c.run_id == run_id, deliveries.c.state == DeliveryState.REFUSED
    code = deliveries.c.enhanced_code
    wanted = select(code, func.count()).where(*of_run).group_by(code)
    return {row[0]: row[1] for row in connection.execute(wanted)}
