"""Conditions and people for the tests of segments: few names, and values that fold in odd ways."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st
from sqlalchemy import insert

from newsletter.addresses import parse_addr_spec
from newsletter.store import Database
from newsletter.store.people.rows import new_member, stored_tags
from newsletter.store.sql.schema import subscribers
from newsletter.subscribers import Segment, SubscriberState, folded
from newsletter.subscribers.segment import (
    Condition,
    HasTag,
    HasValue,
    JoinedFrom,
    JoinedOn,
    all_of,
    any_of,
    negated,
)

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)

TAGS = ("uk", "u", "press", "größe", "a_b", "a-b", "名前")
NAMES = ("city", "größe", "job_title", "名前", "in", "𐐨")
WORDS = ("Leeds", "LEEDS", "leeds ", "straße", "STRASSE", "ſ", "İ", "ΑΣ", "ας", "e\u0301", "é", "É")
SIGNS = ("", " ", "%", "_", "\\", '"', "'", "\n", "a, b", "null", "1")

_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
VALUES = st.sampled_from(WORDS + SIGNS) | st.text(_CHARACTERS, max_size=4)

_DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 4))


def _has_value(name: str, values: list[str]) -> Condition:
    return HasValue(name, tuple(sorted(set(map(folded, values)))))


def _printable(condition: Condition) -> bool:
    return all(one.isprintable() for one in str(condition))


_PLAIN: st.SearchStrategy[Condition] = st.one_of(
    st.builds(HasTag, st.sampled_from(TAGS).map(folded)),
    st.builds(
        _has_value, st.sampled_from(NAMES).map(folded), st.lists(VALUES, min_size=1, max_size=3)
    ).filter(_printable),
    st.builds(JoinedFrom, _DAYS),
    st.builds(JoinedOn, _DAYS),
)


def _grown(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    some = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(inner.map(negated), some.map(all_of), some.map(any_of))


SEGMENTS: st.SearchStrategy[Segment] = st.recursive(_PLAIN, _grown, max_leaves=6).map(Segment)

PEOPLE = st.lists(
    st.tuples(
        st.lists(st.sampled_from(TAGS).map(folded), max_size=3),
        st.dictionaries(st.sampled_from(NAMES).map(folded), VALUES, max_size=3),
        st.timedeltas(timedelta(hours=-26), timedelta(days=4)).map(MIDNIGHT.__add__),
    ),
    min_size=1,
    max_size=6,
)


def put(
    database: Database,
    address: str,
    tags: tuple[str, ...] | list[str] = (),
    joined: datetime = NOON,
    state: SubscriberState = SubscriberState.CONFIRMED,
    **attributes: str,
) -> None:
    """Somebody on the list, whatever is known of them."""
    with database.subscribers._connections.writing() as connection:
        member = new_member(connection, parse_addr_spec(address), "Ada", state, joined)
        known = {"tags": stored_tags(tags), "attributes": attributes}
        connection.execute(insert(subscribers).values({**member, **known}))
