"""The statements that write a compared file down, in the one transaction that locks the list.

Each looks once more at what may have changed since the comparison.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql

from newsletter.store.people import suppressions as suppressing
from newsletter.store.people.differences import Differences
from newsletter.store.people.staging import hash_of, judged, mended, newcomers, people, stops
from newsletter.store.sql.connections import insert_from, own, publication_of
from newsletter.store.sql.schema import subscribers, suppressions
from newsletter.store.sql.values import stored_instant, stored_text
from newsletter.subscribers import Arrived, Consent, SubscriberState, Verdict


def line_up(connection: Connection, consent: Consent | None, now: datetime) -> None:
    """Put the newcomers' rows in order, as they will be; the list is not locked for it.

    `consent` is for those of whom the file does not say how they came.
    """
    with connection.begin():
        for verdict, state in _STATES.items():
            given = consent if verdict is Verdict.NEW else None
            columns = _columns(given, now)
            rows = (
                select(literal(state.value), *columns.values())
                .select_from(judged)
                .join(people, people.c.n == judged.c.n)
                .where(judged.c.verdict == verdict.value)
                .order_by(judged.c.place)
            )
            connection.execute(insert(newcomers).from_select(["state", *columns], rows))


def write(connection: Connection, differences: Differences, now: datetime) -> Arrived:
    """All of it, once the newcomers are lined up."""
    suppressed = _stop(connection)
    joined, gone, pending = (_add(connection, state) for state in _STATES.values())
    return Arrived(
        joined=joined,
        gone=gone,
        pending=pending,
        changed=_mend(connection, now),
        left=_let_go(connection, now),
        removed=_remove(connection, differences) if differences.is_whole else 0,
        suppressed=suppressed,
    )


def _stop(connection: Connection) -> int:
    rows = select(
        literal(publication_of(connection)),
        stops.c.address_key,
        stops.c.kind,
        stops.c.reason,
        stops.c.created_at,
    )
    names = ["publication_id", "address_key", "kind", "reason", "created_at"]
    return _inserted(connection, suppressions, names, rows)


_STATES = {
    Verdict.NEW: SubscriberState.CONFIRMED,
    Verdict.GONE: SubscriberState.UNSUBSCRIBED,
    Verdict.PENDING: SubscriberState.PENDING,
}


def _columns(consent: Consent | None, now: datetime) -> Mapping[str, ColumnElement[Any]]:
    at, said = stored_instant(now), consent or Consent(source="")
    given_at = None if said.at is None else stored_instant(said.at)
    has_own = people.c.consent_source != ""
    source = case((has_own, people.c.consent_source), else_=literal(stored_text(said.source)))
    return {
        "address": people.c.address,
        "address_key": people.c.address_key,
        "first_name": people.c.first_name,
        "created_at": func.coalesce(people.c.created_at, at),
        "updated_at": func.coalesce(people.c.gone_at, people.c.updated_at, at),
        "tags": people.c.tags,
        "attributes": people.c.attributes,
        "consent_source": source,
        "consent_at": _consent_at(has_own, given_at, is_said=consent is not None),
        "paused_until": people.c.paused_until,
    }


def _add(connection: Connection, state: SubscriberState) -> int:
    names = [column.name for column in newcomers.columns if column.name != "place"]
    columns = [newcomers.c[name] for name in names if name != "attributes"]
    rows = (
        select(
            literal(publication_of(connection)),
            *columns,
            _as_object(connection, newcomers.c.attributes),
        )
        .where(newcomers.c.state == state.value)
        .order_by(newcomers.c.place)
    )
    if suppressing.has_hashes(connection):
        hash_ = hash_of(connection, newcomers.c.address_key)
        is_erased = exists().where(
            own(connection, suppressions), suppressions.c.address_key == hash_
        )
        by_file = exists().where(stops.c.address_key == hash_)
        rows = rows.where(~is_erased | by_file)
    into = ["publication_id", *(column.name for column in columns), "attributes"]
    return _inserted(connection, subscribers, into, rows)


def _inserted(connection: Connection, table: Table, names: list[str], rows: Select[Any]) -> int:
    """How many were not there already. SQLAlchemy forgets the number unless it is asked to keep."""
    new = insert_from(connection, table, names, rows)
    return connection.execute(new, execution_options={"preserve_rowcount": True}).rowcount


def _consent_at(
    has_own: ColumnElement[bool], given_at: int | None, *, is_said: bool
) -> ColumnElement[Any]:
    """A day that was said goes before the day on which the file has them from."""
    other = people.c.created_at if given_at is None and is_said else literal(given_at)
    return case((has_own, people.c.consent_at), else_=other)


def _mend(connection: Connection, now: datetime) -> int:
    changes = (
        update(subscribers)
        .where(
            subscribers.c.id == mended.c.member,
            subscribers.c.state == SubscriberState.CONFIRMED,
        )
        .values(
            first_name=mended.c.first_name,
            tags=mended.c.tags,
            attributes=_as_object(connection, mended.c.attributes),
            updated_at=now,
        )
    )
    return connection.execute(changes).rowcount


def _let_go(connection: Connection, now: datetime) -> int:
    leaving = select(judged.c.member).where(judged.c.verdict == Verdict.LEAVES.value)
    gone = (
        update(subscribers)
        .where(
            subscribers.c.id.in_(leaving),
            subscribers.c.state != SubscriberState.UNSUBSCRIBED,
        )
        .values(state=SubscriberState.UNSUBSCRIBED, updated_at=now, paused_until=None)
    )
    return connection.execute(gone).rowcount


def _remove(connection: Connection, differences: Differences) -> int:
    return connection.execute(delete(subscribers).where(differences.going())).rowcount


def _as_object(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column if connection.dialect.name == "sqlite" else cast(column, postgresql.JSONB())
