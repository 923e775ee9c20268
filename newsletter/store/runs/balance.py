"""The balance of a run: everyone who was frozen is in exactly one state."""

from sqlalchemy import Connection, func, select

from newsletter.books import Balance, DeliveryState
from newsletter.errors import Act, Remedy, StoreError
from newsletter.store.sql.schema import deliveries, runs


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
        raise StoreError(f"there is no run {run_id}", remedy=Remedy(Act.SEE_STATUS))
    counts = {row.state: row.number for row in rows if row.state is not None}
    return Balance(
        frozen=rows[0].frozen,
        counts={state: counts[state] for state in DeliveryState if state in counts},
    )
