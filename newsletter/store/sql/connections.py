"""Connections to SQLite or PostgreSQL, each set so that a commit is durable when it returns.

Two kinds of transaction: reading, and writing, which on SQLite takes the one write lock at its
beginning. The databases' errors become StoreError here, without what is secret in the URL. Which
statements run is others' business.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Insert,
    PoolProxiedConnection,
    Select,
    Table,
    Text,
    create_engine,
    event,
    func,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError

from newsletter.errors import MissingExtraError, StoreError
from newsletter.store.sql.advice import advice_on
from newsletter.store.sql.database_url import masked, secrets_of, without
from newsletter.store.sql.rested import ask_what_has_rested
from newsletter.store.sql.statements import Driver, Executor
from newsletter.store.sql.waits import SERVER_WAITS, client_waits

BUSY_TIMEOUT = 60
"""Seconds to wait for SQLite's write lock: ours hold it for one at most, a large import longer."""

_PUBLICATION = "newsletter_publication"
_HASH = "newsletter_sha256"
_WRITING = "newsletter_writing"
_MIGRATING = "newsletter_migrating"
T = TypeVar("T")


class Connections:
    """A pool of connections to one database; any thread may ask it.

    It is asked for one publication, once `enter` has said which.
    """

    def __init__(self, url: URL, *, shown: str = "") -> None:
        self.where = shown or masked(url)
        self._secrets = secrets_of(url)
        self._engine = _sqlite_engine(url) if _is_sqlite(url) else _postgresql_engine(url)
        self._kept: PoolProxiedConnection | None = None
        self._file = Path(url.database) if self.is_sqlite and url.database else None
        self._opened_file: tuple[int, int] | None = None
        self.publication = 0
        self._before_writing: Callable[[], None] | None = None

    def enter(self, publication: int, before_writing: Callable[[], None] | None = None) -> None:
        """From here on, all is asked for the publication with this id.

        `before_writing` is done before the next writing, and until somebody enters anew.
        """
        self.publication, self._before_writing = publication, before_writing
        self._engine = self._engine.execution_options(**{_PUBLICATION: publication})

    @property
    def is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    def is_in_place(self) -> bool:
        """Whether a database in a file is still the one that was opened, and no other of its name.

        To be asked by who keeps it open for long: what is written to a file that was taken away is
        lost, and no word is said of it. Raises StoreError where there is no file any more.
        """
        if self._file is None:
            return True
        try:
            found = self._file.stat()
        except OSError as error:
            step = "put it back, or restore a backup"
            raise StoreError("the database is gone", where=self.where, next_step=step) from error
        mark = (found.st_dev, found.st_ino)
        self._opened_file = self._opened_file or mark
        return mark == self._opened_file

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that changes nothing."""
        with self.our_errors(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A transaction that changes nothing, and sees one moment from its first word to its last.

        On SQLite every transaction does.
        """
        with self.our_errors(), self._engine.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    def in_pages(
        self, page: Callable[[Connection, int], Sequence[tuple[int, T]]], after: int = 0
    ) -> Iterator[T]:
        """What `page` reads behind an id, page after page, each in a transaction of its own.

        A page is empty, or gives with everything the id to go on from.
        """
        while True:
            with self.reading() as connection:
                rows = page(connection, after)
            if not rows:
                return
            yield from (each for _, each in rows)
            after = rows[-1][0]

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, committed durably at the end of the block, or not at all.

        On SQLite it is alone from its beginning. On PostgreSQL it shares: rows must be locked
        (`with_for_update`) before what was read of them decides what is written.
        """
        if self._before_writing is not None:
            self._before_writing()
        with self.writing_of_all() as connection:
            yield connection

    @contextmanager
    def writing_of_all(self) -> Iterator[Connection]:
        """The same, for what is no single publication's."""
        with (
            self.our_errors(),
            self._engine.connect().execution_options(**{_WRITING: True}) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def holding(self) -> Iterator[Connection]:
        """One connection for as long as the block lasts, with no transaction begun on it.

        What is made on it for this session alone, as temporary tables are, goes with it. SQLite
        keeps such tables in files that nobody can open and that go with the process.
        """
        with self.our_errors(), self._engine.connect() as connection:
            try:
                if self.is_sqlite:
                    connection.exec_driver_sql("PRAGMA temp_store = FILE")
                    connection.rollback()
                yield connection
            finally:
                connection.invalidate()

    @contextmanager
    def writing_on(self, connection: Connection) -> Iterator[None]:
        """`writing`, on a connection that is held."""
        if self._before_writing is not None:
            self._before_writing()
        connection.execution_options(**{_PUBLICATION: self.publication, _WRITING: True})
        with self.our_errors(), connection.begin():
            yield

    @contextmanager
    def driver(self) -> Iterator[Driver]:
        """A writing transaction past SQLAlchemy, undone unless `Driver.commit` was called."""
        with self.our_errors():
            connection = self._opened()
            try:
                with self._driver_errors(connection):
                    yield Driver(connection, self._engine.dialect, self.publication)
            finally:
                connection.close()  # the pool rolls back what is open

    @contextmanager
    def keeping(self) -> Iterator[Any]:
        """The driver's own connection, the same each time, with no transaction begun.

        For one thread at a time. What it raises is answered with a fresh one the next time.
        """
        with self.our_errors():
            if self._kept is None or not self._kept.is_valid:
                self._kept = self._opened()
            with self._driver_errors(self._kept):
                yield self._kept.driver_connection

    def _opened(self) -> PoolProxiedConnection:
        """One of the pool; where none can be had, SQLAlchemy leaves the driver's error as it is."""
        try:
            return self._engine.raw_connection()
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise self._store_error(error) from error

    @contextmanager
    def _driver_errors(self, connection: PoolProxiedConnection) -> Iterator[None]:
        """The driver's errors, which SQLAlchemy has not seen; the connection is not used again."""
        try:
            yield
        except self._engine.dialect.loaded_dbapi.Error as error:
            connection.invalidate(error)
            raise self._store_error(error) from error

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A writing transaction in which SQLite lets tables be copied and renamed."""
        if not self.is_sqlite:
            with self.writing_of_all() as connection:
                yield connection
            return
        options = {_WRITING: True, _MIGRATING: True}
        with (
            self.our_errors(),
            self._engine.connect().execution_options(**options) as connection,
        ):
            with connection.begin():
                yield connection
                _check_references(connection, self.where)
            connection.invalidate()  # foreign keys are switched off on it

    @contextmanager
    def our_errors(self) -> Iterator[None]:
        """What SQLAlchemy raises inside becomes a StoreError, or is our bug and shown as one."""
        try:
            yield
        except DBAPIError as error:
            raise self._store_error(error.orig or error) from error
        except StatementError as error:
            # A value of ours that no column takes: our bug, so it is shown as one.
            raise error.orig or error from error
        except SQLAlchemyError as error:
            words = without(self._secrets, str(error).splitlines()[0])
            step = "check that it can be reached"
            raise StoreError(words, where=self.where, next_step=step) from error

    def _store_error(self, error: BaseException) -> StoreError:
        """Our error for one of the driver's, whose words may hold what is secret in the URL."""
        said = " ".join(str(error).split()) or type(error).__name__
        words = without(self._secrets, said)
        return StoreError(words, where=self.where, next_step=advice_on(said))

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()
        self._engine.dispose()


def publication_of(connection: Executor) -> int:
    """The id of the publication that this connection asks for."""
    if isinstance(connection, Driver):
        return connection.publication
    assert isinstance(connection, Connection)
    found: int = connection.get_execution_options()[_PUBLICATION]
    return found


def own(connection: Connection, table: FromClause) -> ColumnElement[bool]:
    """The condition that a row is this publication's, and not its neighbour's."""
    return table.c.publication_id == publication_of(connection)


def one_at_a_time(connection: Connection, lock: int) -> None:
    """Wait until no other transaction has this lock; ours ends with the transaction.

    To be taken before what it guards is read. On SQLite a writing transaction is alone already.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def insert_new(connection: Connection, table: Table) -> Insert:
    """An INSERT that passes over rows which are there already, by any UNIQUE of the table."""
    return _insert_new(connection.dialect.name, table)


def insert_from(
    connection: Connection, table: Table, names: Sequence[str], rows: Select[Any]
) -> Insert:
    """`insert_new` of what another statement gives.

    A condition, though it is always true: SQLite takes the ON of ON CONFLICT for a join's.
    """
    return insert_new(connection, table).from_select(names, rows.where(text("1 = 1")))


@lru_cache(maxsize=16)
def _insert_new(dialect: str, table: Table) -> Insert:
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return insert.on_conflict_do_nothing().inline()


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: PoolProxiedConnection, _record: object) -> None:
    # Python's sqlite3 must begin no transaction of its own: it would not begin one for a SELECT,
    # and never an IMMEDIATE one. `_begin_sqlite` does it.
    connection.isolation_level = None  # type: ignore[attr-defined]
    connection.create_function(_HASH, 1, _sha256, deterministic=True)
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # NORMAL survives a kill -9 but may lose the last commits with the power: messages sent twice.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _sha256(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def sha256_of(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """In hexadecimal, worked out by the database; for SQLite, which has none, by us."""
    if connection.dialect.name == "sqlite":
        own_hash: ColumnElement[str] = getattr(func, _HASH)(column)
        return own_hash
    return func.encode(func.sha256(func.convert_to(column, "UTF8")), "hex", type_=Text)


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(_MIGRATING, False):  # no word of it is heard inside a transaction
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITING, False) else "BEGIN")


def _check_references(connection: Connection, where: str) -> None:
    """Foreign keys were off: nothing is committed that they would not have let through."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise StoreError(
            f"the table “{broken[0]}” refers to rows that are not there",
            where=where,
            next_step="restore a backup",
        )


def _postgresql_engine(url: URL) -> Engine:
    try:
        engine = create_engine(
            url,
            isolation_level="READ COMMITTED",
            connect_args=_connect_arguments(url),
        )
    except ModuleNotFoundError as error:
        raise MissingExtraError("PostgreSQL", extra="postgresql") from error
    event.listen(engine, "connect", _set_up_postgresql)
    ask_what_has_rested(engine)
    return engine


def _connect_arguments(url: URL) -> dict[str, Any]:
    """Text is exchanged in UTF-8, whatever the URL or the environment says of it."""
    return {"client_encoding": "utf8", **client_waits(url)}


def _set_up_postgresql(connection: PoolProxiedConnection, _record: object) -> None:
    # Some servers run with it off; one that asks for more than "on" keeps what it has.
    cursor = connection.cursor()
    cursor.execute(
        "SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit') = 'off'"
    )
    cursor.execute(SERVER_WAITS)
    cursor.close()
    connection.commit()
