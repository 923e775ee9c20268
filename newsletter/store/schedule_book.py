"""The schedule book: slots, approvals, the audit log, what people were told, and heartbeats.

It knows what was decided, by whom, and gives each slot and each notice to one caller. What is due,
and whether an approval is enough, is left to `newsletter.schedule`. Nothing here reads the clock.
Each method is one transaction, and what changes a slot or an approval is in the audit log in the
same one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection

from newsletter.books import (
    BY_SCHEDULE,
    Approval,
    AuditAction,
    AuditEntry,
    Heartbeat,
    NewSlot,
    SlotRow,
    SlotState,
)
from newsletter.process import shown
from newsletter.store import approvals, audit, heartbeats, notices, slots
from newsletter.store.audit import Deed
from newsletter.store.connections import Connections

PATIENCE = timedelta(minutes=10)
"""How long a notice may take to be told, before somebody else may begin it."""


class ScheduleBook:
    """All slots of one database. Any thread may ask it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Alone among the writers of the book: what is read first decides what is written."""
        with self._connections.writing() as connection:
            audit.lock(connection)
            yield connection

    # Slots

    def schedule(self, slot: NewSlot, by: str, now: datetime) -> SlotRow:
        """Put the issue in the slot. One that was missed or taken out may be put in anew.

        Raises StoreError when the issue has a slot, or has a run already, or when the date, time
        and zone are another issue's.
        """
        with self._writing() as connection:
            row = slots.schedule(connection, slot, by, now)
            self._note(connection, by, AuditAction.SCHEDULED, row, str(row), now)
        return row

    def slots(self, *states: SlotState) -> list[SlotRow]:
        """In the order of their wall times; those in any of the states, or all."""
        with self._connections.reading() as connection:
            return slots.in_states(connection, states)

    def find_slot(self, issue: str) -> SlotRow | None:
        with self._connections.reading() as connection:
            return slots.find(connection, issue)

    def unschedule(self, issue: str, by: str, now: datetime, reason: str = "") -> SlotRow:
        """Take the issue out of its slot. Raises StoreError when it has none, or it began."""
        with self._writing() as connection:
            row = slots.unschedule(connection, issue, reason)
            self._note(connection, by, AuditAction.UNSCHEDULED, row, reason or str(row), now)
        return row

    def start(self, issue: str, owner: str, now: datetime) -> bool:
        """The claim on a slot: True for exactly one caller, ever; only that one may send.

        `owner` is one running process, as `this_process` names it.
        """
        with self._writing() as connection:
            if not slots.start(connection, issue, owner, now):
                return False
            row = slots.one(connection, issue)
            self._note(connection, shown(owner), AuditAction.STARTED, row, str(row), now)
        return True

    def finish_slot(self, issue: str, now: datetime, *, by: str = BY_SCHEDULE) -> bool:
        """What was started is done; False when it is not under way, or was done before."""
        with self._writing() as connection:
            if not slots.finish(connection, issue):
                return False
            row = slots.one(connection, issue)
            self._note(connection, by, AuditAction.FINISHED, row, str(row), now)
        return True

    def miss(self, issue: str, now: datetime, reason: str, *, by: str = BY_SCHEDULE) -> bool:
        """The slot is past and was not used: True for one caller, who is to tell people so."""
        with self._writing() as connection:
            if not slots.miss(connection, issue, reason):
                return False
            row = slots.one(connection, issue)
            self._note(connection, by, AuditAction.MISSED, row, reason, now)
        return True

    def _note(
        self,
        connection: Connection,
        by: str,
        action: AuditAction,
        row: SlotRow,
        detail: str,
        now: datetime,
    ) -> None:
        deed = Deed(by=by, action=action, issue=row.issue, digest=row.digest, detail=detail, at=now)
        audit.append(connection, deed)

    # Approvals

    def approve(self, approval: Approval) -> None:
        """Write down a yes. The same person's second one to the same digest changes nothing.

        A yes against the rule, with its reason, is kept beside a plain one.
        """
        is_override = approval.override_reason is not None
        deed = Deed(
            by=approval.approved_by,
            action=AuditAction.OVERRIDDEN if is_override else AuditAction.APPROVED,
            issue=approval.issue,
            digest=approval.digest,
            detail=approval.override_reason or approval.subject,
            at=approval.approved_at,
        )
        with self._writing() as connection:
            if approvals.add(connection, approval):
                audit.append(connection, deed)

    def approvals(self, issue: str) -> list[Approval]:
        """Every yes to any digest of the issue, the newest first."""
        with self._connections.reading() as connection:
            return approvals.of_issue(connection, issue)

    # The audit log

    def log(
        self,
        by: str,
        action: AuditAction,
        issue: str,
        digest: str,
        detail: str,
        now: datetime,
    ) -> AuditEntry:
        """Append what is no slot's or approval's: sends, alerts, corrections, restored books."""
        deed = Deed(by=by, action=action, issue=issue, digest=digest, detail=detail, at=now)
        with self._writing() as connection:
            return audit.append(connection, deed)

    def entries(self, issue: str | None = None, after: int = 0) -> Iterator[AuditEntry]:
        """The entries behind an id, of one issue or of all, in flat memory."""
        while page := self._entry_page(issue, after):
            yield from page
            after = page[-1].id

    def _entry_page(self, issue: str | None, after: int) -> list[AuditEntry]:
        with self._connections.reading() as connection:
            return audit.page(connection, issue, after)

    def find_entry(self, entry_id: int) -> AuditEntry | None:
        with self._connections.reading() as connection:
            return audit.find_entry(connection, entry_id)

    def last_entry(self) -> AuditEntry | None:
        with self._connections.reading() as connection:
            return audit.last_entry(connection)

    def verify(self) -> AuditEntry | None:
        """The first entry that was changed, or that stands behind a gap; None where all is well.

        Entries missing at the end leave no trace here: hold `last_entry` against a witness.
        """
        before: AuditEntry | None = None
        while page := self._entry_page(None, 0 if before is None else before.id):
            broken = audit.first_broken(page, before)
            if broken is not None:
                return broken
            before = page[-1]
        return None

    # Notices

    def begin_notice(self, key: str, now: datetime, *, patience: timedelta = PATIENCE) -> bool:
        """True when it is the caller's to tell; end it, or drop it when telling failed."""
        with self._connections.writing() as connection:
            return notices.begin(connection, key, now, patience)

    def end_notice(self, key: str, now: datetime) -> None:
        with self._connections.writing() as connection:
            notices.end(connection, key, now)

    def drop_notice(self, key: str) -> None:
        with self._connections.writing() as connection:
            notices.drop(connection, key)

    # Heartbeats

    def beat(self, owner: str, started_at: datetime, now: datetime, doing: str) -> None:
        """The owner lives; at its first beat, processes known to be dead are forgotten."""
        heartbeat = Heartbeat(owner=owner, started_at=started_at, beat_at=now, doing=doing)
        with self._connections.writing() as connection:
            heartbeats.beat(connection, heartbeat)

    def heartbeats(self) -> list[Heartbeat]:
        """Who said to be running, the longest first; how long ago tells whether it still is."""
        with self._connections.reading() as connection:
            return heartbeats.known(connection)

    def stop_beating(self, owner: str) -> None:
        with self._connections.writing() as connection:
            heartbeats.stop(connection, owner)
