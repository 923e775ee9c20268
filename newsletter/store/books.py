"""Reading the books: the balance of a run, who failed and why, and what is due next.

Functions on a connection; the transaction round them is the journal's.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from newsletter.books import Balance, DeliveryState, Failure
from newsletter.errors import StoreError
from newsletter.store.schema import deliveries, runs
from newsletter.store.values import CHUNK, address_of


def balance(connection: Connection, run_id: int) -> Balance:
    """One statement, so that both sides of the books are of the same moment."""
    counted = (
        select(deliveries.c.run_id, deliveries.c.state, func.count().label("number"))
        .where(deliveries.c.run_id == run_id)
        .group_by(deliveries.c.run_id, deliveries.c.state)
        .subquery()
    )
    statement = (
        select(runs.c.frozen, counted.c.state, counted.c.number)
        .select_from(runs.outerjoin(counted, counted.c.run_id == runs.c.id))
        .where(runs.c.id == run_id)
    )
    rows = connection.execute(statement).all()
    if not rows:
        raise StoreError(f"there is no run {run_id}", next_step="see `newsletter status`")
    counts = {row.state: row.number for row in rows if row.state is not None}
    return Balance(
        frozen=rows[0].frozen,
        counts={state: counts[state] for state in DeliveryState if state in counts},
    )


def next_due(connection: Connection, run_id: int) -> datetime | None:
    statement = select(func.min(deliveries.c.next_attempt_at)).where(
        deliveries.c.run_id == run_id, deliveries.c.state == DeliveryState.DEFERRED
    )
    return connection.execute(statement).scalar()


def failure_page(
    connection: Connection, issue: str, states: Collection[DeliveryState], after: int
) -> list[tuple[int, Failure]]:
    """A page of failures behind a delivery's id, each with the id to go on from."""
    statement = (
        select(deliveries)
        .join(runs, runs.c.id == deliveries.c.run_id)
        .where(runs.c.issue == issue, deliveries.c.state.in_(states), deliveries.c.id > after)
        .order_by(deliveries.c.id)
        .limit(CHUNK)
    )
    return [(row.id, _failure(row)) for row in connection.execute(statement)]


def _failure(row: Row[Any]) -> Failure:
    return Failure(
        recipient=address_of(row.recipient),
        state=row.state,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        reply_code=row.reply_code,
        enhanced_code=row.enhanced_code,
        reply_text=row.reply_text,
        reason=row.reason,
        updated_at=row.updated_at,
    )
