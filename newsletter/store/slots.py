"""The slots: which issue goes out at which wall time, and that each starts once.

    scheduled ──start──> started ──finish──> done
        ├──miss──> missed ───┐
        └──unschedule──> cancelled ──schedule──> scheduled

Started and done are for good: no slot starts twice. When that is, is `newsletter.schedule`'s.
Functions on a connection; the transaction round them is the schedule book's.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from newsletter.books import TAKEN, NewSlot, SlotRow, SlotState
from newsletter.errors import StoreError
from newsletter.store.schema import runs, slots
from newsletter.store.values import stored_text

_COLUMNS = [column for column in slots.c if column is not slots.c.id]

_STANDS = {
    SlotState.SCHEDULED: ("is scheduled for", "take it out first: `newsletter unschedule`"),
    SlotState.STARTED: ("was started in its slot of", "see `newsletter status`"),
    SlotState.DONE: ("was sent in its slot of", "send it under a name of its own"),
}


def schedule(connection: Connection, wanted: NewSlot, by: str, now: datetime) -> SlotRow:
    """The slot of the issue, scheduled. See `ScheduleBook.schedule` for what it refuses."""
    found = find(connection, wanted.issue)
    if found is not None and found.state in TAKEN:
        stands, step = _STANDS[found.state]
        raise StoreError(f"the issue {stands} {found}", where=wanted.issue, next_step=step)
    _check_never_sent(connection, wanted.issue)
    _check_free(connection, wanted)
    values = {
        "path": stored_text(wanted.path),
        "local_date": wanted.local_date,
        "local_time": wanted.local_time,
        "zone": wanted.zone,
        "state": SlotState.SCHEDULED,
        "scheduled_by": stored_text(by),
        "scheduled_at": now,
        "digest": wanted.digest,
        "started_by": None,
        "started_at": None,
        "reason": "",
    }
    if found is None:
        connection.execute(insert(slots).values(issue=wanted.issue, **values))
    else:
        connection.execute(update(slots).where(slots.c.issue == wanted.issue).values(values))
    return one(connection, wanted.issue)


def _check_never_sent(connection: Connection, issue: str) -> None:
    run = connection.execute(select(runs.c.state).where(runs.c.issue == issue)).scalar()
    if run is not None:
        raise StoreError(
            f"the issue has a run already, and it is {run}",
            where=issue,
            next_step="see `newsletter status`; an issue is sent once",
        )


def _check_free(connection: Connection, wanted: NewSlot) -> None:
    of_that_time = select(slots.c.issue).where(
        slots.c.local_date == wanted.local_date,
        slots.c.local_time == wanted.local_time,
        slots.c.zone == wanted.zone,
        slots.c.state.in_(TAKEN),
    )
    other = connection.execute(of_that_time).scalar()
    if other is not None:
        raise StoreError(
            f"the slot {wanted} is the issue {other}’s",
            where=wanted.issue,
            next_step=f"choose another moment with --at, or unschedule {other}",
        )


def find(connection: Connection, issue: str) -> SlotRow | None:
    row = connection.execute(select(*_COLUMNS).where(slots.c.issue == issue)).one_or_none()
    return None if row is None else _slot(row)


def in_states(connection: Connection, states: Collection[SlotState]) -> list[SlotRow]:
    """In the order of their dates and times; without any states, all."""
    wanted = select(*_COLUMNS).order_by(slots.c.local_date, slots.c.local_time, slots.c.id)
    if states:
        wanted = wanted.where(slots.c.state.in_(states))
    return [_slot(row) for row in connection.execute(wanted)]


def unschedule(connection: Connection, issue: str, reason: str) -> SlotRow:
    if _move(connection, issue, SlotState.SCHEDULED, SlotState.CANCELLED, reason=reason):
        return one(connection, issue)
    found = find(connection, issue)
    what = "has no slot" if found is None else f"is {found.state}, no longer scheduled"
    raise StoreError(f"the issue {what}", where=issue, next_step="see `newsletter scheduled`")


def start(connection: Connection, issue: str, owner: str, now: datetime) -> bool:
    """The claim: of all who ask, ever, one is told True."""
    return _move(
        connection,
        issue,
        SlotState.SCHEDULED,
        SlotState.STARTED,
        started_by=stored_text(owner),
        started_at=now,
    )


def finish(connection: Connection, issue: str) -> bool:
    return _move(connection, issue, SlotState.STARTED, SlotState.DONE)


def miss(connection: Connection, issue: str, reason: str) -> bool:
    return _move(
        connection, issue, SlotState.SCHEDULED, SlotState.MISSED, reason=stored_text(reason)
    )


def _move(
    connection: Connection, issue: str, before: SlotState, after: SlotState, **values: object
) -> bool:
    """One statement decides it; False when the slot was not in the state before."""
    statement = (
        update(slots)
        .where(slots.c.issue == issue, slots.c.state == before)
        .values(state=after, **values)
    )
    return connection.execute(statement).rowcount == 1


def one(connection: Connection, issue: str) -> SlotRow:
    return _slot(connection.execute(select(*_COLUMNS).where(slots.c.issue == issue)).one())


def _slot(row: Row[Any]) -> SlotRow:
    return SlotRow(**row._asdict())
