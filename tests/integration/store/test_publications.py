"""Two publications in one database: each has its own, and none is taken for another."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import UniqueConstraint, select

from newsletter.books import DeliveryState, NewRun, PublicationKey
from newsletter.errors import StoreError
from newsletter.store import Database, open_database, publications_in
from newsletter.store.sql.columns import metadata
from newsletter.store.sql.schema import COPIED, publications
from tests.people import bring

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def given(key: str, name: str = "") -> PublicationKey:
    return PublicationKey(key=key, name=name or key.title(), is_given=True)


def by_name(name: str) -> PublicationKey:
    return PublicationKey(key=name.lower().replace(" ", "-"), name=name, is_given=False)


def join(database: Database, *names: str) -> None:
    text = "email\n" + "".join(f"{name}@example.com\n" for name in names)
    bring(database, text, NOW)


def members(database: Database) -> list[str]:
    return [member.address.local_part for member in database.subscribers.audience(NOW)]


def known_in(database: Database) -> list[tuple[str, str, str]]:
    with database._connections.reading() as connection:
        rows = connection.execute(select(publications).order_by(publications.c.id))
        return [(row.key, row.name, row.salt) for row in rows]


def test_every_row_says_whose_it_is_or_is_reached_by_a_run() -> None:
    """A table that is forgotten here is shared by strangers."""
    ways = {"publication_id", "run_id", "delivery_id"}
    for table in set(COPIED) - {publications}:
        assert ways & {column.name for column in table.columns}, table.name
        keys = [set(table.primary_key.columns.keys()) - {"id"}]
        keys += [
            set(each.columns.keys())
            for each in table.constraints
            if isinstance(each, UniqueConstraint)
        ]
        keys += [set(index.columns.keys()) for index in table.indexes if index.unique]
        assert [] == [key for key in keys if key and not key & ways], table.name


def test_two_publications_have_lists_runs_and_logs_of_their_own(database_url: str) -> None:
    with open_database(database_url, given("a")) as a, open_database(database_url, given("b")) as b:
        for one, people in ((a, ("ada", "bob")), (b, ("ada", "eve"))):
            join(one, *people)
        a.suppressions.add("ada@example.com", "asked", NOW)
        new = NewRun(issue="1", digest="d", subject="One", message_date=NOW)
        runs = {
            one.publication.key: one.runs.open(new, one.subscribers.audience(NOW), NOW, by="x")
            for one in (a, b)
        }
        claimed = {
            one.publication.key: sorted(
                each.recipient.local_part
                for each in one.journal.claim(runs[one.publication.key].id, "me", NOW, HOUR, 9)
            )
            for one in (a, b)
        }
        b.membership.leave("eve@example.com", NOW)
        counts = [one.runs.balance(runs[one.publication.key].id).counts for one in (a, b)]

        assert {"a": ["bob"], "b": ["ada", "eve"]} == claimed
        assert ["ada", "bob"] == members(a)
        assert [{"asked": 1}, {"unsubscribed": 1}] == [
            dict(one.subscribers.audience_counts(NOW).suppressed) for one in (a, b)
        ]
        assert [
            {DeliveryState.CLAIMED: 1, DeliveryState.SUPPRESSED: 1},
            {DeliveryState.CLAIMED: 2},
        ] == counts
        assert [["1"], ["1"]] == [[run.issue for run in one.runs.all()] for one in (a, b)]
        assert [[1, 2, 3], [1, 2]] == [
            [entry.id for entry in one.audit.entries()] for one in (a, b)
        ]
        assert [None, None] == [one.audit.verify() for one in (a, b)]
        assert runs["a"].id != runs["b"].id
        assert ["b"] == [each.key for each in a.neighbours()]


def test_what_is_claimed_and_begun_asks_the_own_list_alone(database_url: str) -> None:
    """The neighbour suppresses everybody between claim and content."""
    with open_database(database_url, given("a")) as a, open_database(database_url, given("b")) as b:
        for one in (a, b):
            join(one, "ada", "bob")
        new = NewRun(issue="1", digest="d", subject="One", message_date=NOW)
        run = a.runs.open(new, a.subscribers.audience(NOW), NOW, by="x")
        claims = a.journal.claim(run.id, "me", NOW, HOUR, 1)
        b.suppressions.add("ada@example.com", "theirs", NOW)
        b.suppressions.add("bob@example.com", "theirs", NOW)
        claims += a.journal.claim(run.id, "me", NOW, HOUR, 9)
        b.membership.leave("ada@example.com", NOW)
        done = a.journal.turn([], claims, NOW)

        assert 2 == len(claims)
        assert ((), ()) == (tuple(done.refused), tuple(done.suppressed))
        a.suppressions.add("ada@example.com", "ours", NOW)
        assert {"ours": 1} == a.subscribers.audience_counts(NOW).suppressed


def test_first_to_open_it_gets_what_was_there(database_url: str) -> None:
    with open_database(database_url) as unnamed:
        join(unnamed, "ada")
    with open_database(database_url, by_name("The Friday Five")) as five:
        assert ["ada"] == members(five)
        assert [("the-friday-five", "The Friday Five", "")] == known_in(five)
    with open_database(database_url, given("other")) as other:
        assert ([], "other") == (members(other), other.publication.salt)
        join(other, "eve")
        assert ("other", "Other", "other") == known_in(other)[1]


def test_new_publication_writes_nothing_by_looking(database_url: str) -> None:
    with open_database(database_url, given("a")) as a:
        join(a, "ada")
    with open_database(database_url, given("b")) as b:
        assert ([], [], None) == (members(b), b.runs.all(), b.audit.last())
        assert ["a"] == [key for key, _, _ in known_in(b)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Weekly", 'key = "weekly" if it is another one'),
        ("The Friday-Five", 'key = "the-friday-five-2" if it is another one'),
    ],
)
def test_name_alone_begins_nothing_beside_others(database_url: str, name: str, said: str) -> None:
    """A publication that was renamed would find its list empty, and send to everybody again."""
    with open_database(database_url, by_name("The Friday Five")) as five:
        join(five, "ada")
    wanted = PublicationKey(
        key="the-friday-five" if "Five" in name else "weekly", name=name, is_given=False
    )

    with pytest.raises(StoreError, match="the database is that of “The Friday Five”") as raised:
        open_database(database_url, wanted)

    assert 'write key = "the-friday-five" under [publication] if it was renamed' in (
        raised.value.next_step
    )
    assert said in raised.value.next_step


def test_key_outlives_the_name(database_url: str) -> None:
    with open_database(database_url, by_name("The Friday Five")) as five:
        join(five, "ada")
    with open_database(database_url, given("the-friday-five", "The Weekly")) as weekly:
        assert (["ada"], "") == (members(weekly), weekly.publication.salt)
        join(weekly, "bob")
        assert [("the-friday-five", "The Weekly", "")] == known_in(weekly)


def test_database_of_several_is_opened_for_one_of_them(database_url: str) -> None:
    for key in ("a", "b"):
        with open_database(database_url, given(key)) as one:
            join(one, "ada")

    with pytest.raises(StoreError, match="more than one publication: a, b"):
        open_database(database_url)
    assert ["a", "b"] == [each.key for each in publications_in(database_url)]


def test_many_that_begin_at_once_are_one(database_url: str) -> None:
    """Two publications, each begun by several processes at the same moment."""
    open_database(database_url).close()
    faults: list[Exception] = []

    def write(key: str, number: int) -> None:
        try:
            with open_database(database_url, given(key)) as one:
                join(one, f"{key}{number}")
        except Exception as error:  # noqa: BLE001 - shown by the test
            faults.append(error)

    threads = [
        threading.Thread(target=write, args=(key, number)) for number in range(4) for key in "ab"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == faults
    for key in "ab":
        with open_database(database_url, given(key)) as one:
            assert [f"{key}{number}" for number in range(4)] == sorted(members(one))
            assert 2 == len(known_in(one))


def test_copy_has_one_publication_and_all_of_it(database: Database, tmp_path: Path) -> None:
    """`database` has a neighbour with runs, attempts, slots, approvals and a log."""
    join(database, "ada", "bob")
    new = NewRun(issue="1", digest="d", subject="One", message_date=NOW)
    run = database.runs.open(new, database.subscribers.audience(NOW), NOW, by="x")
    database.journal.claim(run.id, "me", NOW, HOUR, 1)

    database.copy_to(tmp_path / "copy")

    with open_database(f"sqlite:///{tmp_path / 'copy'}") as copy:
        assert ("ours", []) == (copy.publication.key, copy.neighbours())
        assert ["ada", "bob"] == members(copy)
        assert [run] == copy.runs.all()
        assert database.runs.balance(run.id) == copy.runs.balance(run.id)
        assert list(database.audit.entries()) == list(copy.audit.entries())
        with copy._connections.reading() as connection:
            for name in ("attempts", "approvals", "heartbeats", "notices", "suppressions"):
                assert [] == connection.execute(select(metadata.tables[name])).all(), name
