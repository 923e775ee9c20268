"""Connections of a pool that have rested: asked whether they still live before they are used.

A server may have been restarted meanwhile, or a firewall may have forgotten them. SQLAlchemy's own
`pool_pre_ping` asks each time, which for a turn of one message takes a third of all that it takes
to write it.
"""

import time

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

FRESH_SECONDS = 0.2
"""One that was used so lately is not asked: no server is restarted in so short a time."""

_USED = "newsletter_used"


def ask_what_has_rested(engine: Engine) -> None:
    """From here on. One that is dead is replaced, and so are all that are as old as it."""
    event.listen(engine, "checkin", _remember_use)
    event.listen(engine, "checkout", _ask_if_rested)


def _remember_use(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_USED] = time.monotonic()


def _ask_if_rested(connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
    used = record.info.get(_USED)
    if used is None or time.monotonic() - used < FRESH_SECONDS:
        return
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT 1")
        cursor.close()
        connection.rollback()
    except Exception as error:
        raise InvalidatePoolError from error
