"""A segment as a condition in SQL, over rows of `subscribers`; every value of it is bound.

No database folds case as Unicode does, and the two do not even agree. So the values of an attribute
that the list has are folded here, once each, and the statement compares with those spellings that
mean the same: it answers as `Segment.holds` does, on both databases.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches

from sqlalchemy import ColumnElement, Connection, and_, func, literal, not_, or_, select, true

from newsletter.store.sql.connections import own
from newsletter.store.sql.schema import subscribers
from newsletter.subscribers import (
    AllOf,
    AnyOf,
    Condition,
    HasTag,
    HasValue,
    JoinedFrom,
    JoinedOn,
    Not,
    Segment,
    folded,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stranger:
    """A tag or an attribute of a segment that nobody on the list has; `near` is one like it.

    `kind` is "tag" or "attribute".
    """

    kind: str
    name: str
    near: str = ""


def is_in(connection: Connection, segment: Segment | None) -> ColumnElement[bool]:
    """That a member is in the segment, by the spellings that the list has at this moment."""
    return true() if segment is None else _condition(connection, segment.condition)


def strangers(connection: Connection, segment: Segment) -> Sequence[Stranger]:
    """What it names and nobody has: most likely a slip of the pen."""
    tags = [tag for tag in segment.tags if not _has_any(connection, _has_tag(tag))]
    names = [name for name in segment.attributes if not _has_any(connection, _value(name) != "")]
    known_tags = _known_tags(connection) if tags else set()
    known_names = _known_names(connection) if names else set()
    return [
        *(_stranger("tag", tag, known_tags) for tag in tags),
        *(_stranger("attribute", name, known_names) for name in names),
    ]


def _condition(connection: Connection, condition: Condition) -> ColumnElement[bool]:
    match condition:
        case HasTag(tag):
            return _has_tag(tag)
        case HasValue(name, values):
            spellings = sorted({*_spellings(connection, name, values), *_unset(values)})
            return _value(name).in_(spellings)
        case JoinedFrom(day):
            return subscribers.c.created_at >= _begin(day)
        case JoinedOn(day):
            joined = subscribers.c.created_at
            return and_(joined >= _begin(day), joined < _begin(day) + _DAY)
        case Not(one):
            return not_(_condition(connection, one))
        case AllOf(of):
            return and_(*(_condition(connection, each) for each in of))
        case AnyOf(of):
            return or_(*(_condition(connection, each) for each in of))


def _has_tag(tag: str) -> ColumnElement[bool]:
    return subscribers.c.tags.contains(f"\n{tag}\n", autoescape=True)


def _value(name: str) -> ColumnElement[str]:
    r"""An attribute's value, "" for who has none.

    SQLite looks for a name as it is written in the JSON, where a writer may have "gr\u00f6\u00dfe".
    """
    names = dict.fromkeys((name, json.dumps(name)[1:-1]))
    found = (subscribers.c.attributes[each].as_string() for each in names)
    return func.coalesce(*found, literal(""))


def _spellings(connection: Connection, name: str, values: tuple[str, ...]) -> Iterator[str]:
    """The values that somebody has and that are one of these when folded."""
    wanted = select(_value(name)).where(own(connection, subscribers)).distinct()
    for spelling in connection.execute(wanted).scalars():
        if folded(spelling) in values:
            yield spelling


def _unset(values: tuple[str, ...]) -> tuple[str, ...]:
    return ("",) if "" in values else ()


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _has_any(connection: Connection, condition: ColumnElement[bool]) -> bool:
    wanted = select(subscribers.c.id).where(own(connection, subscribers), condition).limit(1)
    return connection.execute(wanted).first() is not None


def _known_tags(connection: Connection) -> set[str]:
    wanted = select(subscribers.c.tags).where(own(connection, subscribers)).distinct()
    return {tag for tags in connection.execute(wanted).scalars() for tag in tags.split()}


def _known_names(connection: Connection) -> set[str]:
    names = func.json_each if connection.dialect.name == "sqlite" else func.jsonb_each_text
    each = names(subscribers.c.attributes).table_valued("key", name="each")
    people = subscribers.join(each, true())
    wanted = select(each.c.key).select_from(people).where(own(connection, subscribers)).distinct()
    return {_unescaped(name) for name in connection.execute(wanted).scalars()}


def _unescaped(name: str) -> str:
    found: str = json.loads(f'"{name}"') if "\\" in name else name
    return found


def _stranger(kind: str, name: str, known: set[str]) -> Stranger:
    near = get_close_matches(name, sorted(known), n=1)
    return Stranger(kind=kind, name=name, near=near[0] if near else "")
