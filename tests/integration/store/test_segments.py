"""Segments over both databases: the statement answers as the condition itself does."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import delete, update

from newsletter.books import DeliveryState, NewRun
from newsletter.errors import RunConflictError, StoreError
from newsletter.store import Database
from newsletter.store.sql.connections import own
from newsletter.store.sql.schema import deliveries, subscribers
from newsletter.subscribers import Segment, Subscriber, SubscriberState, folded, parse_segment
from newsletter.subscribers.segment import HasValue
from tests.segments import NOON, PEOPLE, SEGMENTS, put

_CONFIRMED = SubscriberState.CONFIRMED
_LEFT, _PENDING = SubscriberState.UNSUBSCRIBED, SubscriberState.PENDING


def names(database: Database, text: str) -> list[str]:
    segment = parse_segment(text)
    return [member.address.local_part for member in database.subscribers.members(segment)]


def empty(database: Database) -> None:
    with database.subscribers._connections.writing() as connection:
        connection.execute(delete(subscribers).where(own(connection, subscribers)))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(PEOPLE, SEGMENTS)
def test_statement_and_condition_agree_on_everybody(
    database: Database,
    people: list[tuple[list[str], dict[str, str], datetime]],
    segment: Segment,
) -> None:
    empty(database)
    for number, (tags, attributes, joined) in enumerate(people):
        put(database, f"p{number}@example.com", tags, joined, _CONFIRMED, **attributes)
    everybody = list(database.subscribers.members())

    assert len(people) == len(everybody)
    for each in [segment, *of_their_values(everybody)]:
        assert [one.id for one in everybody if each.holds(one)] == [
            one.id for one in database.subscribers.members(each)
        ]


def of_their_values(people: list[Subscriber]) -> list[Segment]:
    """Conditions that somebody meets by a value that is spelt otherwise."""
    values = {item for one in people for item in one.attributes.items()}
    return [
        Segment(HasValue(name, (folded(said(value)),)))
        for name, value in sorted(values)
        for said in (str.upper, str.lower)
    ]


@pytest.mark.parametrize("escapes", [False, True])
def test_name_is_found_however_its_json_is_written(database: Database, escapes: bool) -> None:
    """A writer of our own JSON may escape what is beyond ASCII, or not."""
    put(database, "ada@example.com")
    label = "gr\\u00fcn" if escapes else "grün"
    with database.subscribers._connections.writing() as connection:
        is_json = "::jsonb" if connection.dialect.name == "postgresql" else ""
        written = f"""UPDATE subscribers SET attributes = '{{"{label}": "Groß"}}'{is_json}"""
        connection.exec_driver_sql(f"{written} WHERE address_key = 'ada@example.com'")

    assert ["ada"] == names(database, 'grün = "GROSS"')
    assert [] == list(database.subscribers.strangers(parse_segment("has grün")))


def test_audience_is_of_the_segment(database: Database, now: datetime) -> None:
    put(database, "ada@example.com", ["uk"], city="Leeds")
    put(database, "bob@example.com", ["uk"], city="Bath")
    put(database, "eve@example.com", ["uk"], state=_LEFT, city="LEEDS")
    put(database, "fay@example.com", ["uk"], state=_PENDING, city="Leeds")
    put(database, "gus@example.com", city="Leeds")
    segment = parse_segment('tag:uk and city = "leeds"')

    assert [("ada", None), ("eve", "unsubscribed")] == [
        (each.address.local_part, each.suppressed_because)
        for each in database.subscribers.audience(now, segment)
    ]
    counts = database.subscribers.audience_counts(now, segment)
    assert (1, {"unsubscribed": 1}) == (counts.owed, counts.suppressed)
    assert 3 == database.subscribers.audience_counts(now).owed


def test_members_are_those_of_a_segment_and_a_state(database: Database) -> None:
    put(database, "ada@example.com", ["uk"])
    put(database, "bob@example.com", ["uk"], state=_LEFT)
    put(database, "eve@example.com")
    segment = parse_segment("tag:uk")

    assert [1, 2, 1] == [
        sum(1 for _ in database.subscribers.members(segment, _LEFT)),
        sum(1 for _ in database.subscribers.members(segment)),
        sum(1 for _ in database.subscribers.members(state=_LEFT)),
    ]


def test_strangers_are_named_with_what_is_like_them(database: Database) -> None:
    put(database, "ada@example.com", ["press", "uk"], company="Acme", city="Leeds")
    segment = parse_segment('tag:pres and tag:uk and compny = "x" and has city and has zzz')

    assert [
        ("tag", "pres", "press"),
        ("attribute", "compny", "company"),
        ("attribute", "zzz", ""),
    ] == [(each.kind, each.name, each.near) for each in database.subscribers.strangers(segment)]


def run_to(database: Database, text: str, *, extend: bool = False, digest: str = "d") -> int:
    """Opens the run of the issue, and returns how many are in it."""
    segment = parse_segment(text) if text else None
    wanted = NewRun(
        issue="i", digest=digest, subject="s", message_date=NOON, segment=str(segment or "")
    )
    audience = database.subscribers.audience(NOON, segment, ("city",))
    return database.runs.open(wanted, audience, NOON, by="ada", extend=extend).frozen


def test_newcomers_of_a_run_are_those_of_its_segment(database: Database) -> None:
    put(database, "ada@example.com", ["uk"])
    assert 1 == run_to(database, "tag:uk")
    put(database, "bob@example.com", ["uk"])
    put(database, "eve@example.com", ["fr"])
    run = database.runs.find("i")
    assert run is not None

    assert ("tag:uk", 1) == (run.segment, database.audiences.newcomers(run.id, NOON))
    assert 2 == run_to(database, "tag:uk", extend=True)


def test_run_of_one_segment_is_never_opened_for_another(database: Database) -> None:
    put(database, "ada@example.com", ["uk"])
    run_to(database, "tag:uk")

    with pytest.raises(RunConflictError) as caught:
        run_to(database, "tag:fr", digest="e")
    assert "i: its run goes to the segment tag:uk, and cannot go to the segment tag:fr" in str(
        caught.value
    )
    with pytest.raises(RunConflictError, match="cannot go to everybody"):
        run_to(database, "", digest="e")


def test_run_to_nobody_names_the_segment(database: Database) -> None:
    put(database, "ada@example.com")

    with pytest.raises(StoreError, match="nobody on the list is in the segment tag:uk"):
        run_to(database, "tag:uk")
    assert database.runs.find("i") is None


def test_audience_freezes_the_fields_that_issues_merge(database: Database) -> None:
    """And a correction finds them as they were sent, whatever the list says since."""
    put(database, "ada@example.com", city="Leeds", company="Acme")
    put(database, "bob@example.com", state=_LEFT)
    run_to(database, "")
    run = database.runs.find("i")
    assert run is not None

    [(_, fields)] = database.audiences.first_due(run.id, 9)
    assert {"first_name": "Ada", "city": "Leeds"} == fields

    empty(database)
    put(database, "ada@example.com", city="Bath")
    with database.subscribers._connections.writing() as connection:
        connection.execute(update(deliveries).values(state=DeliveryState.ACCEPTED))
    first = next(database.audiences.accepted("i"))
    assert ({"city": "Leeds"}, "Ada") == (first.attributes, first.first_name)
