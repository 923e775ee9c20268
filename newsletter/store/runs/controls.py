"""Pausing, resuming and cancelling a run: a word in the run's row, which claims and senders read.

A cancelled run's deliveries that nobody has begun become cancelled, so that its books balance.
Functions on a connection; the transaction round them is `Runs`'.
"""

from datetime import datetime

from sqlalchemy import Connection, select, update

from newsletter.books import UNFINISHED, DeliveryState, Run, RunState
from newsletter.errors import Act, Remedy, StoreError
from newsletter.store.journal.claiming import Claimant, holders
from newsletter.store.runs.freezing import run_of, select_run
from newsletter.store.sql.schema import deliveries, runs, shards

_FROM = {
    RunState.PAUSED: (RunState.RUNNING, RunState.PAUSED),
    RunState.RUNNING: (RunState.PAUSED,),
    RunState.CANCELLED: (RunState.RUNNING, RunState.PAUSED, RunState.CANCELLED),
}
"""What may become paused, running again, and cancelled."""

_VERBS = {
    RunState.PAUSED: "paused",
    RunState.RUNNING: "resumed",
    RunState.CANCELLED: "cancelled",
}


def control(connection: Connection, issue: str, wanted: RunState, by: str, now: datetime) -> Run:
    """The run, in the state wanted. Raises StoreError where it cannot come to that."""
    row = connection.execute(select_run(issue).with_for_update()).one_or_none()
    if row is None:
        raise StoreError(
            "this issue has never been sent", where=issue, remedy=Remedy(Act.SEE_STATUS)
        )
    run = run_of(row)
    if run.state not in _FROM[wanted]:
        raise StoreError(
            f"the run is {run.state} and cannot be {_VERBS[wanted]}",
            where=issue,
            remedy=Remedy(Act.SEE_STATUS, issue),
        )
    if run.state is not wanted:
        stamp = (None, None) if wanted is RunState.RUNNING else (by, now)
        values = {"state": wanted, "controlled_by": stamp[0], "controlled_at": stamp[1]}
        if wanted is RunState.CANCELLED:
            values["finished_at"] = now
        connection.execute(update(runs).where(runs.c.id == run.id).values(values))
    if wanted is RunState.CANCELLED:
        sweep(connection, run.id, f"cancelled by {run.controlled_by or by}", now)
    return run_of(connection.execute(select_run(issue)).one())


def sweep(connection: Connection, run_id: int, reason: str, now: datetime) -> None:
    """Whatever of a cancelled run nobody has in hand becomes cancelled.

    A living sender's claims are left to it: it settles what is under way, gives back the rest, and
    sweeps again when it ends.
    """
    asking = Claimant(owner="", now=now)
    held = {holder.shard_id for holder in holders(connection, run_id, asking)}
    free = select(shards.c.id).where(shards.c.run_id == run_id, shards.c.id.not_in(held))
    locked = list(connection.execute(free.with_for_update(key_share=True)).scalars())
    unfinished = deliveries.c.state.in_(UNFINISHED - {DeliveryState.CLAIMED})
    begun_by_nobody = (deliveries.c.state == DeliveryState.CLAIMED) & deliveries.c.shard_id.in_(
        locked
    )
    connection.execute(
        update(deliveries)
        .where(deliveries.c.run_id == run_id, unfinished | begun_by_nobody)
        .values(state=DeliveryState.CANCELLED, reason=reason, next_attempt_at=None, updated_at=now)
    )
