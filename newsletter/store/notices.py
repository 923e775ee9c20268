"""What people were told, each once: a notice is begun, then ended when it went out.

One that was begun and never ended, because its process died, may be begun again after a while; it
may then be told twice, which is better than never. Functions on a connection; the transaction
round them is the schedule book's.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, update

from newsletter.store.connections import insert_new
from newsletter.store.schema import notices


def begin(connection: Connection, key: str, now: datetime, patience: timedelta) -> bool:
    """True for the one who is to tell it now."""
    new = insert_new(connection, notices).values(key=key, begun_at=now)
    if connection.execute(new.returning(notices.c.key)).first() is not None:
        return True
    # One begun in the future was begun under a clock that was wrong.
    abandoned = or_(notices.c.begun_at <= now - patience, notices.c.begun_at > now + patience)
    again = (
        update(notices)
        .where(notices.c.key == key, notices.c.ended_at.is_(None), abandoned)
        .values(begun_at=now)
    )
    return connection.execute(again).rowcount == 1


def end(connection: Connection, key: str, now: datetime) -> None:
    connection.execute(update(notices).where(notices.c.key == key).values(ended_at=now))


def drop(connection: Connection, key: str) -> None:
    """It did not go out: whoever asks next may begin it. What was told stays told."""
    connection.execute(delete(notices).where(notices.c.key == key, notices.c.ended_at.is_(None)))
