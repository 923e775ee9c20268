"""A database looked at from outside: whether it is there, which schema it has, whether it is whole.

Nothing is created, migrated or changed by it, so that it can be asked of a database that nothing
else can be done with. What stands in the books is left to those who open it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect, text

from newsletter.books import KnownPublication
from newsletter.store.publications import all_of
from newsletter.store.sql.connections import Connections
from newsletter.store.sql.database_url import parse_database_url
from newsletter.store.sql.migration import version_of
from newsletter.store.sql.schema import HEAD, publications

_SHOWN = 5
_WHOLE = ["ok"]
"""What SQLite says of a database in which it finds nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Examination:
    """What was seen. `file` is None for PostgreSQL; `version` is None where there are no tables.

    `size` is in octets; `faults` are the database's own words for what is broken in it.
    """

    name: str
    file: Path | None
    version: str | None
    size: int
    faults: Sequence[str]

    @property
    def is_there(self) -> bool:
        return self.version is not None

    @property
    def is_current(self) -> bool:
        return self.version == HEAD


def publications_in(url: str) -> Sequence[KnownPublication]:
    """Those that have written to the database a URL names; none where it is from before there were
    several in one. Raises StoreError where it cannot be read.
    """
    parsed = parse_database_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        return []
    connections = Connections(parsed)
    try:
        with connections.reading() as connection:
            if not inspect(connection).has_table(publications.name):
                return []
            return [each for each in all_of(connection) if each.key]
    finally:
        connections.close()


def examine(url: str, *, wholly: bool = True) -> Examination:
    """Look at the database a URL names. Raises StoreError where it cannot be read.

    Not `wholly`, whether it is damaged is not asked: of a large one that takes a while.
    """
    parsed = parse_database_url(url)
    is_file = parsed.get_backend_name() == "sqlite"
    file = Path(parsed.database or "") if is_file else None
    connections = Connections(parsed)
    try:
        if file is not None and not file.exists():
            return Examination(name=connections.where, file=file, version=None, size=0, faults=())
        with connections.reading() as connection:
            version = version_of(connection)
            if is_file:
                check = text("PRAGMA integrity_check")
                found = connection.execute(check).scalars().all() if wholly else _WHOLE
                size = (file or Path()).stat().st_size
            else:
                found = _WHOLE
                size = connection.execute(
                    text("SELECT pg_database_size(current_database())")
                ).scalar_one()
    finally:
        connections.close()
    faults = [] if list(found) == _WHOLE else [str(each) for each in found[:_SHOWN]]
    return Examination(name=connections.where, file=file, version=version, size=size, faults=faults)
