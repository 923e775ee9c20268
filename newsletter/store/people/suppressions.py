"""The suppression list: whom nothing is sent to, whatever any other list says.

It is read again in the transaction that lets a message out. A hash stands for an address that
nobody here may know; whoever comes with that address is told by it, and a member whose hash is
suppressed gets a row of their own, so that a send asks by address alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, or_, select, update

from newsletter.books import UNFINISHED, AuditAction
from newsletter.store.people import events
from newsletter.store.people.keepers_log import note
from newsletter.store.people.rows import locked_member
from newsletter.store.sql.connections import Connections, insert_new, own, publication_of
from newsletter.store.sql.schema import deliveries, runs, subscribers, suppressions
from newsletter.store.sql.statements import execute_rows
from newsletter.store.sql.values import CHUNK, Stored, chunks, stored_instant, stored_text
from newsletter.subscribers import (
    PersonEvent,
    PersonEventKind,
    Suppression,
    SuppressionKind,
    hashed,
    is_hash,
    without_addresses,
)


@dataclass(frozen=True)
class Suppressions:
    """The suppression list of one publication. Any thread may ask it."""

    _connections: Connections

    def add(
        self,
        address_key: str,
        reason: str,
        now: datetime,
        *,
        kind: SuppressionKind = SuppressionKind.BY_HAND,
        by: str = "",
    ) -> bool:
        """Never send to this address again, nor what is claimed and whose content is not out yet.

        A hash holds for whoever has that address, now or later. False when it is suppressed
        already, by itself or by hash: the first reason stays, unless it is one that the person's
        own confirmation would lift, and this is not.
        """
        wanted = Suppression(address_key=address_key, kind=kind, reason=reason, created_at=now)
        with self._connections.writing() as connection:
            is_new = suppress(connection, wanted, by)
            if is_new:
                note(connection, AuditAction.SUPPRESSED, address_key, wanted.words, by, now)
            return is_new

    def lift(self, address_key: str, reason: str, now: datetime, *, by: str) -> Suppression | None:
        """Somebody's word that the address may be mailed again; what stood there, or None."""
        with self._connections.writing() as connection:
            found = lift(connection, address_key, reason, by, now)
            if found is not None:
                note(connection, AuditAction.UNSUPPRESSED, address_key, reason, by, now)
            return found

    def find(self, address_key: str) -> Suppression | None:
        """By the address, or by its hash."""
        with self._connections.reading() as connection:
            return find(connection, address_key)

    def among(self, address_keys: Iterable[str]) -> Mapping[str, str]:
        """Those of the keys that are on the list, by themselves or by hash, with the reason."""
        with self._connections.reading() as connection:
            return among(connection, address_keys)

    def all(self) -> Iterator[Suppression]:
        """The whole list by key, in flat memory."""
        last = ""
        while page := self._page(last):
            yield from page
            last = page[-1].address_key

    def count(self, since: datetime | None = None) -> Mapping[SuppressionKind, int]:
        """How many there are of each kind; with `since`, those that were put down after it."""
        wanted = select(suppressions.c.kind, func.count()).group_by(suppressions.c.kind)
        if since is not None:
            wanted = wanted.where(suppressions.c.created_at > since)
        with self._connections.reading() as connection:
            rows = connection.execute(wanted.where(own(connection, suppressions))).all()
        found = {SuppressionKind(kind): number for kind, number in rows}
        return {kind: found.get(kind, 0) for kind in SuppressionKind}

    def _page(self, after: str) -> list[Suppression]:
        key = suppressions.c.address_key
        with self._connections.reading() as connection:
            wanted = select(suppressions).where(own(connection, suppressions), key > after)
            rows = connection.execute(wanted.order_by(key).limit(CHUNK)).all()
        return [_suppression(row) for row in rows]


def suppress(connection: Connection, wanted: Suppression, by: str) -> bool:
    """`Suppressions.add`, in somebody's transaction."""
    if wanted.is_hash:  # nobody will know whose it is, and what to erase
        wanted = replace(wanted, reason=without_addresses(wanted.reason))
    found = find(connection, wanted.address_key)
    if found is not None and not _lacks_own(connection, found, wanted):
        return _harden(connection, found, wanted, by)
    is_new = _insert(connection, wanted)
    if is_new:
        for key in _known_by(connection, wanted):
            _log(connection, key, wanted, by)
    return is_new


def _lacks_own(connection: Connection, found: Suppression, wanted: Suppression) -> bool:
    """A member is suppressed by a row of their own, for a send asks by address alone."""
    if wanted.is_hash or not found.is_hash:
        return False
    return locked_member(connection, wanted.address_key) is not None


def _harden(connection: Connection, found: Suppression, wanted: Suppression, by: str) -> bool:
    """A list keeper's word in the place of one that the person could take back."""
    if not found.kind.gives_way_to(wanted.kind):
        return False
    mine = _is(wanted.address_key)
    reason, key = wanted.reason, wanted.address_key
    if found.is_hash:
        reason, key = without_addresses(reason, key), ""
    harder = replace(wanted, reason=reason)
    values = {"kind": harder.kind.value, "created_at": harder.created_at}
    changed = update(suppressions).where(own(connection, suppressions), mine)
    connection.execute(changed.values(**values, reason=stored_text(reason)))
    _log(connection, key, harder, by)
    return True


