"""What a list keeper does to one person: the change, its event, and its entry in the audit log.

Functions on a connection; the transaction round them is the caller's.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete

from newsletter.addresses import AddrSpec
from newsletter.books import AuditAction
from newsletter.store.people import events, suppressions
from newsletter.store.people.keepers_log import note
from newsletter.store.people.rows import change_member, locked_member, new_member, stored_tags
from newsletter.store.sql.connections import insert_new, own
from newsletter.store.sql.schema import subscribers
from newsletter.store.sql.values import stored_text
from newsletter.subscribers import (
    Consent,
    PersonEvent,
    PersonEventKind,
    SubscriberState,
)


def add(
    connection: Connection,
    address: AddrSpec,
    first_name: str,
    consent: Consent,
    tags: Iterable[str],
    by: str,
    now: datetime,
) -> bool:
    """`Membership.add`."""
    if suppressions.find(connection, address.key) is not None:
        return False
    row = {
        **new_member(connection, address, first_name, SubscriberState.CONFIRMED, now),
        "tags": stored_tags(tags),
        "consent_source": stored_text(consent.source),
        "consent_at": consent.at,
    }
    new = insert_new(connection, subscribers).values(**row)
    if not connection.execute(new, execution_options={"preserve_rowcount": True}).rowcount:
        return False
    event = PersonEvent(at=now, kind=PersonEventKind.JOINED, by=by, detail=consent.source)
    events.append(connection, address.key, event)
    note(connection, AuditAction.ADDED, address.key, consent.source, by, now)
    return True


def return_(connection: Connection, key: str, reason: str, by: str, now: datetime) -> bool:
    """`Membership.return_`."""
    member = locked_member(connection, key)
    if member is None or member.state is SubscriberState.CONFIRMED:
        return False
    change_member(
        connection,
        member,
        now,
        state=SubscriberState.CONFIRMED,
        consent_source=stored_text(reason),
        consent_at=now,
    )
    event = PersonEvent(at=now, kind=PersonEventKind.RETURNED, by=by, detail=reason)
    events.append(connection, key, event)
    note(connection, AuditAction.RESUBSCRIBED, key, reason, by, now)
    return True


def remove(connection: Connection, key: str, by: str, now: datetime) -> bool:
    """`Membership.remove`."""
    member = locked_member(connection, key)
    if member is None:
        return False
    mine = subscribers.c.id == member.id
    connection.execute(delete(subscribers).where(own(connection, subscribers), mine))
    people = int(member.state is SubscriberState.CONFIRMED)
    event = PersonEvent(
        at=now, kind=PersonEventKind.REMOVED, by=by, detail=member.state.value, people=people
    )
    events.append(connection, key, event)
    note(connection, AuditAction.REMOVED, key, "", by, now)
    return True
