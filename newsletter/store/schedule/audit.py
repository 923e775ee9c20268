"""The audit log: who did what, when, to which bytes; each entry seals all those before it.

An entry's chain is the sha256 of the chain before it and of the entry itself, so that nothing can
be changed, taken out or put in between without a break that `Audit.verify` finds. That entries at
the end are missing, as in a restored backup, only somebody who remembers the last one can see.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, insert, select

from newsletter.books import AuditAction, AuditEntry, Deed
from newsletter.store.sql.connections import Connections, one_at_a_time, own, publication_of
from newsletter.store.sql.schema import audit
from newsletter.store.sql.values import CHUNK, instant_of, stored_instant, stored_text

_LOCK = 0x61756474
"""PostgreSQL's advisory lock for adding to the log: "audt" in ASCII."""

_LAST = select(audit).order_by(audit.c.id.desc()).limit(1)


@dataclass(frozen=True)
class Audit:
    """The audit log of one publication. Any thread may ask it."""

    _connections: Connections

    def append(self, deed: Deed) -> AuditEntry:
        """Log what changes nothing else in the books: alerts, reminders, restored books."""
        with self._connections.writing() as connection:
            return append(connection, deed)

    def entries(self, issue: str | None = None, after: int = 0) -> Iterator[AuditEntry]:
        """The entries behind an id, of one issue or of all, in flat memory."""
        of_issue = [] if issue is None else [audit.c.issue == issue]
        return self._connections.in_pages(lambda *page: _page(*page, *of_issue), after)

    def find(self, entry_id: int) -> AuditEntry | None:
        return self._one(select(audit).where(audit.c.id == entry_id))

    def last(self) -> AuditEntry | None:
        return self._one(_LAST)

    def last_of(self, action: AuditAction) -> AuditEntry | None:
        """The newest entry of one kind."""
        return self._one(_LAST.where(audit.c.action == action.value))

    def verify(self) -> AuditEntry | None:
        """The first entry that was changed, or that stands behind a gap; None where all is well.

        Entries missing at the end leave no trace here: hold `last` against a witness.
        """
        before: AuditEntry | None = None
        for entry in self.entries():
            if not _follows(entry, before):
                return entry
            before = entry
        return None

    def _one(self, wanted: Select[Any]) -> AuditEntry | None:
        with self._connections.reading() as connection:
            return _found(connection, wanted)


def append(connection: Connection, deed: Deed) -> AuditEntry:
    """The deed as the log's last entry, in the transaction of what was done.

    To be called at that transaction's end: from here on nobody else can add an entry.
    """
    one_at_a_time(connection, _LOCK)
    last = _found(connection, _LAST)
    unsealed = AuditEntry(
        id=1 if last is None else last.id + 1,
        at=instant_of(stored_instant(deed.at)),
        by=stored_text(deed.by),
        action=deed.action,
        issue=stored_text(deed.issue),
        digest=stored_text(deed.digest),
        detail=stored_text(deed.detail),
        chain="",
    )
    chain = _sealed("" if last is None else last.chain, unsealed)
    connection.execute(
        insert(audit).values(
            publication_id=publication_of(connection),
            id=unsealed.id,
            at=unsealed.at,
            done_by=unsealed.by,
            action=unsealed.action.value,
            issue=unsealed.issue,
            digest=unsealed.digest,
            detail=unsealed.detail,
            chain=chain,
        )
    )
    return replace(unsealed, chain=chain)


def _found(connection: Connection, wanted: Select[Any]) -> AuditEntry | None:
    row = connection.execute(wanted.where(own(connection, audit))).one_or_none()
    return None if row is None else _entry(row)


def _page(
    connection: Connection, after: int, *conditions: ColumnElement[bool]
) -> Sequence[tuple[int, AuditEntry]]:
    behind = select(audit).where(own(connection, audit), audit.c.id > after, *conditions)
    wanted = behind.order_by(audit.c.id).limit(CHUNK)
    return [(row.id, _entry(row)) for row in connection.execute(wanted)]


def _follows(entry: AuditEntry, before: AuditEntry | None) -> bool:
    number, chain = (0, "") if before is None else (before.id, before.chain)
    return entry.id == number + 1 and entry.chain == _sealed(chain, entry)


def _sealed(before: str, entry: AuditEntry) -> str:
    facts = [
        entry.id,
        stored_instant(entry.at),
        entry.by,
        entry.action.value,
        entry.issue,
        entry.digest,
        entry.detail,
    ]
    canonical = json.dumps(facts, ensure_ascii=True, separators=(",", ":"))
    return sha256(f"{before}\n{canonical}".encode("ascii")).hexdigest()


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        at=row.at,
        by=row.done_by,
        action=AuditAction(row.action),
        issue=row.issue,
        digest=row.digest,
        detail=row.detail,
        chain=row.chain,
    )
