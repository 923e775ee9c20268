"""The list on its way out and back, over both databases."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newsletter.books import AuditAction
from newsletter.store import Database, Origin
from newsletter.subscribers import (
    SuppressionKind,
    hashed,
    list_json,
    open_list,
    open_subscribers,
    open_suppressions,
    parse_segment,
    people_csv,
    suppressions_csv,
)
from tests.new_database import open_new
from tests.people import bring


@pytest.fixture
def full(database: Database, now: datetime) -> Database:
    """Somebody in every state, and suppressed in every way."""
    bring(
        database,
        "email,first_name,tags,city,notes,consent,created_at,status\n"
        'ada@example.com,=Ada,"uk,press",Leeds,"+1, \'quoted\' ""x""",fair,2020-01-02,\n'
        "=cmd@example.com,,,,,form,,\n"
        "bob@example.com,Bob,,,,form,,\nleft@example.com,,,,,,,unsubscribed\n"
        "bounced@example.com,,,,,,,bounced\nzoë@example.com,Zoë,früh,Malmö,,form,,\n",
        now,
    )
    later = now + timedelta(hours=1)
    database.suppressions.add("bob@example.com", "-asked by telephone", later)
    database.suppressions.add(
        hashed("erased@example.com"), "erased", later, kind=SuppressionKind.ERASED
    )
    database.membership.leave("stranger@example.com", later)
    return database


def exported(database: Database) -> tuple[bytes, bytes, bytes]:
    people = list(database.exports.people())
    stops = list(database.suppressions.all())
    return (
        b"".join(people_csv(people)),
        b"".join(suppressions_csv(stops)),
        b"".join(list_json(people, stops)),
    )


def test_export_comes_back_by_csv_as_it_went(full: Database, tmp_path: Path, now: datetime) -> None:
    (tmp_path / "people.csv").write_bytes(exported(full)[0])
    (tmp_path / "stops.csv").write_bytes(exported(full)[1])
    at = now + timedelta(days=1)

    with open_new(tmp_path / "fresh.db") as fresh:
        with (
            open_subscribers(tmp_path / "people.csv") as file,
            fresh.imports.compared(file.rows(), Origin(name="people.csv", now=at)) as compared,
        ):
            compared.apply(AuditAction.IMPORTED, "a test")
        with (
            open_suppressions(tmp_path / "stops.csv", at) as stops,
            fresh.imports.compared(stops.rows(), Origin(name="stops.csv", now=at)) as compared,
        ):
            compared.apply(AuditAction.IMPORTED, "a test")

        assert exported(full) == exported(fresh)


def test_export_comes_back_by_json_as_it_went(
    full: Database, tmp_path: Path, now: datetime
) -> None:
    (tmp_path / "list.json").write_bytes(exported(full)[2])
    at = now + timedelta(days=1)

    with open_new(tmp_path / "fresh.db") as fresh:
        with (
            open_list(tmp_path / "list.json") as file,
            fresh.imports.compared(file.rows(), Origin(name="list.json", now=at)) as compared,
        ):
            compared.apply(AuditAction.IMPORTED, "a test")

        assert exported(full) == exported(fresh)


def test_export_changes_nothing_where_it_came_from(
    full: Database, tmp_path: Path, now: datetime
) -> None:
    before = exported(full)
    (tmp_path / "list.json").write_bytes(before[2])

    with (
        open_list(tmp_path / "list.json") as file,
        full.imports.compared(file.rows(), Origin(name="list.json", now=now)) as compared,
    ):
        compared.apply(AuditAction.IMPORTED, "a test")

    assert not compared.plan.changes_something
    assert before == exported(full)


def test_export_can_be_of_a_segment_alone(full: Database) -> None:
    some = full.exports.people(parse_segment("tag:uk"))

    assert ["ada@example.com"] == [str(each.subscriber.address) for each in some]


def test_import_of_a_hash_suppresses_whoever_has_it(
    full: Database, tmp_path: Path, now: datetime
) -> None:
    (tmp_path / "hashes.csv").write_text(f"{hashed('ada@example.com')}\n")
    with (
        open_suppressions(tmp_path / "hashes.csv", now) as stops,
        full.imports.compared(stops.rows(), Origin(name="hashes.csv", now=now)) as compared,
    ):
        compared.apply(AuditAction.IMPORTED, "a test")

    because = {each.key: each.suppressed_because for each in full.subscribers.audience(now)}
    assert "in hashes.csv" == because["ada@example.com"]
