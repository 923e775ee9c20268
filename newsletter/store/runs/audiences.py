"""Who is in a run's audience: who has the issue, who does not and why, who is still to get it.

No state changes here. A correction is owed to those who have the issue that it corrects, and to
nobody else.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Row,
    and_,
    func,
    literal,
    not_,
    select,
    true,
)

from newsletter.addresses import AddrSpec
from newsletter.books import FAILURES, UNFINISHED, DeliveryState, Failure
from newsletter.store.people.eligibility import (
    delivery_suppressed_because,
    left_out_because,
    members_with_suppressions,
    suppressed_because,
    with_people,
)
from newsletter.store.people.segments import is_in
from newsletter.store.runs.in_hand import in_hand
from newsletter.store.runs.rows import of_issue
from newsletter.store.sql.connections import Connections, own, publication_of
from newsletter.store.sql.schema import deliveries, runs, subscribers
from newsletter.store.sql.values import CHUNK, address_of, fields_of
from newsletter.subscribers import AudienceMember, SubscriberState, parse_segment


@dataclass(frozen=True)
class Audiences:
    """The audiences of all runs of one publication. Any thread may ask them."""

    _connections: Connections

    def accepted(self, issue: str) -> Iterator[AudienceMember]:
        """Those who have the issue, as the relay said: the audience of its correction.

        In flat memory, with the fields they were sent; who has left since, or is suppressed, is
        given with the reason.
        """
        return self._connections.in_pages(partial(_accepted_page, issue))

    def failures(
        self,
        issue: str,
        states: Collection[DeliveryState] = FAILURES,
        *,
        now: datetime | None = None,
    ) -> Iterator[Failure]:
        """Those deliveries of an issue, in the order of the audience, in flat memory.

        With `now`, less those that a living sender has in hand at that moment.
        """
        return self._connections.in_pages(partial(_failure_page, issue, states, now))

    def first_due(self, run_id: int, limit: int) -> list[tuple[AddrSpec, Mapping[str, str]]]:
        """The first few recipients still to be sent to, each with the fields to merge."""
        statement = (
            select(deliveries.c.recipient, deliveries.c.fields)
            .where(deliveries.c.run_id == run_id, deliveries.c.state.in_(UNFINISHED))
            .order_by(deliveries.c.id)
            .limit(limit)
        )
        with self._connections.reading() as connection:
            rows = connection.execute(statement).all()
        return [(address_of(row.recipient), fields_of(row.fields)) for row in rows]

    def newcomers(self, run_id: int, now: datetime) -> int:
        """How many have joined since the audience was frozen: those `extend` would add.

        Of a run to a segment: those of them who are in it, and those who came into it since.
        Of a correction: how many have the corrected issue and are not in the run.
        """
        with self._connections.reading() as connection:
            wanted = select(runs.c.corrects, runs.c.segment).where(runs.c.id == run_id)
            corrected, segment = connection.execute(wanted).one()
            if corrected is not None:
                return _who_got_it_since(connection, run_id, corrected)
            wanted_people = is_in(connection, parse_segment(segment) if segment else None)
            return _who_joined(connection, run_id, wanted_people, now)


def _accepted_page(
    issue: str, connection: Connection, after: int
) -> Sequence[tuple[int, AudienceMember]]:
    """A page of them behind a delivery's id, each with the id to go on from."""
    key = deliveries.c.recipient_key
    wanted = (
        select(
            deliveries.c.id,
            deliveries.c.recipient,
            deliveries.c.fields,
            deliveries.c.subscriber_id,
            delivery_suppressed_because().label("because"),
        )
        .select_from(with_people(deliveries, key, _ours(connection)))
        .where(_has_it(connection, deliveries, issue), deliveries.c.id > after)
        .order_by(deliveries.c.id)
        .limit(CHUNK)
    )
    return [
        (
            row.id,
            AudienceMember(
                subscriber_id=row.subscriber_id,
                address=address_of(row.recipient),
                first_name=fields_of(row.fields).get("first_name", ""),
                suppressed_because=row.because,
                attributes=_attributes(row.fields),
            ),
        )
        for row in connection.execute(wanted)
    ]


def _attributes(stored: str) -> Mapping[str, str]:
    """As they were frozen: a correction says of a person what the first sending said."""
    return {name: value for name, value in fields_of(stored).items() if name != "first_name"}


def _failure_page(
    issue: str,
    states: Collection[DeliveryState],
    now: datetime | None,
    connection: Connection,
    after: int,
) -> Sequence[tuple[int, Failure]]:
    """A page of failures behind a delivery's id, each with the id to go on from."""
    run_id = connection.execute(select(runs.c.id).where(of_issue(connection, issue))).scalar()
    if run_id is None:
        return []
    statement = (
        select(deliveries)
        .where(
            deliveries.c.run_id == run_id,
            deliveries.c.state.in_(states),
            deliveries.c.id > after,
            true() if now is None else not_(in_hand(connection, run_id, now)),
        )
        .order_by(deliveries.c.id)
        .limit(CHUNK)
    )
    return [(row.id, _failure(row)) for row in connection.execute(statement)]


def _failure(row: Row[Any]) -> Failure:
    return Failure(
        recipient=address_of(row.recipient),
        state=row.state,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        reply_code=row.reply_code,
        enhanced_code=row.enhanced_code,
        reply_text=row.reply_text,
        reason=row.reason,
        updated_at=row.updated_at,
    )


def _who_joined(
    connection: Connection, run_id: int, wanted: ColumnElement[bool], now: datetime
) -> int:
    """How many people are owed issues and not in the run: they joined after it began."""
    in_run = and_(
        deliveries.c.recipient_key == subscribers.c.address_key,
        deliveries.c.run_id == run_id,
    )
    people = members_with_suppressions()
    statement = (
        select(func.count())
        .select_from(people.outerjoin(deliveries, in_run))
        .where(
            own(connection, subscribers),
            wanted,
            subscribers.c.state == SubscriberState.CONFIRMED,
            left_out_because(now).is_(None),
            deliveries.c.id.is_(None),
        )
    )
    return connection.execute(statement).scalar_one()


def _who_got_it_since(connection: Connection, run_id: int, issue: str) -> int:
    """How many got the corrected issue since the correction's audience was frozen."""
    have_it, owed = deliveries.alias("have_it"), deliveries.alias("owed")
    in_run = and_(owed.c.run_id == run_id, owed.c.recipient_key == have_it.c.recipient_key)
    key = have_it.c.recipient_key
    rows = have_it.outerjoin(owed, in_run)
    wanted = (
        select(func.count())
        .select_from(with_people(rows, key, _ours(connection)))
        .where(
            _has_it(connection, have_it, issue),
            owed.c.id.is_(None),
            suppressed_because().is_(None),
        )
    )
    return connection.execute(wanted).scalar_one()


def _ours(connection: Connection) -> ColumnElement[int]:
    return literal(publication_of(connection), BigInteger)


def _has_it(connection: Connection, delivery: FromClause, issue: str) -> ColumnElement[bool]:
    # By the run, for which there is an index.
    run = select(runs.c.id).where(of_issue(connection, issue)).scalar_subquery()
    return and_(delivery.c.run_id == run, delivery.c.state == DeliveryState.ACCEPTED)
