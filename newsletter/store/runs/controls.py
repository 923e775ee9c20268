"""Pausing, resuming, cancelling and ending a run, each in the log with what it changes.

What is done to a run is a word in its row, which claims and senders read. A cancelled run's
deliveries that nobody has begun become cancelled, so that its books balance.
Functions on a connection; the transaction round them is `Runs`'.
"""

from datetime import datetime

from sqlalchemy import Connection, exists, null, update

from newsletter.books import OVER, AuditAction, Balance, DeliveryEvents, Run, RunEvents, RunState
from newsletter.errors import Act, Remedy, StoreError
from newsletter.store import tallies
from newsletter.store.journal.leases import Claimant, holders
from newsletter.store.runs.opening import is_freezing, state_when_open
from newsletter.store.runs.rows import (
    balance,
    counted,
    locked_run,
    log,
    run_of,
    select_run,
    select_runs,
)
from newsletter.store.schedule import slots
from newsletter.store.sql.schema import deliveries, runs, shards

_EVENTS = {
    RunState.PAUSED: (RunEvents.PAUSE, AuditAction.PAUSED),
    RunState.RUNNING: (RunEvents.RESUME, AuditAction.RESUMED),
    RunState.CANCELLED: (RunEvents.CANCEL, AuditAction.CANCELLED),
}


def control(connection: Connection, issue: str, wanted: RunState, by: str, now: datetime) -> Run:
    """The run, in the state wanted. Raises StoreError where it cannot come to that.

    Whoever pauses or cancels again what was paused or cancelled before changes nothing.
    """
    run = locked_run(connection, issue)
    event, action = _EVENTS[wanted]
    stands = state_when_open(run)
    is_new = stands in event.before
    if not is_new and (stands is not wanted or wanted is RunState.RUNNING):
        raise StoreError(
            f"the run is {run.state} and cannot be {action}",
            where=issue,
            remedy=Remedy(Act.SEE_STATUS, issue),
        )
    left = balance(connection, run.id).unfinished
    if is_new:
        _stamp(connection, run, wanted, by, now)
    if wanted is RunState.CANCELLED:
        _sweep(connection, run.id, run.controlled_by or by, now)
    if is_new:
        log(connection, run, by, action, f"{left:,} left", now)
    return run_of(connection.execute(select_run(connection, issue)).one())


def _stamp(connection: Connection, run: Run, wanted: RunState, by: str, now: datetime) -> None:
    stamp = (None, None) if wanted is RunState.RUNNING else (by, now)
    goes_on = is_freezing(run) and wanted in RunEvents.FREEZE.after
    state = run.state if goes_on else wanted
    values = {"state": state, "controlled_by": stamp[0], "controlled_at": stamp[1]}
    if wanted is RunState.CANCELLED:
        values["finished_at"] = now
    connection.execute(update(runs).where(runs.c.id == run.id).values(values))


def finish(connection: Connection, run_id: int, by: str, now: datetime) -> tuple[Balance, bool]:
    """See `Runs.finish` for the promises. With the balance, whether it ended now: once."""
    # Locked against an extension, which would freeze more people behind the count.
    wanted = select_runs().where(runs.c.id == run_id).with_for_update()
    row = connection.execute(wanted).one_or_none()
    if row is not None and row.state is RunState.CANCELLED:
        _sweep(connection, run_id, row.controlled_by, now)
    found = counted(connection, run_id)
    if row is None:
        return found, False
    is_new = found.complete and row.state in RunEvents.COMPLETE.before
    if is_new:
        done = {"state": RunEvents.COMPLETE.to, "finished_at": now}
        connection.execute(update(runs).where(runs.c.id == run_id).values(done))
    if (is_new or row.state in OVER) and slots.finish(connection, row.issue, by, now):
        return found, True  # and logged it
    if is_new:
        log(connection, run_of(row), by, AuditAction.FINISHED, str(found), now)
    return found, is_new


def _sweep(connection: Connection, run_id: int, by: str, now: datetime) -> None:
    """Whatever of a cancelled run nobody has in hand becomes cancelled.

    A living sender's claims are left to it: it settles what is under way, gives back the rest, and
    sweeps again when it ends.
    """
    asking = Claimant(owner="", now=now)
    held = {holder.shard_id for holder in holders(connection, run_id, asking)}
    free = [shard for shard in tallies.hold(connection, run_id) if shard not in held]
    cancel, hold = DeliveryEvents.CANCEL, DeliveryEvents.CLAIM.to
    in_nobodys_hand = (deliveries.c.state != hold) | deliveries.c.shard_id.in_(free)
    left = exists().where(
        deliveries.c.run_id == run_id,
        deliveries.c.shard_id == shards.c.id,
        deliveries.c.state.in_(cancel.before),
    )
    uncounted = update(shards).where(shards.c.run_id == run_id, left)
    connection.execute(uncounted.values(counts=null()))
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.run_id == run_id, deliveries.c.state.in_(cancel.before), in_nobodys_hand
        )
        .values(state=cancel.to, reason=f"cancelled by {by}", next_attempt_at=None, updated_at=now)
    )
    tallies.keep_all(connection, run_id)
