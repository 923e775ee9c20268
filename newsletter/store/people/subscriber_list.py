"""The list of subscribers and the suppression list: who is owed an issue, and who never is.

What a file would change is worked out by `newsletter.subscribers`; it is written here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    not_,
    null,
    select,
    update,
)

from newsletter.addresses import AddrSpec
from newsletter.store.sql.connections import Connections, insert_new, own, publication_of
from newsletter.store.sql.schema import deliveries, subscribers, suppressions
from newsletter.store.sql.statements import execute_rows
from newsletter.store.sql.values import (
    CHUNK,
    Stored,
    address_of,
    chunks,
    stored_instant,
    stored_text,
)
from newsletter.subscribers import (
    AudienceCounts,
    AudienceMember,
    ImportPlan,
    NameChange,
    Subscriber,
    SubscriberFile,
    SubscriberState,
    diff,
)

NO_LONGER_ON_THE_LIST = "no longer on the list"


def suppressed_because() -> ColumnElement[str | None]:
    """For a row of `subscribers` joined to `suppressions`: why nothing may be sent, or NULL."""
    left, waits = SubscriberState.UNSUBSCRIBED, SubscriberState.PENDING
    return case(
        (suppressions.c.address_key.is_not(None), suppressions.c.reason),
        (subscribers.c.state == left, literal(left.value)),
        (subscribers.c.state == waits, literal(waits.value)),
        else_=null(),
    )


def delivery_suppressed_because() -> ColumnElement[str | None]:
    """The same for a row of `deliveries` joined to both, whose member may have gone for good."""
    gone = and_(deliveries.c.subscriber_id.is_not(None), subscribers.c.id.is_(None))
    return case((gone, literal(NO_LONGER_ON_THE_LIST)), else_=suppressed_because())


def delivery_may_go_out(
    publication: ColumnElement[int], *beside: FromClause
) -> ColumnElement[bool]:
    """For a row of `deliveries` alone: true where `delivery_suppressed_because` is NULL.

    Two look-ups by unique keys, for a statement that changes the row; `beside` is what else it
    names, where the publication comes from there.
    """
    key = deliveries.c.recipient_key
    confirmed = literal_column(f"'{SubscriberState.CONFIRMED}'", Text)
    suppressed = exists().where(_has(suppressions, publication, key)).correlate(deliveries, *beside)
    state = select(subscribers.c.state).where(_has(subscribers, publication, key))
    never_a_member = case((deliveries.c.subscriber_id.is_(None), confirmed))
    known = func.coalesce(state.correlate(deliveries, *beside).scalar_subquery(), never_a_member)
    return and_(not_(suppressed), known == confirmed)


def with_people(
    rows: FromClause, key: ColumnElement[str], publication: ColumnElement[int]
) -> FromClause:
    """Rows that name an address, with its member and its suppression in a publication."""
    people = rows.outerjoin(subscribers, _has(subscribers, publication, key))
    return people.outerjoin(suppressions, _has(suppressions, publication, key))


def members_with_suppressions() -> FromClause:
    """The members of all publications, each with its suppression in the same one."""
    key, publication = subscribers.c.address_key, subscribers.c.publication_id
    return subscribers.outerjoin(suppressions, _has(suppressions, publication, key))


def _has(
    table: FromClause, publication: ColumnElement[int], key: ColumnElement[str]
) -> ColumnElement[bool]:
    return and_(table.c.publication_id == publication, table.c.address_key == key)


class SubscriberList:
    """The list. An address key is in it once; nothing here ever turns a person back on."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def count(self) -> Mapping[SubscriberState, int]:
        """How many members there are in each state."""
        statement = select(subscribers.c.state, func.count()).group_by(subscribers.c.state)
        with self._connections.reading() as connection:
            statement = statement.where(own(connection, subscribers))
            found = {state: number for state, number in connection.execute(statement)}  # noqa: C416
        return {state: found.get(state, 0) for state in SubscriberState}

    def audience(self) -> Iterator[AudienceMember]:
        """Everyone a run freezes, by address, however many, in flat memory.

        Confirmed members, and the unsubscribed with that as their reason. Who has not confirmed
        yet is not of the audience, so that extending the run can still reach them; nor is who joins
        after the first was asked for. Each is as their page finds them.
        """
        newest, last = self._newest(), ""
        while page := self._audience_page(last):
            for number, address, _, first_name, because in page:
                if number <= newest:
                    yield AudienceMember(
                        subscriber_id=number,
                        address=address_of(address),
                        first_name=first_name,
                        suppressed_because=because,
                    )
            last = page[-1].address_key

    def _newest(self) -> int:
        with self._connections.reading() as connection:
            return connection.execute(select(func.max(subscribers.c.id))).scalar() or 0

    def _audience_page(self, after: str) -> Sequence[Any]:
        """By key, as the journal's index has them: a million in another order take twice as long
        to write.
        """
        key = subscribers.c.address_key
        with self._connections.reading() as connection:
            people = _audience(connection).where(key > after)
            return connection.execute(people.order_by(key).limit(CHUNK)).all()

    def audience_counts(self) -> AudienceCounts:
        """The size of the audience, counted by the database."""
        with self._connections.reading() as connection:
            people = _audience(connection).subquery()
            statement = (
                select(people.c.because, func.count())
                .group_by(people.c.because)
                .order_by(people.c.because)
            )
            found = [(because, number) for because, number in connection.execute(statement)]
        return AudienceCounts(
            owed=sum(number for because, number in found if because is None),
            suppressed={because: number for because, number in found if because is not None},
        )

    def find(self, address_keys: Iterable[str]) -> Mapping[str, Subscriber]:
        """Those of the keys that are on the list."""
        with self._connections.reading() as connection:
            return _members(connection, address_keys)

    def suppressed(self, address_keys: Iterable[str]) -> Mapping[str, str]:
        """Those of the keys that are on the suppression list, with the reason."""
        with self._connections.reading() as connection:
            return _suppressed(connection, address_keys)

    def is_suppressed(self, address_key: str) -> bool:
        return bool(self.suppressed([address_key]))

    def plan_import(self, file: SubscriberFile) -> ImportPlan:
        """What importing the file would do now. Writes nothing."""
        keys = [row.address.key for row in file.rows]
        with self._connections.reading() as connection:
            return diff(file, _members(connection, keys), _suppressed(connection, keys))

    def apply(self, plan: ImportPlan, now: datetime) -> int:
        """Write an import down, all of it or nothing; returns how many members are new.

        New people are confirmed members; of others only the first name changes, never the state.
        Who joined or left between the plan and this stays as they are: what they did themselves
        is newer than the file.
        """
        with self._connections.writing() as connection:
            added = 0
            at = stored_instant(now)
            for rows in chunks(plan.new):
                ours = publication_of(connection)
                people = [_new_member(ours, row.address, row.first_name, at) for row in rows]
                added += execute_rows(connection, insert_new(connection, subscribers), people)
            for changes in chunks(plan.changed):
                names = [_new_name(change, at) for change in changes]
                execute_rows(connection, _RENAME, names)
            return added

    def suppress(self, address_key: str, reason: str, now: datetime) -> bool:
        """Never send to this address again, nor what is claimed and whose content is not out yet.

        False when it is suppressed already; the first reason stays.
        """
        with self._connections.writing() as connection:
            return _suppress(connection, address_key, reason, now)

    def unsubscribe(self, address_key: str, now: datetime) -> bool:
        """The person has left; an open delivery to them is suppressed, as `suppress` does it.

        Someone who is not on the list goes to the suppression list: a later import must not send
        to a person who asked to be left alone. False when they had left before.
        """
        left = SubscriberState.UNSUBSCRIBED
        leave = (
            update(subscribers)
            .where(subscribers.c.address_key == address_key, subscribers.c.state != left)
            .values(state=left, updated_at=now)
        )
        with self._connections.writing() as connection:
            if connection.execute(leave.where(own(connection, subscribers))).rowcount:
                return True
            if _members(connection, [address_key]):
                return False
            return _suppress(connection, address_key, left.value, now)


