"""Everything that is held about one address, to be shown to them or to a list keeper, or erased.

An erasure leaves the hash that keeps the address from coming back by an import, and the books as
they were, with nobody's name in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from secrets import token_hex

from sqlalchemy import Connection, case, delete, select, update

from newsletter.books import AuditAction, DeliveryEvents
from newsletter.store import tallies
from newsletter.store.people import events, letters, returned, suppressions
from newsletter.store.people.keepers_log import note
from newsletter.store.people.rows import locked_member, members
from newsletter.store.sql.connections import Connections, own
from newsletter.store.sql.schema import attempts, deliveries, runs, subscribers
from newsletter.store.sql.schema import suppressions as suppressed
from newsletter.store.sql.writes import Writes
from newsletter.subscribers import (
    PersonEvent,
    PersonEventKind,
    PersonFile,
    Receipt,
    SubscriberState,
    Suppression,
    SuppressionKind,
    hashed,
)

_NOBODY = "erased.invalid"
"""RFC 6761, 6.4: a domain that no mail can ever reach."""


_GONE = 0
"""A member who is on no list, so that no delivery of theirs is ever sent again."""


@dataclass(frozen=True)
class PersonFiles:
    """What is held about the people of one publication. Any thread may ask it."""

    _connections: Connections
    _write: Writes

    def of(self, address_key: str) -> PersonFile:
        with self._connections.reading() as connection:
            return PersonFile(
                subscriber=members(connection, [address_key]).get(address_key),
                suppression=suppressions.find(connection, address_key),
                events=events.events_of(connection, address_key),
                receipts=_receipts(connection, address_key),
            )

    def forget(self, address_key: str, now: datetime, *, by: str) -> bool:
        """Erase all that is held about an address but its hash; False where there is nothing else.

        Open deliveries to them are suppressed. What has gone out stays in the books as sent to
        nobody in particular.
        """
        return self._write(partial(_forget, key=address_key, now=now, by=by))


def _receipts(connection: Connection, key: str) -> Sequence[Receipt]:
    wanted = (
        select(deliveries)
        .join(runs, runs.c.id == deliveries.c.run_id)
        .where(own(connection, runs), deliveries.c.recipient_key == key)
        .order_by(deliveries.c.id)
    )
    return [
        Receipt(
            issue=row.issue,
            state=row.state.value,
            at=row.updated_at,
            reply=_said(row.reply_code, row.enhanced_code, row.reply_text) or row.reason,
        )
        for row in connection.execute(wanted)
    ]


def _said(*parts: str | int | None) -> str:
    return " ".join(str(part) for part in parts if part)


def _forget(connection: Connection, key: str, now: datetime, by: str) -> bool:
    letters.one_by_one(connection)
    member = locked_member(connection, key)
    stood = suppressions.find(connection, key)
    if member is None and not _is_known(connection, key):
        return False
    _overwrite_what_is_deleted(connection)
    for table in (subscribers, suppressed):
        mine = table.c.address_key == key
        connection.execute(delete(table).where(own(connection, table), mine))
    _blank_deliveries(connection, key, now)
    letters.forget(connection, key)
    events.forget(connection, key)
    returned.forget(connection, key)
    suppressions.suppress(connection, _left_behind(hashed(key), stood, now), by)
    fewer = int(member is not None and member.state is SubscriberState.CONFIRMED)
    event = PersonEvent(at=now, kind=PersonEventKind.ERASED, by=by, people=fewer)
    events.append(connection, "", event)
    note(connection, AuditAction.ERASED, key, "", by, now)
    return True


def _is_known(connection: Connection, key: str) -> bool:
    """Whether anything names the address; a hash of it does not."""
    own_row = suppressed.c.address_key == key
    theirs = select(suppressed.c.address_key).where(own(connection, suppressed), own_row)
    return bool(
        connection.execute(theirs).first()
        or events.last_of(connection, key)
        or letters.is_any(connection, key)
        or _receipts(connection, key)
    )


def _left_behind(hash_: str, stood: Suppression | None, now: datetime) -> Suppression:
    """The hash; what a list keeper has decided stays decided."""
    is_hard = stood is not None and not stood.kind.yields_to_consent
    kind = SuppressionKind.BY_HAND if is_hard else SuppressionKind.ERASED
    return Suppression(address_key=hash_, kind=kind, reason="erased", created_at=now)


def _overwrite_what_is_deleted(connection: Connection) -> None:
    """SQLite leaves deleted rows in the file until their place is wanted, unless it is told."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def _blank_deliveries(connection: Connection, key: str, now: datetime) -> None:
    nobody = f"{token_hex(16)}@{_NOBODY}"  # no hash: who had which issue is nobody's business now
    ours = select(runs.c.id).where(own(connection, runs))
    theirs = deliveries.c.recipient_key == key, deliveries.c.run_id.in_(ours)
    told = update(attempts).where(
        attempts.c.delivery_id.in_(select(deliveries.c.id).where(*theirs))
    )
    connection.execute(told.values(text=""))
    still = deliveries.c.state.in_(DeliveryEvents.SUPPRESS.before)
    suppressed_now = DeliveryEvents.SUPPRESS.to
    stopping = select(deliveries.c.shard_id).where(*theirs, still).distinct()
    tallies.forget(connection, connection.execute(stopping).scalars())
    stopped = {"state": suppressed_now, "next_attempt_at": None, "updated_at": now}
    connection.execute(update(deliveries).where(*theirs, still).values(**stopped))
    reason = case((deliveries.c.state == suppressed_now, "erased"), else_="")
    blank = {
        "recipient_key": nobody,
        "recipient": nobody,
        "fields": "{}",
        "reply_text": "",
        "reason": reason,
    }
    connection.execute(update(deliveries).where(*theirs).values(**blank, subscriber_id=_GONE))
