"""Faults in a row, of an issue's run or of a relay's login: how many, and when the last one was.

Kept among the notices, by a key of their own, so that whoever ticks, on whichever host, waits for
as long. How long that is, `newsletter.daemon` says.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from newsletter.books import FaultCount
from newsletter.store.sql.connections import Connections, insert_new, own, publication_of
from newsletter.store.sql.schema import notices
from newsletter.store.sql.values import stored_text


@dataclass(frozen=True)
class Faults:
    """All of one publication, by what they befell. Any thread may ask them."""

    _connections: Connections

    def add(self, subject: str, now: datetime) -> FaultCount:
        """One more; the count with it."""
        with self._connections.writing() as connection:
            before = _find(connection, subject)
            found = FaultCount(count=before.count + 1 if before else 1, last_at=now)
            connection.execute(delete(notices).where(_of(connection, subject)))
            new = {"publication_id": publication_of(connection), "begun_at": now}
            key = f"{_prefix(subject)}{found.count}"
            connection.execute(insert_new(connection, notices).values(key=key, **new))
        return found

    def find(self, subject: str) -> FaultCount | None:
        with self._connections.reading() as connection:
            return _find(connection, subject)

    def forget(self, subject: str) -> None:
        """It went well."""
        if self.find(subject) is None:
            return  # as nearly always: no transaction for that
        with self._connections.writing() as connection:
            connection.execute(delete(notices).where(_of(connection, subject)))


def _find(connection: Connection, subject: str) -> FaultCount | None:
    wanted = select(notices.c.key, notices.c.begun_at).where(_of(connection, subject))
    found = [
        FaultCount(count=int(key.rpartition("#")[2]), last_at=moment)
        for key, moment in connection.execute(wanted)
    ]
    return max(found, key=lambda each: each.count, default=None)


def _of(connection: Connection, subject: str) -> ColumnElement[bool]:
    """Its one row. No subject's own name can be taken for another's with a number behind it."""
    named = notices.c.key.startswith(_prefix(subject), autoescape=True)
    return and_(own(connection, notices), named)


def _prefix(subject: str) -> str:
    return f"fault {stored_text(subject)} #"
