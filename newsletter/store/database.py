"""Opening the store: one database, brought to the newest schema, with all the books in it.

"Cannot be read" must never look like "empty": a missing folder, a file that is no database or has
no bytes, a database that cannot be written to are errors here, before anything is asked of it.
"""

import os
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL, text

from newsletter.books import KnownPublication, PublicationKey
from newsletter.errors import StoreError
from newsletter.files import (
    give_to_owner_of,
)
from newsletter.store.archive import Archive
from newsletter.store.backup import (
    copy_out,
)
from newsletter.store.journal.journal import Journal
from newsletter.store.people.exporting import Exports
from newsletter.store.people.importing import Imports
from newsletter.store.people.letters import Letters
from newsletter.store.people.membership import Membership
from newsletter.store.people.person_files import PersonFiles
from newsletter.store.people.returned import Returns
from newsletter.store.people.subscriber_list import SubscriberList
from newsletter.store.people.suppressions import Suppressions
from newsletter.store.people.tries import Tries
from newsletter.store.publications import Entrance
from newsletter.store.runs.audiences import Audiences
from newsletter.store.runs.doubts import Doubts
from newsletter.store.runs.figures import Figures
from newsletter.store.runs.paces import Paces
from newsletter.store.runs.runs import Runs
from newsletter.store.runs.sent import SentDeliveries
from newsletter.store.runs.statistics import Statistics
from newsletter.store.schedule.approvals import Approvals
from newsletter.store.schedule.audit import Audit
from newsletter.store.schedule.faults import Faults
from newsletter.store.schedule.heartbeats import Heartbeats
from newsletter.store.schedule.notices import Notices
from newsletter.store.schedule.slots import Slots
from newsletter.store.sql.connections import Connections
from newsletter.store.sql.database_url import masked, parse_database_url
from newsletter.store.sql.migration import migrate
from newsletter.store.sql.writes import OneByOne, Together, Writes

_TIME = text("SELECT clock_timestamp()")


class Database:
    """An open database, with the books of one publication; a context manager that closes it.

    Any thread may use it.
    """

    def __init__(
        self, connections: Connections, entrance: Entrance, *, is_busy: bool = False
    ) -> None:
        self._connections = connections
        self._entrance = entrance
        self._together = Together(connections) if is_busy else None
        connections.is_in_place()  # from here on it is known
        write: Writes = self._together or OneByOne(connections)
        self.subscribers = SubscriberList(connections)
        self.exports = Exports(connections)
        self.imports = Imports(connections)
        self.membership = Membership(write)
        self.suppressions = Suppressions(connections)
        self.person_files = PersonFiles(connections, write)
        self.letters = Letters(connections)
        self.tries = Tries(write)
        self.returns = Returns(connections, write)
        self.archive = Archive(connections)
        self.journal = Journal(connections)
        self.runs = Runs(connections)
        self.audiences = Audiences(connections)
        self.doubts = Doubts(connections)
        self.sent_deliveries = SentDeliveries(connections)
        self.statistics = Statistics(connections)
        self.figures = Figures(connections)
        self.paces = Paces(connections)
        self.slots = Slots(connections)
        self.approvals = Approvals(connections)
        self.audit = Audit(connections)
        self.notices = Notices(connections)
        self.heartbeats = Heartbeats(connections)
        self.faults = Faults(connections)

    @property
    def name(self) -> str:
        """Its URL with the password masked."""
        return self._connections.where

    @property
    def publication(self) -> KnownPublication:
        """Whose books these are, as the database knows it."""
        return self._entrance.found

    @property
    def is_shared(self) -> bool:
        """Whether several machines may use it: one on PostgreSQL."""
        return not self._connections.is_sqlite

    def time(self) -> datetime:
        """What the clock of a shared database says, in UTC."""
        with self._connections.reading() as connection:
            found: datetime = connection.execute(_TIME).scalar_one()
        return found.astimezone(UTC)

    def is_in_place(self) -> bool:
        """Whether it is still what was opened: `Connections.is_in_place`. Raises StoreError."""
        return self._connections.is_in_place()

    def neighbours(self) -> Sequence[KnownPublication]:
        """The other publications that use the database."""
        return self._entrance.neighbours()

    def whose_log(self, entry_id: int, chain: str) -> KnownPublication | None:
        """In which publication's log an entry stands under this chain."""
        return self._entrance.whose_log(entry_id, chain)

    def copy_to(self, path: Path) -> None:
        """All of the publication as it is now, as a SQLite database in a new file.

        Raises StoreError.
        """
        copy_out(self._connections, path)

    def close(self) -> None:
        if self._together is not None:
            self._together.close()
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def open_database(
    url: str, publication: PublicationKey | None = None, *, is_busy: bool = False
) -> Database:
    """Open, and where there is none yet create, the database a URL names.

    Without a publication, that of the only one in it. Nothing is written for one that comes to
    others before it writes something itself. Where many threads are busy with it, what they change
    shares transactions.

    Raises StoreError, with the password masked, when it cannot be opened, is no database of ours,
    cannot be written to or was made by a newer version, or where it cannot be told which of its
    publications is meant; MissingExtraError without psycopg.
    """
    parsed = parse_database_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        _prepare_file(parsed, Path(parsed.database))
    connections = Connections(parsed)
    try:
        migrate(connections)
        return Database(connections, Entrance(connections, publication), is_busy=is_busy)
    except BaseException:
        connections.close()
        raise


def _prepare_file(url: URL, path: Path) -> None:
    where = masked(url)
    if not path.parent.is_dir():
        raise StoreError(
            "the folder for the database does not exist",
            where=where,
            next_step=f"create {path.parent}, or check the path",
        )
    if path.is_dir():
        raise StoreError("this is a folder", where=where, next_step="give the path of a file in it")
    try:
        if not path.exists():
            _create(url, path)
        size = path.stat().st_size
    except OSError as error:
        raise StoreError(
            f"the database cannot be created: {error.strerror}",
            where=where,
            next_step="check the permissions of the folder and the space on the disk",
        ) from error
    if size == 0:
        raise StoreError(
            "the file is empty: a damaged database, or never one",
            where=where,
            next_step="restore a backup, or remove the file to start afresh",
        )
    if not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise StoreError(
            "the database cannot be written to",
            where=where,
            next_step="check the permissions of the file",
        )


def _create(url: URL, path: Path) -> None:
    """A whole database, or none: it is made beside its place and then given its name.

    It holds people's addresses, so only its owner may read it: the folder's, where root makes it.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    os.close(handle)
    made = Path(name)
    try:
        connections = Connections(url.set(database=name), shown=masked(url))
        try:
            migrate(connections)
        finally:
            connections.close()
        give_to_owner_of(path.parent, made)
        _give_name(made, path)
    finally:
        for leftover in (made, Path(f"{made}-wal"), Path(f"{made}-shm")):
            leftover.unlink(missing_ok=True)


def _give_name(made: Path, path: Path) -> None:
    """Whoever is first gives the name; a second process finds the first one's database."""
    try:
        path.hardlink_to(made)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not path.exists():
            made.rename(path)
