"""Faults in a row, kept in the database, and the patience that all who tick have with them."""

from datetime import UTC, datetime, timedelta

from newsletter.daemon import Patience
from newsletter.errors import RelayFault, StoreError, Trouble
from newsletter.store import Database, open_database
from tests.neighbour import OURS

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
RELAY = "smtp://ada@relay.example.com"
AWAY = RelayFault("nothing listens there", trouble=Trouble.AWAY)
REFUSED = RelayFault("535 5.7.8 no", trouble=Trouble.LOGIN)


def test_faults_are_counted_until_it_goes_well(database: Database) -> None:
    faults = database.faults

    assert None is faults.find("run a")
    assert [1, 2, 3] == [faults.add("run a", NOW).count for _ in range(3)]
    with open_database(database.name, OURS) as other:
        found = other.faults.find("run a")
    assert (3, NOW) == (found and found.count, found and found.last_at)
    assert None is faults.find("run b")
    faults.forget("run a")
    faults.forget("run a")
    assert None is faults.find("run a")


def test_faults_of_names_that_begin_alike_are_kept_apart(database: Database) -> None:
    for subject in ("run a", "run a", "run a_b", "run a%", "run a 7"):
        database.faults.add(subject, NOW)
    database.faults.forget("run a%")

    counts = [database.faults.find(each) for each in ("run a", "run a_b", "run a%", "run a 7")]
    assert [2, 1, None, 1] == [each and each.count for each in counts]


def test_patience_grows_with_each_fault_and_ends_with_a_success(database: Database) -> None:
    patience, moment, pauses = Patience(database.faults), NOW, []
    for _ in range(7):
        patience.failed("a", RELAY, AWAY, moment)
        due = patience.next_try("a", RELAY, moment)
        assert due
        pauses.append((due - moment).total_seconds())
        assert None is patience.next_try("a", RELAY, due)
        moment = due

    assert [20, 60, 180, 300, 600, 900, 900] == pauses
    assert None is patience.next_try("b", RELAY, moment)
    assert None is patience.next_login(RELAY, moment)
    patience.failed("a", RELAY, StoreError("the disk is full"), moment)
    patience.went_well("a", RELAY)
    assert None is patience.next_try("a", RELAY, moment)


def test_refused_login_is_waited_for_longer(database: Database) -> None:
    patience, moment, pauses = Patience(database.faults), NOW, []
    for _ in range(5):
        patience.failed("a", RELAY, REFUSED, moment)
        due = patience.next_login(RELAY, moment)
        assert due
        pauses.append((due - moment).total_seconds())
        assert due == patience.next_try("a", RELAY, moment) == patience.next_try("b", RELAY, moment)
        assert due == patience.next_try("a", "smtp://another", moment)
        assert None is patience.next_try("b", "smtp://another", moment)
        moment = due

    assert [300, 900, 1800, 3600, 3600] == pauses
    assert None is patience.next_login("smtp://another", moment - timedelta(minutes=1))


def test_fault_of_a_clock_that_was_ahead_is_not_waited_for(database: Database) -> None:
    patience = Patience(database.faults)
    patience.failed("a", RELAY, AWAY, NOW + timedelta(days=400))

    assert None is patience.next_try("a", RELAY, NOW)
