"""Bringing a database to the newest schema: forward only, all of it in one transaction.

What each step does is in `migrations/versions`. A database that a newer version has changed is
refused, as is a file that belongs to another program.
"""

import threading
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from newsletter.errors import StoreError
from newsletter.store.sql.columns import metadata
from newsletter.store.sql.connections import Connections, one_at_a_time
from newsletter.store.sql.schema import HEAD, VERSION_TABLE

_LOCK = 0x6E657773
"""PostgreSQL's advisory lock for migrating: "news" in ASCII."""

_ALONE = threading.Lock()
"""Alembic keeps the migration that it is at in a module, one for all threads of a process."""


def migrate(connections: Connections) -> None:
    """Bring the database to HEAD.

    Raises StoreError when it is not ours, is ahead of us, or cannot hold what we write.
    """
    with connections.reading() as connection:
        _check_server(connection, connections)
        if version_of(connection) == HEAD:
            return
    with _ALONE, connections.migrating() as connection:
        one_at_a_time(connection, _LOCK)
        version = version_of(connection)  # another process may have been first
        if version is None:
            _check_nobody_elses(connection, connections)
        if version != HEAD:
            _upgrade(connection, version, connections.where)


def _check_server(connection: Connection, connections: Connections) -> None:
    """What a PostgreSQL must be; a file's permissions were looked at before."""
    if connections.is_sqlite:
        return
    asked = text("SELECT current_setting(:read_only) = 'on', current_setting(:encoding)")
    names = {"read_only": "transaction_read_only", "encoding": "server_encoding"}
    is_read_only, encoding = connection.execute(asked, names).one()
    if is_read_only:
        raise StoreError(
            "the database is read-only",
            where=connections.where,
            next_step="connect to the primary server, with a role that may write",
        )
    if encoding != "UTF8":
        raise StoreError(
            f"the database's encoding is {encoding}, and names are written in all alphabets",
            where=connections.where,
            next_step="make one in UTF8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
        )


def version_of(connection: Connection) -> str | None:
    """The schema that a database has; None where it has none of ours."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608


def _check_nobody_elses(connection: Connection, connections: Connections) -> None:
    """A PostgreSQL database may hold other programs' tables, a SQLite file of ours may not."""
    found = set(inspect(connection).get_table_names())
    foreign = found if connections.is_sqlite else found & set(metadata.tables)
    if foreign:
        raise StoreError(
            f"the database belongs to another program: it holds “{min(foreign)}”",
            where=connections.where,
            next_step="give it a database of its own",
        )


def _upgrade(connection: Connection, version: str | None, where: str) -> None:
    from alembic import command  # slow to import, and needed once a version
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise StoreError(
            f"a newer newsletter made it: its schema is {version}, this program knows {HEAD}",
            where=where,
            next_step="install the newer newsletter, or restore a backup made before it",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
