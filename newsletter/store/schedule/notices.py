"""What people were told, each once: a notice is begun, then ended when it went out.

One that was begun and never ended, because its process died, may be begun again after a while; it
may then be told twice, which is better than never.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, update

from newsletter.store.sql.connections import Connections, insert_new, own, publication_of
from newsletter.store.sql.schema import notices

PATIENCE = timedelta(minutes=10)
"""How long a notice may take to be told, before somebody else may begin it."""


@dataclass(frozen=True)
class Notices:
    """All notices of one publication, by their keys. Any thread may ask them."""

    _connections: Connections

    def begin(self, key: str, now: datetime, *, patience: timedelta = PATIENCE) -> bool:
        """True when it is the caller's to tell; end it, or drop it when telling failed."""
        with self._connections.writing() as connection:
            ours = {"publication_id": publication_of(connection), "key": key}
            new = insert_new(connection, notices).values(**ours, begun_at=now)
            if connection.execute(new.returning(notices.c.key)).first() is not None:
                return True
            # One begun in the future was begun under a clock that was wrong.
            begun = notices.c.begun_at
            abandoned = (begun <= now - patience) | (begun > now + patience)
            again = (
                update(notices)
                .where(_named(connection, key), notices.c.ended_at.is_(None), abandoned)
                .values(begun_at=now)
            )
            return connection.execute(again).rowcount == 1

    def end(self, key: str, now: datetime) -> None:
        """It was told, for good."""
        with self._connections.writing() as connection:
            told = update(notices).where(_named(connection, key))
            connection.execute(told.values(ended_at=now))

    def drop(self, key: str) -> None:
        """It did not go out: whoever asks next may begin it. What was told stays told."""
        untold = notices.c.ended_at.is_(None)
        with self._connections.writing() as connection:
            connection.execute(delete(notices).where(_named(connection, key), untold))


def _named(connection: Connection, key: str) -> ColumnElement[bool]:
    return and_(own(connection, notices), notices.c.key == key)
