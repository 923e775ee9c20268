"""A file's people put down beside the list, in tables of one connection's own that go with it.

Nothing of it is in the database, nobody waits for it, and a million people take no memory: the
tables are temporary ones. What they would do to the list is `judging`'s.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    insert,
    literal,
    select,
)
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import TypeEngine

from newsletter.store.people.rows import stored_tags
from newsletter.store.sql.connections import insert_new, sha256_of
from newsletter.store.sql.statements import execute_columns, execute_rows, unnested
from newsletter.store.sql.values import Stored, stored_attributes, stored_instant, stored_text
from newsletter.subscribers import WEIGHT, Row, Suppression

_TEMPORARY = ["TEMPORARY"]
_own = MetaData()

people = Table(
    "incoming_people",
    _own,
    Column("n", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("line", Integer, nullable=False),
    Column("address", Text, nullable=False),
    Column("address_key", Text, nullable=False),
    Column("weight", Integer, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("attributes", Text, nullable=False),
    Column("consent_source", Text, nullable=False),
    Column("consent_at", BigInteger),
    Column("gone_at", BigInteger),
    Column("created_at", BigInteger),
    Column("updated_at", BigInteger),
    Column("paused_until", BigInteger),
    prefixes=_TEMPORARY,
)

stops = Table(
    "incoming_stops",
    _own,
    Column("address_key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", BigInteger),
    prefixes=_TEMPORARY,
)

# In the order of the keys, as the list's own index has them: written in another, a million take
# twice as long.
judged = Table(
    "judged_people",
    _own,
    Column("place", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("member", BigInteger),
    Column("verdict", Text, nullable=False),
    Column("is_silent", Integer, nullable=False),
    prefixes=_TEMPORARY,
)

newcomers = Table(
    "newcomers",
    _own,
    Column("place", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("address", Text, nullable=False),
    Column("address_key", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("tags", Text, nullable=False),
    Column("attributes", Text, nullable=False),
    Column("consent_source", Text, nullable=False),
    Column("consent_at", BigInteger),
    Column("paused_until", BigInteger),
    prefixes=_TEMPORARY,
)

mended = Table(
    "mended_people",
    _own,
    Column("member", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("first_name", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("attributes", Text, nullable=False),
    prefixes=_TEMPORARY,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where the people come from, for the reasons in the suppression list; and the time now."""

    name: str
    now: datetime


def lay_out(connection: Connection) -> None:
    """The tables, empty."""
    with connection.begin():
        for table in (people, stops, judged, newcomers, mended):
            connection.execute(CreateTable(table))


def put_down(connection: Connection, rows: Sequence[Row], origin: Origin) -> None:
    """Some of the people, in a transaction of their own; nobody waits for it."""
    with connection.begin():
        _put(connection, people, [_person(row, origin.now) for row in rows])
        put_stops(connection, [stop for row in rows for stop in _stops_of(row, origin)], origin.now)


def hash_of(connection: Connection, key: ColumnElement[str]) -> ColumnElement[str]:
    """As the suppression list has it; not cheap, so it is for when there are hashes to look for."""
    return literal("sha256:").concat(sha256_of(connection, key))


def put_stops(connection: Connection, suppressions: Iterable[Suppression], now: datetime) -> None:
    """Suppressions, the first one of an address; in somebody's transaction."""
    rows: list[Mapping[str, Stored]] = [
        {
            "address_key": each.address_key,
            "kind": each.kind.value,
            "reason": stored_text(each.reason),
            "created_at": stored_instant(min(each.created_at, now)),
        }
        for each in suppressions
    ]
    if rows:
        execute_rows(connection, insert_new(connection, stops), rows)


def _put(connection: Connection, table: Table, rows: Sequence[Mapping[str, Stored]]) -> None:
    if connection.dialect.name == "sqlite":
        execute_rows(connection, insert(table), rows)
    else:
        execute_columns(connection, _PUT, rows)


def _types(table: Table) -> Mapping[str, TypeEngine[Any]]:
    return {column.name: column.type for column in table.columns if column.name != "n"}


def _person(row: Row, now: datetime) -> Mapping[str, Stored]:
    key = row.address.key
    consent = row.consent
    return {
        "line": row.line,
        "address": str(row.address),
        "address_key": key,
        "weight": WEIGHT[row.standing],
        "first_name": stored_text(row.first_name),
        "tags": stored_tags(row.tags) if row.tags else "",
        "attributes": stored_attributes(row.attributes) if row.attributes else "{}",
        "consent_source": "" if consent is None else stored_text(consent.source),
        "consent_at": None if consent is None else _past(consent.at, now),
        "gone_at": _past(row.gone_at, now),
        "created_at": _past(row.created_at, now),
        "updated_at": _past(row.updated_at, now),
        "paused_until": None if row.paused_until is None else stored_instant(row.paused_until),
    }


def _past(moment: datetime | None, now: datetime) -> int | None:
    """No file knows what has not been yet."""
    return None if moment is None or moment > now else stored_instant(moment)


def _stops_of(row: Row, origin: Origin) -> Iterable[Suppression]:
    if row.suppression is not None:
        yield row.suppression
    if (kind := row.standing.suppression) is not None:
        yield Suppression(
            address_key=row.address.key,
            kind=kind,
            reason=f"{row.standing.value} in {origin.name}",
            created_at=row.gone_at or origin.now,
        )


_TYPES = _types(people)
_GIVEN = unnested(_TYPES)
_PUT = insert(people).from_select(list(_TYPES), select(*_GIVEN.c)).inline()
