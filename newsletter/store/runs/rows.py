"""One run: its row, read or locked; its balance; and what the log says of it.

Functions on a connection; the transaction round them is the caller's.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select

from newsletter.books import AuditAction, Balance, Deed, DeliveryState, Run
from newsletter.errors import Act, Remedy, StoreError
from newsletter.store import tallies
from newsletter.store.schedule import audit
from newsletter.store.sql.connections import own
from newsletter.store.sql.schema import deliveries, runs

_NOT_ASKED = {"text", "publication_id"}
_COLUMNS = [column for column in runs.c if column.name not in _NOT_ASKED]
"""The text is long, and only wanted where it differs."""


def run_of(row: Row[Any]) -> Run:
    return Run(**row._asdict())


def select_runs() -> Select[Any]:
    return select(*_COLUMNS)


def of_issue(connection: Connection, issue: str) -> ColumnElement[bool]:
    """The condition that a run is that of an issue, in the publication that is asked for."""
    return and_(own(connection, runs), runs.c.issue == issue)


def select_run(connection: Connection, issue: str) -> Select[Any]:
    return select_runs().where(of_issue(connection, issue))


def locked_run(connection: Connection, issue: str) -> Run:
    """Locked before its shards, as everybody does it. Raises StoreError where there is none."""
    row = connection.execute(select_run(connection, issue).with_for_update()).one_or_none()
    if row is None:
        raise StoreError(
            "this issue has never been sent", where=issue, remedy=Remedy(Act.SEE_STATUS)
        )
    return run_of(row)


def balance(connection: Connection, run_id: int) -> Balance:
    """The books by the counts that are kept, and by a query where none are."""
    found = tallies.books(connection, run_id)
    if found is None:
        raise _no_run(run_id)
    frozen, counts = found
    return Balance(
        frozen=frozen, counts={state: counts[state] for state in DeliveryState if counts[state]}
    )


def counted(connection: Connection, run_id: int) -> Balance:
    """The same, every delivery counted: what a run is complete by.

    One statement, so that both sides of the books are of the same moment.
    """
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
        raise _no_run(run_id)
    counts = {row.state: row.number for row in rows if row.state is not None}
    return Balance(
        frozen=rows[0].frozen,
        counts={state: counts[state] for state in DeliveryState if state in counts},
    )


def _no_run(run_id: int) -> StoreError:
    return StoreError(f"there is no run {run_id}", remedy=Remedy(Act.SEE_STATUS))


def log(
    connection: Connection, run: Run, by: str, action: AuditAction, detail: str, now: datetime
) -> None:
    """What was done to the run, in the transaction that did it; to be called at its end."""
    deed = Deed(by=by, action=action, issue=run.issue, digest=run.digest, detail=detail, at=now)
    audit.append(connection, deed)
