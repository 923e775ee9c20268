"""The heartbeats of the processes that keep the schedule, so that a silent one is noticed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from newsletter.books import Heartbeat, Kind
from newsletter.process import is_dead
from newsletter.store.sql.connections import Connections, insert_new, own, publication_of
from newsletter.store.sql.schema import heartbeats
from newsletter.store.sql.values import stored_text

_COLUMNS = [column for column in heartbeats.c if column.name != "publication_id"]

_REMEMBERED = timedelta(days=7)
"""For how long a process that went silent is shown, unless another one takes its place."""


@dataclass(frozen=True)
class Heartbeats:
    """All heartbeats of one publication. Any thread may ask them."""

    _connections: Connections

    def beat(
        self, owner: str, started_at: datetime, now: datetime, doing: str, kind: Kind = Kind.DAEMON
    ) -> None:
        """The owner lives; at its first beat, processes known to be dead are forgotten."""
        values = {"beat_at": now, "doing": stored_text(doing)}
        with self._connections.writing() as connection:
            known = update(heartbeats).where(_of(connection, owner)).values(values)
            if connection.execute(known).rowcount:
                return
            _forget_the_dead(connection, now)
            new = insert_new(connection, heartbeats)
            ours = {"publication_id": publication_of(connection), "owner": owner, "kind": kind}
            connection.execute(new.values(**ours, started_at=started_at, **values))

    def known(self) -> list[Heartbeat]:
        """Who said to be running, the longest first; how long ago tells whether it still is."""
        with self._connections.reading() as connection:
            return _known(connection)

    def stop(self, owner: str) -> None:
        """The owner ends as it should, and is not missed."""
        with self._connections.writing() as connection:
            connection.execute(delete(heartbeats).where(_of(connection, owner)))


def _of(connection: Connection, owner: str) -> ColumnElement[bool]:
    return and_(own(connection, heartbeats), heartbeats.c.owner == owner)


def _known(connection: Connection) -> list[Heartbeat]:
    ours = select(*_COLUMNS).where(own(connection, heartbeats))
    wanted = ours.order_by(heartbeats.c.started_at, heartbeats.c.owner)
    return [
        Heartbeat(**{**row._asdict(), "kind": Kind(row.kind)}) for row in connection.execute(wanted)
    ]


def _forget_the_dead(connection: Connection, now: datetime) -> None:
    gone = [
        each.owner
        for each in _known(connection)
        if is_dead(each.owner) or each.beat_at < now - _REMEMBERED
    ]
    ours = own(connection, heartbeats)
    connection.execute(delete(heartbeats).where(ours, heartbeats.c.owner.in_(gone)))
