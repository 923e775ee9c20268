"""One member of the list: the row, read or locked, and its columns as records.

Functions on a connection; the transaction round them is the caller's.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from newsletter.addresses import AddrSpec
from newsletter.store.sql.connections import own, publication_of
from newsletter.store.sql.schema import subscribers
from newsletter.store.sql.values import address_of, chunks, stored_text
from newsletter.subscribers import Consent, Subscriber, SubscriberState

_BETWEEN = "\n"


def stored_tags(tags: Iterable[str]) -> str:
    r"""In order, each between two line ends, so that one can be looked for; "" for none.

    >>> stored_tags(["uk", "press"])
    '\npress\nuk\n'
    """
    found = sorted(set(tags))
    return f"{_BETWEEN}{_BETWEEN.join(found)}{_BETWEEN}" if found else ""


def tags_of(stored: str) -> tuple[str, ...]:
    return tuple(stored.split())


def subscriber_of(row: Row[Any]) -> Subscriber:
    return Subscriber(
        id=row.id,
        address=address_of(row.address),
        first_name=row.first_name,
        state=row.state,
        created_at=row.created_at,
        updated_at=row.updated_at,
        tags=tags_of(row.tags),
        attributes=row.attributes,
        consent=Consent(source=row.consent_source, at=row.consent_at),
        paused_until=row.paused_until,
    )


def locked_member(connection: Connection, address_key: str) -> Subscriber | None:
    """The member with this address, whom nobody else changes until the commit."""
    wanted = select(subscribers).where(
        own(connection, subscribers), subscribers.c.address_key == address_key
    )
    row = connection.execute(wanted.with_for_update()).one_or_none()
    return None if row is None else subscriber_of(row)


def change_member(
    connection: Connection, member: Subscriber, now: datetime, **values: object
) -> None:
    mine = update(subscribers).where(subscribers.c.id == member.id)
    connection.execute(mine.values(updated_at=now, **values))


def members(connection: Connection, address_keys: Iterable[str]) -> Mapping[str, Subscriber]:
    """Those of the keys that are on the list."""
    found: dict[str, Subscriber] = {}
    for keys in chunks(address_keys):
        wanted = select(subscribers).where(
            own(connection, subscribers), subscribers.c.address_key.in_(keys)
        )
        for row in connection.execute(wanted):
            found[row.address_key] = subscriber_of(row)
    return found


def new_member(
    connection: Connection,
    address: AddrSpec,
    first_name: str,
    state: SubscriberState,
    now: datetime,
) -> Mapping[str, object]:
    """The columns of a member who comes now."""
    return {
        "publication_id": publication_of(connection),
        "address": str(address),
        "address_key": address.key,
        "first_name": stored_text(first_name),
        "state": state,
        "created_at": now,
        "updated_at": now,
    }
