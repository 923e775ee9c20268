"""The audit log: who did what, when, to which bytes; each entry seals all those before it.

An entry's chain is the sha256 of the chain before it and of the entry itself, so that nothing can
be changed, taken out or put in between without a break that `first_broken` finds. That entries at
the end are missing, as in a restored backup, only somebody who remembers the last one can see.
Functions on a connection; the transaction round them is the schedule book's.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text

from newsletter.books import AuditAction, AuditEntry
from newsletter.store.schema import audit
from newsletter.store.values import CHUNK, instant_of, stored_instant, stored_text

_LOCK = 0x61756474
"""PostgreSQL's advisory lock for writing in the book: "audt" in ASCII."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """What an entry will say."""

    by: str
    action: AuditAction
    issue: str
    at: datetime
    digest: str = ""
    detail: str = ""


def lock(connection: Connection) -> None:
    """One writer at a time, until the transaction ends; on SQLite it is alone already.

    To be taken before anything is read, so that what is read is what the last writer left.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def append(connection: Connection, deed: Deed) -> AuditEntry:
    """The deed as the log's last entry. The lock must be held."""
    last = last_entry(connection)
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


def last_entry(connection: Connection) -> AuditEntry | None:
    row = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _entry(row)


def find_entry(connection: Connection, entry_id: int) -> AuditEntry | None:
    row = connection.execute(select(audit).where(audit.c.id == entry_id)).one_or_none()
    return None if row is None else _entry(row)


def page(connection: Connection, issue: str | None, after: int) -> list[AuditEntry]:
    """The entries behind an id, of one issue or of all."""
    wanted = select(audit).where(audit.c.id > after).order_by(audit.c.id).limit(CHUNK)
    if issue is not None:
        wanted = wanted.where(audit.c.issue == issue)
    return [_entry(row) for row in connection.execute(wanted)]


def first_broken(entries: Sequence[AuditEntry], before: AuditEntry | None) -> AuditEntry | None:
    """The first entry that does not follow from the one before it; `before` is the page's."""
    for entry in entries:
        number, chain = (0, "") if before is None else (before.id, before.chain)
        if entry.id != number + 1 or entry.chain != _sealed(chain, entry):
            return entry
        before = entry
    return None


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
