"""The slots: which issue goes out at which wall time, and that each starts once.

    scheduled ──start──> started ──finish──> done
        ├──miss──> missed ───┐
        └──unschedule──> cancelled ──schedule──> scheduled

Started and done are for good: no slot starts twice. When that is, is `newsletter.schedule`'s.
Whatever changes a slot is in the audit log in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, select, update

from newsletter.books import (
    BY_SCHEDULE,
    TAKEN,
    AuditAction,
    Deed,
    Event,
    NewSlot,
    Slot,
    SlotEvents,
    SlotState,
    segment_words,
)
from newsletter.errors import Act, Remedy, StoreError
from newsletter.process import shown
from newsletter.store.schedule import audit
from newsletter.store.sql.connections import Connections, one_at_a_time, own, publication_of
from newsletter.store.sql.schema import runs, slots
from newsletter.store.sql.values import stored_text

_LOCK = 0x736C6F74
"""PostgreSQL's advisory lock for giving out slots: "slot" in ASCII."""

_COLUMNS = [column for column in slots.c if column.name not in {"id", "publication_id"}]

_STANDS = {
    SlotState.SCHEDULED: ("is scheduled for", "take it out first", Act.UNSCHEDULE),
    SlotState.STARTED: ("was started in its slot of", "", Act.SEE_STATUS),
    SlotState.DONE: ("was sent in its slot of", "send it under a name of its own", None),
}


@dataclass(frozen=True)
class Slots:
    """All slots of one publication. Any thread may ask them."""

    _connections: Connections

    def schedule(self, slot: NewSlot, by: str, now: datetime) -> Slot:
        """Put the issue in the slot. One that was missed or taken out may be put in anew.

        Raises StoreError when the issue has a slot, or has a run already, or when the date, time
        and zone are another issue's.
        """
        with self._connections.writing() as connection:
            one_at_a_time(connection, _LOCK)
            _schedule(connection, slot, by, now)
            row = _one(connection, slot.issue)
            _log(connection, by, AuditAction.SCHEDULED, row, _said_of(row), now)
        return row

    def in_states(self, *states: SlotState) -> list[Slot]:
        """In the order of their wall times; those in any of the states, or all."""
        wanted = select(*_COLUMNS).order_by(slots.c.local_date, slots.c.local_time, slots.c.id)
        if states:
            wanted = wanted.where(slots.c.state.in_(states))
        with self._connections.reading() as connection:
            rows = connection.execute(wanted.where(own(connection, slots)))
            return [_slot(row) for row in rows]

    def find(self, issue: str) -> Slot | None:
        with self._connections.reading() as connection:
            return _find(connection, issue)

    def unschedule(self, issue: str, by: str, now: datetime, reason: str = "") -> Slot:
        """Take the issue out of its slot. Raises StoreError when it has none, or it began."""
        with self._connections.writing() as connection:
            if not _move(connection, issue, SlotEvents.UNSCHEDULE, reason=reason):
                found = _find(connection, issue)
                what = "has no slot" if found is None else f"is {found.state}, no longer scheduled"
                raise StoreError(f"the issue {what}", where=issue, remedy=Remedy(Act.SEE_SLOTS))
            row = _one(connection, issue)
            _log(connection, by, AuditAction.UNSCHEDULED, row, reason or str(row), now)
        return row

    def start(self, issue: str, owner: str, now: datetime) -> bool:
        """The claim on a slot: True for exactly one caller, ever; only that one may send.

        `owner` is one running process, as `this_process` names it.
        """
        with self._connections.writing() as connection:
            return start(connection, issue, owner, now)

    def finish(self, issue: str, now: datetime, *, by: str = BY_SCHEDULE) -> bool:
        """What was started is done; False when it is not under way, or was done before."""
        with self._connections.writing() as connection:
            return finish(connection, issue, by, now)

    def miss(self, issue: str, now: datetime, reason: str, *, by: str = BY_SCHEDULE) -> bool:
        """The slot is past and was not used: True for one caller, who is to tell people so."""
        with self._connections.writing() as connection:
            if not _move(connection, issue, SlotEvents.MISS, reason=stored_text(reason)):
                return False
            _log(connection, by, AuditAction.MISSED, _one(connection, issue), reason, now)
        return True


