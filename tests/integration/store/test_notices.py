"""What people were told, once each, and the heartbeats; over both databases."""

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.books import Heartbeat
from newsletter.process import this_process
from newsletter.store import Database

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEY = "reminder 2026-11-27"
MINUTE = timedelta(minutes=1)


def test_notice_is_told_once(database: Database) -> None:

    assert database.notices.begin(KEY, NOW)
    assert not database.notices.begin(KEY, NOW + MINUTE)
    database.notices.end(KEY, NOW + MINUTE)
    for days in (0, 1, 400, -400):
        assert not database.notices.begin(KEY, NOW + timedelta(days=days))
    assert database.notices.begin("another", NOW)


def test_notice_whose_teller_died_is_begun_again_after_a_while(database: Database) -> None:
    database.notices.begin(KEY, NOW)

    assert [False, True, False] == [
        database.notices.begin(KEY, NOW + 9 * MINUTE),
        database.notices.begin(KEY, NOW + 10 * MINUTE),
        database.notices.begin(KEY, NOW + 19 * MINUTE),
    ]
    assert database.notices.begin(KEY, NOW + 12 * MINUTE, patience=2 * MINUTE)


def test_notice_that_was_begun_under_a_wrong_clock_is_not_held_up_by_it(database: Database) -> None:
    database.notices.begin(KEY, NOW + timedelta(days=3_000))

    assert database.notices.begin(KEY, NOW)


def test_notice_is_free_again_when_telling_failed_but_not_when_it_was_told(
    database: Database,
) -> None:
    database.notices.begin(KEY, NOW)
    database.notices.drop(KEY)

    assert database.notices.begin(KEY, NOW)
    database.notices.end(KEY, NOW)
    database.notices.drop(KEY)
    assert not database.notices.begin(KEY, NOW + timedelta(days=1))


def test_notice_is_given_to_one_of_many_at_once(database: Database) -> None:
    """The first time, and when it is begun again after its teller died."""
    told: list[bool] = []

    def ask(now: datetime) -> None:
        told.append(database.notices.begin(KEY, now))

    for now in (NOW, NOW + 11 * MINUTE):
        told.clear()
        threads = [threading.Thread(target=ask, args=(now,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert ([True], 8) == ([each for each in told if each], len(told))


def test_heartbeats_tell_since_when_last_when_and_doing_what(database: Database) -> None:
    database.heartbeats.beat("second", NOW + MINUTE, NOW + MINUTE, "waiting")
    database.heartbeats.beat("first", NOW, NOW, "waiting")
    database.heartbeats.beat("first", NOW, NOW + 5 * MINUTE, "sending 2026-11-27")

    first = Heartbeat(
        owner="first", started_at=NOW, beat_at=NOW + 5 * MINUTE, doing="sending 2026-11-27"
    )
    assert first == database.heartbeats.known()[0]
    assert ["first", "second"] == [each.owner for each in database.heartbeats.known()]

    database.heartbeats.stop("first")
    database.heartbeats.stop("first")
    assert ["second"] == [each.owner for each in database.heartbeats.known()]


def test_new_heartbeat_takes_the_place_of_the_dead_and_the_long_silent(database: Database) -> None:
    script = (
        "from newsletter.process import this_process; from datetime import datetime, UTC;"
        "print(this_process(datetime.now(UTC)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    dead, living = ran.stdout.strip(), this_process(NOW)
    database.heartbeats.beat(
        "another machine, last week", NOW, NOW - timedelta(days=7, minutes=1), "waiting"
    )
    database.heartbeats.beat("another machine, today", NOW, NOW - timedelta(hours=9), "waiting")
    assert 2 == len(database.heartbeats.known())

    shown = []
    for owner in (dead, living):
        database.heartbeats.beat(owner, NOW, NOW, "waiting")
        shown.append([each.owner for each in database.heartbeats.known()])

    assert [["another machine, today", dead], ["another machine, today", living]] == shown
