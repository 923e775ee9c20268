"""What becomes of each person who was put down: the verdicts, worked out by the database.

Nothing is written to the list here. Of two records with one address the weightier counts, which is
the one that says somebody is gone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql

from newsletter.store.people.rows import stored_tags, tags_of
from newsletter.store.people.staging import hash_of, judged, mended, people
from newsletter.store.people.suppressions import has_hashes
from newsletter.store.sql.connections import own
from newsletter.store.sql.schema import subscribers, suppressions
from newsletter.store.sql.statements import execute_rows
from newsletter.store.sql.values import CHUNK, Stored, stored_attributes
from newsletter.subscribers import WEIGHT, Standing, SubscriberState, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Replaces:
    """Whether the file's tags and attributes take the place of the list's, or come on top."""

    tags: bool = False
    attributes: bool = False


def judge(connection: Connection, replaces: Replaces) -> None:
    """Fill in the verdicts, and what the changed will be."""
    with connection.begin():
        connection.execute(_INDEX)
        if connection.dialect.name != "sqlite":
            connection.execute(text("ANALYZE incoming_people"))
        found = _verdicts(connection)
        names = ["n", "member", "verdict", "is_silent"]
        connection.execute(insert(judged).from_select(names, found))
    _mend(connection, replaces)


_INDEX = text("CREATE INDEX incoming_keys ON incoming_people (address_key, weight, n)")


def _verdicts(connection: Connection) -> Select[Any]:
    other = people.alias("other")
    is_first = ~exists().where(
        other.c.address_key == people.c.address_key,
        tuple_(other.c.weight, other.c.n) < tuple_(people.c.weight, people.c.n),
    )
    mine = and_(own(connection, subscribers), subscribers.c.address_key == people.c.address_key)
    stop = and_(own(connection, suppressions), suppressions.c.address_key == people.c.address_key)
    joined = people.outerjoin(subscribers, mine).outerjoin(suppressions, stop)
    is_stopped: ColumnElement[bool] = suppressions.c.address_key.is_not(None)
    if has_hashes(connection):
        by_hash = suppressions.alias("by_hash")
        hash_ = hash_of(connection, people.c.address_key)
        joined = joined.outerjoin(
            by_hash, and_(own(connection, by_hash), by_hash.c.address_key == hash_)
        )
        is_stopped = or_(is_stopped, by_hash.c.address_key.is_not(None))
    return (
        select(
            people.c.n,
            subscribers.c.id,
            _verdict(is_stopped),
            case((people.c.consent_source == "", 1), else_=0),
        )
        .select_from(joined)
        .where(is_first)
        .order_by(people.c.address_key)
    )


def _verdict(is_stopped: ColumnElement[bool]) -> ColumnElement[str]:
    """From the person's standing in the file and their state here."""
    says = {standing: people.c.weight == weight for standing, weight in WEIGHT.items()}
    state = subscribers.c.state
    is_stranger = subscribers.c.id.is_(None)
    # Their own yes counts, not the day on which another file brought them onto the list.
    joined_since = and_(
        people.c.gone_at.is_not(None),
        func.coalesce(subscribers.c.consent_at, 0) > people.c.gone_at,
    )
    return case(
        (is_stopped, _word(Verdict.KEPT_SUPPRESSED)),
        (people.c.weight <= WEIGHT[Standing.BY_HAND], _word(Verdict.STOPPED)),
        (and_(says[Standing.UNSUBSCRIBED], is_stranger), _word(Verdict.GONE)),
        (
            and_(
                says[Standing.UNSUBSCRIBED],
                state != SubscriberState.UNSUBSCRIBED,
                not_(joined_since),
            ),
            _word(Verdict.LEAVES),
        ),
        (says[Standing.UNSUBSCRIBED], _word(Verdict.UNCHANGED)),
        (says[Standing.UNCONFIRMED], _word(Verdict.KEPT_UNCONFIRMED)),
        (and_(says[Standing.PENDING], is_stranger), _word(Verdict.PENDING)),
        (says[Standing.PENDING], _word(Verdict.UNCHANGED)),
        (is_stranger, _word(Verdict.NEW)),
        (state == SubscriberState.UNSUBSCRIBED, _word(Verdict.KEPT_UNSUBSCRIBED)),
        (state == SubscriberState.PENDING, _word(Verdict.KEPT_PENDING)),
        else_=_word(Verdict.UNCHANGED),
    )


def _word(verdict: Verdict) -> ColumnElement[str]:
    return literal(verdict.value)


def _mend(connection: Connection, replaces: Replaces) -> None:
    """Whose name, tags or attributes the file gives differently, and what they will be."""
    after = 0
    while True:
        with connection.begin():
            rows = connection.execute(_different(connection, after, replaces)).all()
            if not rows:
                connection.execute(_CHANGED)
                return
            after = rows[-1].place
            changes = [change for row in rows if (change := _change(row, replaces))]
            execute_rows(connection, insert(mended), changes)


def _change(row: Row[Any], replaces: Replaces) -> Mapping[str, Stored] | None:
    name = row.given_name or row.first_name
    given, known = json.loads(row.given_attributes), row.attributes
    attributes = given if replaces.attributes else {**known, **given}
    tags = row.given_tags
    if not replaces.tags:
        tags = stored_tags([*tags_of(row.tags), *tags_of(tags)])
    if (name, tags, attributes) == (row.first_name, row.tags, known):
        return None
    return {
        "member": row.id,
        "first_name": name,
        "tags": tags,
        "attributes": stored_attributes(attributes),
    }


_CHANGED = (
    update(judged)
    .where(judged.c.member.in_(select(mended.c.member)))
    .values(verdict=Verdict.CHANGED.value)
)


def _different(connection: Connection, after: int, replaces: Replaces) -> Select[Any]:
    return (
        select(
            judged.c.place,
            subscribers.c.id,
            subscribers.c.first_name,
            subscribers.c.tags,
            subscribers.c.attributes,
            people.c.first_name.label("given_name"),
            people.c.tags.label("given_tags"),
            people.c.attributes.label("given_attributes"),
        )
        .select_from(judged)
        .join(people, people.c.n == judged.c.n)
        .join(subscribers, subscribers.c.id == judged.c.member)
        .where(
            judged.c.place > after,
            judged.c.verdict == Verdict.UNCHANGED.value,
            subscribers.c.state == SubscriberState.CONFIRMED,
            people.c.weight == WEIGHT[Standing.CONFIRMED],
            _differs(connection, replaces),
        )
        .order_by(judged.c.place)
        .limit(CHUNK)
    )


def _differs(connection: Connection, replaces: Replaces) -> ColumnElement[bool]:
    """What may be a change: whether it is one, `_change` says."""
    known, given = subscribers.c.attributes, people.c.attributes
    if connection.dialect.name == "sqlite":
        attributes: ColumnElement[bool] = given != cast(known, Text)
    else:
        attributes = cast(given, postgresql.JSONB()) != known
    tags = people.c.tags != subscribers.c.tags
    name = people.c.first_name != subscribers.c.first_name
    return or_(
        and_(name, people.c.first_name != ""),
        tags if replaces.tags else and_(tags, people.c.tags != ""),
        attributes if replaces.attributes else and_(attributes, given != "{}"),
    )