def start(connection: Connection, issue: str, owner: str, now: datetime) -> bool:
    """`Slots.start`, in somebody's transaction."""
    name = stored_text(owner)
    if not _move(connection, issue, SlotEvents.START, started_by=name, started_at=now):
        return False
    row = _one(connection, issue)
    _log(connection, shown(owner), AuditAction.STARTED, row, f"its slot: {_said_of(row)}", now)
    return True


def take(connection: Connection, issue: str, owner: str, now: datetime) -> bool:
    """The issue's slot is started, now or before; False where it has none to go out in."""
    if start(connection, issue, owner, now):
        return True
    found = _find(connection, issue)
    return found is not None and found.state is SlotEvents.START.to


def finish(connection: Connection, issue: str, by: str, now: datetime) -> bool:
    """`Slots.finish`, in somebody's transaction."""
    if not _move(connection, issue, SlotEvents.FINISH):
        return False
    row = _one(connection, issue)
    _log(connection, by, AuditAction.FINISHED, row, f"its slot: {row}", now)
    return True


def _said_of(slot: Slot) -> str:
    return f"{slot}, to {segment_words(slot.segment)}" if slot.segment else str(slot)


def _schedule(connection: Connection, wanted: NewSlot, by: str, now: datetime) -> None:
    found = _find(connection, wanted.issue)
    if found is not None and found.state in TAKEN:
        stands, step, act = _STANDS[found.state]
        raise StoreError(
            f"the issue {stands} {found}",
            where=wanted.issue,
            next_step=step,
            remedy=Remedy(act, wanted.issue) if act else None,
        )
    _check_never_sent(connection, wanted.issue)
    _check_free(connection, wanted)
    values = {
        "path": stored_text(wanted.path),
        "local_date": wanted.local_date,
        "local_time": wanted.local_time,
        "zone": wanted.zone,
        "state": SlotEvents.SCHEDULE.to,
        "scheduled_by": stored_text(by),
        "scheduled_at": now,
        "digest": wanted.digest,
        "started_by": None,
        "started_at": None,
        "reason": "",
        "segment": wanted.segment,
    }
    if found is None:
        ours = {"publication_id": publication_of(connection), "issue": wanted.issue}
        connection.execute(insert(slots).values(**ours, **values))
    else:
        connection.execute(update(slots).where(_of(connection, wanted.issue)).values(values))


def _check_never_sent(connection: Connection, issue: str) -> None:
    sent = select(runs.c.state).where(own(connection, runs), runs.c.issue == issue)
    run = connection.execute(sent).scalar()
    if run is not None:
        raise StoreError(
            f"the issue already has a run, which is {run}",
            where=issue,
            next_step="an issue is sent once",
            remedy=Remedy(Act.SEE_STATUS, issue),
        )


def _check_free(connection: Connection, wanted: NewSlot) -> None:
    of_that_time = select(slots.c.issue).where(
        own(connection, slots),
        slots.c.local_date == wanted.local_date,
        slots.c.local_time == wanted.local_time,
        slots.c.zone == wanted.zone,
        slots.c.state.in_(TAKEN),
    )
    other = connection.execute(of_that_time).scalar()
    if other is not None:
        raise StoreError(
            f"the slot {wanted} is taken by the issue {other}",
            where=wanted.issue,
            next_step=f"take {other} out of it, or choose another moment",
            remedy=Remedy(Act.NAME_MOMENT, wanted.path),
        )


def _find(connection: Connection, issue: str) -> Slot | None:
    row = connection.execute(select(*_COLUMNS).where(_of(connection, issue))).one_or_none()
    return None if row is None else _slot(row)


def _move(connection: Connection, issue: str, event: Event[SlotState], **values: object) -> bool:
    """One statement decides it; False when the slot was in no state that the event begins from."""
    statement = (
        update(slots)
        .where(_of(connection, issue), slots.c.state.in_(event.before))
        .values(state=event.to, **values)
    )
    return connection.execute(statement).rowcount == 1


def _one(connection: Connection, issue: str) -> Slot:
    return _slot(connection.execute(select(*_COLUMNS).where(_of(connection, issue))).one())


def _of(connection: Connection, issue: str) -> ColumnElement[bool]:
    return and_(own(connection, slots), slots.c.issue == issue)


def _slot(row: Row[Any]) -> Slot:
    return Slot(**row._asdict())


def _log(
    connection: Connection, by: str, action: AuditAction, slot: Slot, detail: str, now: datetime
) -> None:
    deed = Deed(by=by, action=action, issue=slot.issue, digest=slot.digest, detail=detail, at=now)
    audit.append(connection, deed)
