"""Copies of a database: out of one that is in use, into a file, and back into its place.

A copy is a SQLite database of the newest schema, whatever it was taken from: one moment of one
publication's books, while others go on writing; of its neighbours in the database it has nothing.
What is in a backup besides, and what follows from having
restored one, is left to `newsletter.publishing`.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, ColumnElement, Connection, Table, delete, insert, select, text, true

from newsletter.books import KnownPublication
from newsletter.errors import StoreError
from newsletter.files import write_file
from newsletter.store.publications import all_of
from newsletter.store.sql.connections import Connections, publication_of
from newsletter.store.sql.database_url import parse_database_url
from newsletter.store.sql.migration import migrate
from newsletter.store.sql.schema import COPIED, deliveries, publications, runs
from newsletter.store.sql.values import chunks

_ROWS = 1_000
_PIECE = 1024 * 1024
_BESIDE = ("", "-wal", "-shm")
"""A SQLite database and the files that belong to it while it is open."""


def copy_out(connections: Connections, path: Path) -> None:
    """The publication that was entered, as it is at one moment, into a new file.

    Raises StoreError.
    """
    if connections.is_sqlite and _is_alone(connections):
        with connections.keeping() as driver:
            driver.execute("VACUUM INTO ?", (str(path),))
        return
    target = Connections(_file_url(path))
    try:
        migrate(target)
        with connections.snapshot() as source, target.writing() as sink:
            _copy_rows(source, sink, publication_of(source))
    finally:
        target.close()


def _is_alone(connections: Connections) -> bool:
    with connections.reading() as connection:
        return len(all_of(connection)) == 1


def put_in_place(url: str, copy: Path, aside: str) -> Path | None:
    """The copy becomes the database of a URL; where the one before is kept now, if it was a file.

    A file is given its name in one step, and the one before gets `aside` behind its own. A
    PostgreSQL database must have nobody in it and no run; the rows are written in one transaction.
    Raises StoreError.
    """
    parsed = parse_database_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _put_file(Path(parsed.database or ""), copy, aside)
    _fill(Connections(parsed), copy)
    return None


def file_of(url: str) -> Path | None:
    """The file of a SQLite database; None for another. Raises StoreError."""
    parsed = parse_database_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def _put_file(path: Path, copy: Path, aside: str) -> Path | None:
    before = path.with_name(path.name + aside)
    try:
        is_replaced = path.exists()
        if is_replaced:
            for ending in _BESIDE:
                with suppress(FileNotFoundError):
                    path.with_name(path.name + ending).rename(f"{before}{ending}")
        write_file(path, _pieces(copy), mode=0o600, make_folder=False)
    except OSError as error:
        raise StoreError(
            f"the database cannot be put in its place: {error.strerror}",
            where=str(path),
            next_step="check the permissions of the folder; what was there has the name "
            f"{before.name} if it was moved",
        ) from error
    return before if is_replaced else None


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _fill(connections: Connections, copy: Path) -> None:
    source = Connections(_file_url(copy))
    try:
        migrate(connections)
        with source.reading() as rows, connections.writing() as sink:
            (copied,) = all_of(rows)
            _check_empty(sink, connections.where, copied)
            _copy_rows(rows, sink, copied.id)
            _count_on(sink)
    finally:
        source.close()
        connections.close()


def _check_empty(connection: Connection, where: str, copied: KnownPublication) -> None:
    """Of what is copied, its having been looked for here may have left a row."""
    others = publications.c.key.not_in(["", copied.key])
    for table in COPIED:
        begun = others if table is publications else true()
        if connection.execute(select(table).where(begun).limit(1)).first() is not None:
            raise StoreError(
                f"the database is not empty: it holds “{table.name}”",
                where=where,
                next_step="make an empty one, and name that in NEWSLETTER_DATABASE",
            )


def _copy_rows(source: Connection, sink: Connection, publication: int) -> None:
    """The rows of one publication, in place of the one that every new database has."""
    sink.execute(delete(publications))
    for table in COPIED:
        wanted = select(table).where(_is_of(table, publication))
        found = source.execution_options(yield_per=_ROWS).execute(wanted).mappings()
        for rows in chunks(_plain(found), _ROWS):
            sink.execute(insert(table), rows)


def _is_of(table: Table, publication: int) -> ColumnElement[bool]:
    """Whose a row is it says itself, or its run does, or the delivery that it is about."""
    if table is publications:
        return table.c.id == publication
    if "publication_id" in table.c:
        return table.c.publication_id == publication
    if "run_id" in table.c:
        ours = select(runs.c.id).where(runs.c.publication_id == publication)
        return table.c.run_id.in_(ours)
    ours = select(deliveries.c.id).where(_is_of(deliveries, publication))
    return table.c.delivery_id.in_(ours)


def _plain(rows: Any) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield dict(row)


def _count_on(connection: Connection) -> None:
    """The next row of each table gets a number of its own, not one that was copied."""
    for table in COPIED:
        column = table.autoincrement_column
        if column is not None:
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'),"  # noqa: S608 - names of ours
                    f" (SELECT coalesce(max({column.name}), 0) + 1 FROM {table.name}), false)"
                )
            )


def _file_url(path: Path) -> URL:
    return URL.create("sqlite+pysqlite", database=str(path))