def lift(
    connection: Connection, address_key: str, reason: str, by: str, now: datetime
) -> Suppression | None:
    """`Suppressions.lift`, in somebody's transaction.

    The row of its hash goes as well, and with a hash those of the addresses that it is of.
    """
    found = find(connection, address_key)
    if found is None:
        return None
    for key in (address_key, *_suppressed_with(connection, address_key)):
        mine = _is(key)
        connection.execute(delete(suppressions).where(own(connection, suppressions), mine))
        why = without_addresses(reason) if is_hash(key) else reason
        detail = f"was suppressed: {found.kind.value}" + (f"; {why}" if why else "")
        event = PersonEvent(at=now, kind=PersonEventKind.UNSUPPRESSED, by=by, detail=detail)
        events.append(connection, "" if is_hash(key) else key, event)
    return found


def _suppressed_with(connection: Connection, hash_: str) -> list[str]:
    """The rows of addresses with this hash; a second or two for a million."""
    if not is_hash(hash_):
        return []
    wanted = select(suppressions.c.address_key).where(own(connection, suppressions))
    return [key for key in connection.execute(wanted).scalars() if hashed(key) == hash_]


def find(connection: Connection, address_key: str) -> Suppression | None:
    """One that no confirmation lifts goes first, then a row of the address itself."""
    wanted = select(suppressions).where(own(connection, suppressions), _is(address_key))
    rows = connection.execute(wanted).all()
    found = sorted((_suppression(row) for row in rows), key=_by_weight)
    return found[0] if found else None


def _by_weight(found: Suppression) -> tuple[bool, bool]:
    return found.kind.yields_to_consent, found.is_hash


def among(connection: Connection, address_keys: Iterable[str]) -> Mapping[str, str]:
    """`Suppressions.among`, in somebody's transaction."""
    with_hashes = has_hashes(connection)
    found: dict[str, str] = {}
    for keys in chunks(address_keys):
        hashes = {hashed(key): key for key in keys} if with_hashes else {}
        for part in chunks([*keys, *hashes]):
            statement = select(suppressions.c.address_key, suppressions.c.reason).where(
                own(connection, suppressions), suppressions.c.address_key.in_(part)
            )
            for key, reason in connection.execute(statement):
                found.setdefault(hashes.get(key, key), reason)
    return found


def has_hashes(connection: Connection) -> bool:
    """Whether anybody is suppressed by hash; else nobody need be hashed."""
    wanted = select(suppressions.c.address_key).where(
        own(connection, suppressions),
        suppressions.c.address_key >= "sha256:",
        suppressions.c.address_key < "sha256;",
    )
    return connection.execute(wanted.limit(1)).first() is not None


def _insert(connection: Connection, wanted: Suppression) -> bool:
    row: dict[str, Stored] = {
        "publication_id": publication_of(connection),
        "address_key": wanted.address_key,
        "reason": stored_text(wanted.reason),
        "kind": wanted.kind.value,
        "created_at": stored_instant(wanted.created_at),
    }
    return bool(execute_rows(connection, insert_new(connection, suppressions), [row]))


def _known_by(connection: Connection, wanted: Suppression) -> Iterator[str]:
    """The addresses that a new row is about; those of a hash get rows of their own."""
    if not wanted.is_hash:
        yield wanted.address_key
        return
    for key in _keys_with_hash(connection, wanted.address_key):
        _insert(connection, replace(wanted, address_key=key))
        yield key


def _keys_with_hash(connection: Connection, hash_: str) -> set[str]:
    return {key for key, found in hashes_of_known(connection) if found == hash_}


def hashes_of_known(connection: Connection) -> Iterator[tuple[str, str]]:
    """Members, and people whom a run still owes something, each with their hash.

    A second or two for a million.
    """
    members = select(subscribers.c.address_key).where(own(connection, subscribers))
    owed = (
        select(deliveries.c.recipient_key)
        .join(runs, runs.c.id == deliveries.c.run_id)
        .where(own(connection, runs), deliveries.c.state.in_(UNFINISHED))
    )
    keys = members.union(owed)
    for key in connection.execute(keys, execution_options={"yield_per": CHUNK}).scalars():
        yield key, hashed(key)


def _log(connection: Connection, key: str, wanted: Suppression, by: str) -> None:
    event = PersonEvent(
        at=wanted.created_at,
        kind=PersonEventKind.SUPPRESSED,
        by=by,
        detail=wanted.words,
    )
    events.append(connection, key, event)


def _is(address_key: str) -> ColumnElement[bool]:
    key = suppressions.c.address_key
    return or_(key == address_key, key == hashed(address_key))


def _suppression(row: Row[Any]) -> Suppression:
    return Suppression(
        address_key=row.address_key,
        kind=SuppressionKind(row.kind),
        reason=row.reason,
        created_at=row.created_at,
    )
