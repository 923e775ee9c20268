"""Who may be sent to: the conditions that stand between a person and a message, in SQL.

Asked when an audience is frozen, again when a delivery is claimed, and once more before its content
goes out. A pause is looked at when the audience is frozen, and not after.
"""

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    and_,
    case,
    exists,
    func,
    literal,
    literal_column,
    not_,
    null,
    select,
)

from newsletter.store.sql.schema import deliveries, subscribers, suppressions
from newsletter.subscribers import SubscriberState

PAUSED = "paused"
"""Why nothing is sent to somebody who wants none for some weeks."""

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


def left_out_because(now: datetime) -> ColumnElement[str | None]:
    """The same when an audience is frozen, which is when a pause counts."""
    pauses = subscribers.c.paused_until > now
    return case((pauses, func.coalesce(suppressed_because(), PAUSED)), else_=suppressed_because())


def delivery_suppressed_because() -> ColumnElement[str | None]:
    """For a row of `deliveries` joined to both, whose member may have gone for good."""
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
