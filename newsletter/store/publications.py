"""Which of a database's publications somebody is: found by its key, begun by its first writing.

What has no key yet is that of the first who opens it. Each has its own list, runs, slots,
approvals, log and notices, and sees nobody else's. A key that stands in newsletter.toml may begin
one beside the others. One that was made of a name may not: a publication that was renamed would
find an empty list, and send to everybody again.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select, update

from newsletter.books import KnownPublication, PublicationKey
from newsletter.errors import StoreError
from newsletter.store.sql.connections import Connections, insert_new
from newsletter.store.sql.schema import audit, publications


class Entrance:
    """A database entered for one publication; `wanted` is None for the only one there is."""

    def __init__(self, connections: Connections, wanted: PublicationKey | None) -> None:
        self._connections = connections
        self._wanted = wanted
        with connections.reading() as connection:
            self.found = _find(connection, wanted, connections.where)
        if not self.found.key and wanted is not None:
            self._begin()  # two that only look would both take it for theirs
        else:
            self._enter()

    def neighbours(self) -> Sequence[KnownPublication]:
        """The other publications of the database."""
        with self._connections.reading() as connection:
            return [each for each in all_of(connection) if each.id != self.found.id]

    def whose_log(self, entry_id: int, chain: str) -> KnownPublication | None:
        """In whose log an entry stands under this chain, be it ours or a neighbour's."""
        wanted = (
            select(publications)
            .join(audit, audit.c.publication_id == publications.c.id)
            .where(audit.c.id == entry_id, audit.c.chain == chain)
        )
        with self._connections.reading() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else KnownPublication(**row._asdict())

    def _enter(self) -> None:
        """The row is made, or brought up to what newsletter.toml says, before what needs it."""
        is_settled = self._wanted is None or self._says(self.found, self._wanted)
        self._connections.enter(self.found.id, None if is_settled else self._begin)

    def _begin(self) -> None:
        assert self._wanted is not None
        with self._connections.writing_of_all() as connection:
            self.found = _begun(connection, self._wanted, self._connections.where)
        self._enter()

    @staticmethod
    def _says(found: KnownPublication, wanted: PublicationKey) -> bool:
        return bool(found.id) and (found.key, found.name) == (wanted.key, wanted.name)


def all_of(connection: Connection) -> list[KnownPublication]:
    rows = connection.execute(select(publications).order_by(publications.c.id))
    return [KnownPublication(**row._asdict()) for row in rows]


def _find(connection: Connection, wanted: PublicationKey | None, where: str) -> KnownPublication:
    """Raises StoreError where it cannot be told which one is meant."""
    known = all_of(connection)
    if wanted is None:
        return _only(known, where)
    found = next((each for each in known if each.key == wanted.key), None)
    if found is not None and (wanted.is_given or found.name == wanted.name):
        return found
    unnamed = next((each for each in known if not each.key), None)
    if found is None and unnamed is not None:
        return unnamed
    if found is None and wanted.is_given:
        return KnownPublication(id=0, key=wanted.key, name=wanted.name, salt=wanted.key)
    raise _unknown(known, wanted, where)


def _begun(connection: Connection, wanted: PublicationKey, where: str) -> KnownPublication:
    """Found by its key from now on, whoever else begins one at the same moment."""
    names = {"key": wanted.key, "name": wanted.name}
    if not _find(connection, wanted, where).key:
        unnamed = update(publications).where(publications.c.key == "")
        connection.execute(unnamed.values(names))
    found = _find(connection, wanted, where)
    if not found.id:
        new = insert_new(connection, publications).values({**names, "salt": found.salt})
        connection.execute(new)
        return _find(connection, wanted, where)
    if found.name != wanted.name:
        own = update(publications).where(publications.c.id == found.id)
        connection.execute(own.values(name=wanted.name))
    return replace(found, name=wanted.name)


def _only(known: Sequence[KnownPublication], where: str) -> KnownPublication:
    if len(known) == 1:
        return known[0]
    keys = ", ".join(each.key for each in known)
    raise StoreError(
        f"the database holds more than one publication: {keys}",
        where=where,
        next_step="open it from the folder of one of them",
    )


def _unknown(known: Sequence[KnownPublication], wanted: PublicationKey, where: str) -> StoreError:
    names = " and ".join(f"“{each.name}”" for each in known)
    keys = " or ".join(f'key = "{each.key}"' for each in known)
    free = wanted.key if all(each.key != wanted.key for each in known) else f"{wanted.key}-2"
    return StoreError(
        f"the database is that of {names}, and newsletter.toml says “{wanted.name}” and no key",
        where=where,
        next_step=f"write {keys} under [publication] if it was renamed,"
        f' or key = "{free}" if it is another one',
    )
