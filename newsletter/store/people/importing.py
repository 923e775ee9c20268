"""A file brought onto the list: put down beside it, compared, shown, and written in one go.

The list is locked only while it is written, and that is one transaction: all of it or nothing. What
happened since the comparison counts: whoever joined, left or was erased meanwhile stays so.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass, field

from sqlalchemy import Connection, select, text

from newsletter.books import AuditAction, Deed
from newsletter.errors import StoreError
from newsletter.store.people import arrivals, events, suppressions
from newsletter.store.people.differences import Differences, newest_of
from newsletter.store.people.judging import Replaces, judge
from newsletter.store.people.staging import (
    Origin,
    hash_of,
    lay_out,
    people,
    put_down,
    put_stops,
    stops,
)
from newsletter.store.schedule import audit
from newsletter.store.sql.connections import Connections, insert_from, insert_new
from newsletter.store.sql.values import chunks
from newsletter.subscribers import (
    FIRST_FEW,
    Arrived,
    Consent,
    Difference,
    ImportPlan,
    PersonEvent,
    PersonEventKind,
    Row,
    RowFault,
    Suppression,
)

_LARGE = 5_000
"""People that an import has changed, from which on the plans of before are not to be gone by."""


@dataclass(frozen=True)
class Imports:
    """The way of files onto one publication's list. Each import is one thread's."""

    _connections: Connections

    @contextmanager
    def compared(
        self,
        rows: Iterable[Row | RowFault | Suppression],
        origin: Origin,
        *,
        replaces: Replaces | None = None,
        report: Callable[[], None] = lambda: None,
    ) -> Iterator["Compared"]:
        """The file's people, put down and compared with the list; nothing of it is written yet.

        With `replaces` the list is to match the file: who is not in it will go. `report` is called
        every few thousand records.
        """
        with self._connections.holding() as connection:
            lay_out(connection)
            faults = _put_down(connection, rows, origin, report)
            judge(connection, replaces or Replaces())
            with connection.begin():
                newest = newest_of(connection)
                differences = Differences(connection, replaces is not None, newest)
                plan = _plan(differences, faults)
            yield Compared(
                plan=plan,
                _differences=differences,
                _connections=self._connections,
                _connection=connection,
                _origin=origin,
            )


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A file and what it would change."""

    plan: ImportPlan
    _differences: Differences
    _connections: Connections
    _connection: Connection
    _origin: Origin

    def differences(self) -> Iterator[Difference]:
        """All of them, however many."""
        return self._differences.all()

    def apply(self, action: AuditAction, by: str, consent: Consent | None = None) -> Arrived:
        """Write it down, with its events and its entry in the log; all of it or nothing.

        `consent` is for those of whom the file does not say how they came.
        """
        now = self._origin.now
        arrivals.line_up(self._connection, consent, now)
        with self._connections.writing_on(self._connection):
            arrived = arrivals.write(self._connection, self._differences, now)
            self._remember(arrived, by)
            detail = f"{self._origin.name}: {arrived.in_words}"
            deed = Deed(by=by, action=action, issue="", at=now, detail=detail)
            audit.append(self._connection, deed)
        if sum(astuple(arrived)) >= _LARGE and self._connection.dialect.name != "sqlite":
            self._analyse()
        return arrived

    def _analyse(self) -> None:
        """PostgreSQL looks at a table that has grown within a minute, and until then plans as for
        the few of before. Whoever may not, or must wait, has the import all the same.
        """
        with suppress(StoreError), self._connections.writing_on(self._connection):
            self._connection.execute(text("ANALYZE subscribers, suppressions"))

    def _remember(self, arrived: Arrived, by: str) -> None:
        """One event for all of a kind: a million would be another list."""
        for kind, number in (
            (PersonEventKind.JOINED, arrived.joined),
            (PersonEventKind.CHANGED, arrived.changed),
            (PersonEventKind.LEFT, arrived.left),
            (PersonEventKind.REMOVED, arrived.removed),
            (PersonEventKind.SUPPRESSED, arrived.suppressed),
        ):
            if number:
                at, name = self._origin.now, self._origin.name
                event = PersonEvent(at=at, kind=kind, by=by, detail=name, people=number)
                events.append(self._connection, "", event)


@dataclass
class _Faults:
    number: int = 0
    first: list[RowFault] = field(default_factory=list)

    def add(self, fault: RowFault) -> None:
        self.number += 1
        if len(self.first) < FIRST_FEW:
            self.first.append(fault)


def _put_down(
    connection: Connection,
    rows: Iterable[Row | RowFault | Suppression],
    origin: Origin,
    report: Callable[[], None],
) -> _Faults:
    faults, hashes = _Faults(), 0
    for records in chunks(rows):
        put_down(connection, [each for each in records if isinstance(each, Row)], origin)
        stopped = [each for each in records if isinstance(each, Suppression)]
        for record in records:
            if isinstance(record, RowFault):
                faults.add(record)
        with connection.begin():
            put_stops(connection, stopped, origin.now)
        hashes += sum(each.is_hash for each in stopped)
        report()
    if hashes:
        _spell_out(connection)
    return faults


def _spell_out(connection: Connection) -> None:
    """A send asks by address alone, so whoever has one of the hashes gets a row of their own."""
    with connection.begin():
        wanted = select(stops).where(stops.c.address_key.startswith("sha256:"))
        by_hash = {row["address_key"]: row for row in connection.execute(wanted).mappings()}
        for key, hash_ in suppressions.hashes_of_known(connection):
            if (row := by_hash.get(hash_)) is not None:
                values = {**row, "address_key": key}
                connection.execute(insert_new(connection, stops).values(**values))
        incoming = select(people.c.address_key, stops.c.kind, stops.c.reason, stops.c.created_at)
        theirs = incoming.distinct().join(
            stops, stops.c.address_key == hash_of(connection, people.c.address_key)
        )
        connection.execute(insert_from(connection, stops, list(stops.c.keys()), theirs))


def _plan(differences: Differences, faults: _Faults) -> ImportPlan:
    verdicts = differences.counts()
    duplicates = differences.duplicates()
    return ImportPlan(
        verdicts=verdicts,
        first=differences.first(verdicts),
        newcomers=differences.newcomers(),
        stops=differences.stops(),
        without_consent=differences.without_consent(),
        readers=differences.readers(),
        faults=faults.number,
        first_faults=tuple(faults.first),
        duplicates=duplicates,
        first_duplicates=differences.first_duplicates() if duplicates else (),
    )
