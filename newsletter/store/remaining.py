"""What a run has left and whom it leaves out, for the plan that a person is shown before a send.

Functions on a connection; the transaction round them is the journal's. No state changes here.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, and_, func, select

from newsletter.addresses import AddrSpec
from newsletter.books import UNFINISHED, DeliveryState
from newsletter.store.schema import deliveries, runs, subscribers
from newsletter.store.subscriber_list import suppressed_because, with_suppressions
from newsletter.store.values import address_of, fields_of
from newsletter.subscribers import SubscriberState


def suppressed(connection: Connection, run_id: int) -> Mapping[str, int]:
    """How many deliveries are suppressed, by reason."""
    statement = (
        select(deliveries.c.reason, func.count())
        .where(deliveries.c.run_id == run_id, deliveries.c.state == DeliveryState.SUPPRESSED)
        .group_by(deliveries.c.reason)
        .order_by(deliveries.c.reason)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def first_due(
    connection: Connection, run_id: int, limit: int
) -> list[tuple[AddrSpec, Mapping[str, str]]]:
    """The first few who are still to get the message, each with what is merged into it."""
    statement = (
        select(deliveries.c.recipient, deliveries.c.fields)
        .where(deliveries.c.run_id == run_id, deliveries.c.state.in_(UNFINISHED))
        .order_by(deliveries.c.id)
        .limit(limit)
    )
    rows = connection.execute(statement)
    return [(address_of(row.recipient), fields_of(row.fields)) for row in rows]


def newcomers(connection: Connection, run_id: int) -> int:
    """How many people are owed issues and not in the run: they joined after it began."""
    in_run = and_(
        deliveries.c.recipient_key == subscribers.c.address_key,
        deliveries.c.issue == select(runs.c.issue).where(runs.c.id == run_id).scalar_subquery(),
    )
    people = with_suppressions(subscribers, subscribers.c.address_key)
    statement = (
        select(func.count())
        .select_from(people.outerjoin(deliveries, in_run))
        .where(
            subscribers.c.state == SubscriberState.CONFIRMED,
            suppressed_because().is_(None),
            deliveries.c.id.is_(None),
        )
    )
    return connection.execute(statement).scalar_one()