def _audience(connection: Connection) -> Select[Any]:
    return (
        select(
            subscribers.c.id,
            subscribers.c.address,
            subscribers.c.address_key,
            subscribers.c.first_name,
            suppressed_because().label("because"),
        )
        .select_from(members_with_suppressions())
        .where(own(connection, subscribers), subscribers.c.state != SubscriberState.PENDING)
    )


def _members(connection: Connection, address_keys: Iterable[str]) -> Mapping[str, Subscriber]:
    found: dict[str, Subscriber] = {}
    for keys in chunks(address_keys):
        statement = select(subscribers).where(
            own(connection, subscribers), subscribers.c.address_key.in_(keys)
        )
        for row in connection.execute(statement):
            found[row.address_key] = Subscriber(
                id=row.id,
                address=address_of(row.address),
                first_name=row.first_name,
                state=row.state,
                created_at=row.created_at,
                updated_at=row.updated_at,
            )
    return found


def _suppressed(connection: Connection, address_keys: Iterable[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for keys in chunks(address_keys):
        statement = select(suppressions.c.address_key, suppressions.c.reason).where(
            own(connection, suppressions), suppressions.c.address_key.in_(keys)
        )
        found |= {key: reason for key, reason in connection.execute(statement)}  # noqa: C416
    return found


def _new_member(publication: int, address: AddrSpec, first_name: str, at: int) -> dict[str, Stored]:
    return {
        "publication_id": publication,
        "address": str(address),
        "address_key": address.key,
        "first_name": stored_text(first_name),
        "state": SubscriberState.CONFIRMED.value,
        "created_at": at,
        "updated_at": at,
    }


_RENAME = (
    update(subscribers)
    .where(subscribers.c.id == bindparam("member"))
    .values(first_name=bindparam("name"), updated_at=bindparam("at"))
)


def _new_name(change: NameChange, at: int) -> dict[str, Stored]:
    return {"member": change.subscriber.id, "name": stored_text(change.first_name), "at": at}


def _suppress(connection: Connection, address_key: str, reason: str, now: datetime) -> bool:
    row: dict[str, Stored] = {
        "publication_id": publication_of(connection),
        "address_key": address_key,
        "reason": stored_text(reason),
        "created_at": stored_instant(now),
    }
    return bool(execute_rows(connection, insert_new(connection, suppressions), [row]))
