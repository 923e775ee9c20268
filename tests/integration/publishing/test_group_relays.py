"""Groups of domains with a relay of their own: real servers, a real journal."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsletter.books import DeliveryState, Manner, Part, Run, RunState, WarmUp
from newsletter.clock import now
from newsletter.errors import SettingsError, TransportURLError
from newsletter.publishing.forecasting import forecast
from newsletter.publishing.handing_out import is_waiting
from newsletter.publishing.publication import Books
from newsletter.publishing.resting import group_relays, rest_of, rooms_left
from newsletter.settings import Secret
from newsletter.settings.domains import DomainGroup
from newsletter.settings.environment import Access
from newsletter.store import Database, open_database
from newsletter.transports import open_transport, routed
from tests.integration.publishing.conftest import publication_of
from tests.integration.publishing.test_pacing import begun, settings_with
from tests.integration.publishing.test_several_relays import Relay, carried, listening
from tests.integration.publishing.test_side_by_side import Hearing, books_over, people, sent_by

GMAIL = DomainGroup(name="gmail", domains=("gmail.com",), relay="b")
GMX = DomainGroup(name="gmx", domains=("gmx.net",))
SETTINGS = settings_with(GMAIL, GMX)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(f"sqlite:///{tmp_path / 'news.db'}") as opened:
        yield opened


def books_over_both(
    own: Relay, other: Relay, database: Database, options: str = "", **limits: object
) -> Books:
    """Everybody over one relay, and gmail over the other."""
    books = books_over(own.url(), database, SETTINGS, pause=600, **limits)

    def opened() -> object:
        other_one = open_transport(other.url(options), clock=now)
        return routed(open_transport(own.url(), clock=now), {"gmail": other_one})

    publication = replace(books.publication, open_transport=opened)  # type: ignore[arg-type]
    return replace(books, publication=publication)


def test_a_group_goes_over_its_own_relay_and_nobody_else_does(database: Database) -> None:
    own, other = Relay(), Relay()
    run = begun(database, people(gmail=30, gmx=20, x=20), SETTINGS)
    with listening(own, other):
        done = sent_by(books_over_both(own, other, database), run)

    assert (None, RunState.COMPLETE) == (done.fault, done.run.state)
    assert sorted(people(gmail=30)) == sorted(other.taken)
    assert sorted(people(gmx=20, x=20)) == sorted(own.taken)
    assert {own.port: 40, other.port: 30} == carried(database, run), "the journal says by which"
    assert max(own.most_at_once, other.most_at_once) <= 2


def test_a_relay_that_dies_stops_its_own_group_alone(database: Database) -> None:
    own, other = Relay(seconds=0.01), Relay(dies_at=5)
    run = begun(database, people(gmail=30, gmx=30, x=30), SETTINGS)
    hearing = Hearing()
    with listening(own, other):
        books = books_over_both(own, other, database)
        done = sent_by(books, run, listener=hearing)

    assert sorted(people(gmx=30, x=30)) == sorted(own.taken)
    assert done.fault is not None
    assert f":{other.port}" in str(done.fault)
    doubts = done.balance[DeliveryState.IN_DOUBT]
    assert doubts <= 2, "one for each connection"
    assert done.balance[DeliveryState.ACCEPTED] == 60 + len(other.taken)
    assert done.balance.unfinished == 30 - len(other.taken) - doubts
    assert not done.balance[DeliveryState.REFUSED]
    assert Manner.WITHOUT not in hearing.manners, "nobody else carries what is its own"


@pytest.mark.parametrize("says", ["554 5.7.1 you are blocked", "451 4.7.1 try again later"])
@pytest.mark.parametrize("is_theirs", [True, False])
def test_a_relay_that_refuses_everybody_marks_nobody_and_the_others_have_theirs(
    database: Database, says: str, *, is_theirs: bool
) -> None:
    own, other = (Relay(), Relay(says=says)) if is_theirs else (Relay(says=says), Relay())
    others = [f"r{number}@d{number}.org" for number in range(40)]
    run = begun(database, [*people(gmail=40), *others], SETTINGS)
    with listening(own, other):
        done = sent_by(books_over_both(own, other, database), run)

    assert {DeliveryState.ACCEPTED: 40, DeliveryState.PLANNED: 40} == done.balance.counts
    assert sorted(others if is_theirs else people(gmail=40)) == sorted([*own.taken, *other.taken])


@pytest.mark.parametrize("says", ["550 rejected", "554 5.7.1 you are blocked"])
def test_a_receiver_of_two_domains_whose_relay_refuses_everybody_is_not_taken_for_dead(
    database: Database, says: str
) -> None:
    own, other = Relay(), Relay(says=says)
    both = replace(GMAIL, domains=("gmail.com", "googlemail.com"))
    readers = [f"r{n}@{'gmail.com' if n % 2 else 'googlemail.com'}" for n in range(40)]
    run = begun(database, [*readers, *people(x=10)], settings_with(both))
    with listening(own, other):
        books = books_over_both(own, other, database)
        for _ in range(2):
            done = sent_by(books, run)
            database.journal.hasten(run.id, datetime.now(UTC))

    assert {DeliveryState.ACCEPTED: 10, DeliveryState.PLANNED: 40} == done.balance.counts
    assert done.fault is not None
    assert "so it is not theirs" in str(done.fault)


def test_each_relay_keeps_to_its_own_cap_and_the_run_goes_on_when_one_may(
    database: Database,
) -> None:
    own, other = Relay(), Relay()
    run = begun(database, people(gmail=20, gmx=20, x=10), SETTINGS)
    with listening(own, other):
        books = books_over_both(own, other, database, "&per_day=8")
        sent_by(books, run)
        transport = books.publication.open_transport()
        rest = rest_of(run, books, transport)
        waits = [is_waiting(run, books, Part(group=each)) for each in ("gmail", "gmx")]

        assert (30, 8) == (len(own.taken), len(other.taken))
        assert rest is not None
        assert "the limit of 8 a day is reached" in rest.why
        assert [True, False] == waits
        assert [] == rooms_left(books, transport), "the others have no ceiling"
        [each] = group_relays(books, transport)
        assert [f"smtp://127.0.0.1:{other.port}"] == list(each.relays)
        assert [("8 a day", 0)] == [(room.words, room.left) for room in each.rooms]
        assert each.cap is None


def test_while_the_others_may_go_on_the_run_does_not_rest(database: Database) -> None:
    own, other = Relay(), Relay()
    run = begun(database, people(gmail=20), SETTINGS)
    with listening(own, other):
        books = books_over_both(own, other, database, "&per_day=8")
        sent_by(books, run)
        begun(database, people(x=5), SETTINGS, "another")
        another = database.runs.find("another")
        assert another

        assert rest_of(run, books, books.publication.open_transport()) is not None
        assert rest_of(another, books, books.publication.open_transport()) is None


def test_a_shard_goes_over_the_relay_of_its_group_as_workers_take_them(database: Database) -> None:
    own, other = Relay(), Relay()
    run = begun(database, people(gmail=12, gmx=5, x=6), SETTINGS)
    with listening(own, other):
        books = books_over_both(own, other, database)
        for shard in database.runs.unfinished_shards(datetime.now(UTC)):
            assert sent_by(books, run, part=Part(shard_id=shard.id)).fault is None

    assert (11, 12) == (len(own.taken), len(other.taken))
    assert database.runs.finish_if_done(run.id, "ada", datetime.now(UTC))
    assert RunState.COMPLETE is found(database).state


def test_a_shard_whose_relay_is_away_keeps_only_its_group_waiting(database: Database) -> None:
    own, other = Relay(), Relay()
    run = begun(database, people(gmail=12, x=6), SETTINGS)
    with listening(own, other):
        other.die()
        books = books_over_both(own, other, database)
        [shard] = [
            each
            for each in database.runs.unfinished_shards(datetime.now(UTC))
            if each.group == "gmail"
        ]
        done = sent_by(books, run, part=Part(shard_id=shard.id))
        waits = [is_waiting(run, books, Part(group=each)) for each in ("gmail", "")]

    assert done.fault is not None
    assert [True, False] == waits


def test_the_time_table_goes_by_each_relay(database: Database) -> None:
    own, other = Relay(), Relay()
    today = date(2026, 12, 1)
    with listening(own, other):
        books = books_over_both(
            own, other, database, "&rate=2/s", warm_up=WarmUp(since=today, first_day=100, times=2)
        )
        at = datetime(2026, 12, 1, 9, tzinfo=UTC)
        told = forecast(
            {"gmail": 90, "gmx": 60, "": 120}, books, books.publication.open_transport(), at
        )

    ends = {line.crowd.group: line.end for line in told.lines}
    assert {"gmail", "gmx", ""} == ends.keys()
    assert ends["gmail"] == at.replace(second=45), "90 at two a second, within a day of its own"
    assert {"gmail": 90, "gmx": 34, "": 66} == {
        line.crowd.group: line.shares[today] for line in told.lines
    }
    assert [f"smtp://127.0.0.1:{other.port}", "", ""] == sorted(
        (line.crowd.relay for line in told.lines), reverse=True
    )


def test_a_relay_that_is_not_set_is_a_fault_which_names_its_variable() -> None:
    settings = replace(
        SETTINGS, environment=replace(SETTINGS.environment, transport=Secret("recording:"))
    )
    with pytest.raises(SettingsError) as unset:
        publication_of(settings, now).open_transport()
    access = Access(name="NEWSLETTER_RELAY_B", transport=Secret("smtps://ada@b.example"))
    relays = replace(settings.environment, relays={"b": access})
    with pytest.raises(TransportURLError) as locked:
        publication_of(replace(settings, environment=relays), now).open_transport()

    assert "NEWSLETTER_RELAY_B is not set" in unset.value.faults[0]
    assert "NEWSLETTER_RELAY_B_PASSWORD" in str(locked.value)


def found(database: Database) -> Run:
    run = database.runs.find("issue")
    assert run is not None
    return run
