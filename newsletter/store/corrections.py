"""Who is owed a correction: those who have the issue that it corrects, and nobody else.

Functions on a connection; the transaction round them is the journal's.
"""

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, select

from newsletter.books import DeliveryState
from newsletter.store.schema import deliveries, runs, subscribers
from newsletter.store.subscriber_list import (
    delivery_suppressed_because,
    suppressed_because,
    with_suppressions,
)
from newsletter.store.values import CHUNK, address_of, fields_of
from newsletter.subscribers import AudienceMember


def accepted_page(
    connection: Connection, issue: str, after: int
) -> list[tuple[int, AudienceMember]]:
    """A page of them behind a delivery's id, each with the id to go on from."""
    key = deliveries.c.recipient_key
    people = deliveries.outerjoin(subscribers, subscribers.c.address_key == key)
    wanted = (
        select(
            deliveries.c.id,
            deliveries.c.recipient,
            deliveries.c.fields,
            deliveries.c.subscriber_id,
            delivery_suppressed_because().label("because"),
        )
        .select_from(with_suppressions(people, key))
        .where(_has_it(deliveries, issue), deliveries.c.id > after)
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
            ),
        )
        for row in connection.execute(wanted)
    ]


def corrected_by(connection: Connection, run_id: int) -> str | None:
    """The issue that a run corrects; None for most runs."""
    return connection.execute(select(runs.c.corrects).where(runs.c.id == run_id)).scalar()


def newcomers(connection: Connection, run_id: int, issue: str) -> int:
    """How many got the corrected issue since the correction's audience was frozen."""
    have_it, owed = deliveries.alias("have_it"), deliveries.alias("owed")
    in_run = and_(owed.c.run_id == run_id, owed.c.recipient_key == have_it.c.recipient_key)
    key = have_it.c.recipient_key
    people = have_it.outerjoin(owed, in_run).outerjoin(
        subscribers, subscribers.c.address_key == key
    )
    wanted = (
        select(func.count())
        .select_from(with_suppressions(people, key))
        .where(_has_it(have_it, issue), owed.c.id.is_(None), suppressed_because().is_(None))
    )
    return connection.execute(wanted).scalar_one()


def _has_it(delivery: FromClause, issue: str) -> ColumnElement[bool]:
    # By the run, for which there is an index.
    run = select(runs.c.id).where(runs.c.issue == issue).scalar_subquery()
    return and_(delivery.c.run_id == run, delivery.c.state == DeliveryState.ACCEPTED)
