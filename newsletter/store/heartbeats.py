"""The heartbeats of the processes that keep the schedule, so that a silent one is noticed.

Functions on a connection; the transaction round them is the schedule book's.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from newsletter.books import Heartbeat
from newsletter.process import is_dead
from newsletter.store.connections import insert_new
from newsletter.store.schema import heartbeats
from newsletter.store.values import stored_text

_REMEMBERED = timedelta(days=7)
"""For how long a process that went silent is shown, unless another one takes its place."""


def beat(connection: Connection, heartbeat: Heartbeat) -> None:
    values = {"beat_at": heartbeat.beat_at, "doing": stored_text(heartbeat.doing)}
    known = update(heartbeats).where(heartbeats.c.owner == heartbeat.owner).values(values)
    if connection.execute(known).rowcount:
        return
    _forget_the_dead(connection, heartbeat.beat_at)
    new = insert_new(connection, heartbeats).values(
        owner=heartbeat.owner, started_at=heartbeat.started_at, **values
    )
    connection.execute(new)


def _forget_the_dead(connection: Connection, now: datetime) -> None:
    gone = [
        each.owner
        for each in known(connection)
        if is_dead(each.owner) or each.beat_at < now - _REMEMBERED
    ]
    if gone:
        connection.execute(delete(heartbeats).where(heartbeats.c.owner.in_(gone)))


def known(connection: Connection) -> list[Heartbeat]:
    """The longest running first."""
    wanted = select(heartbeats).order_by(heartbeats.c.started_at, heartbeats.c.owner)
    return [Heartbeat(**row._asdict()) for row in connection.execute(wanted)]


def stop(connection: Connection, owner: str) -> None:
    connection.execute(delete(heartbeats).where(heartbeats.c.owner == owner))
