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
    book = database.book

    assert book.begin_notice(KEY, NOW)
    assert not book.begin_notice(KEY, NOW + MINUTE)
    book.end_notice(KEY, NOW + MINUTE)
    for days in (0, 1, 400, -400):
        assert not book.begin_notice(KEY, NOW + timedelta(days=days))
    assert book.begin_notice("another", NOW)


def test_notice_whose_teller_died_is_begun_again_after_a_while(database: Database) -> None:
    book = database.book
    book.begin_notice(KEY, NOW)

    assert [False, True, False] == [
        book.begin_notice(KEY, NOW + 9 * MINUTE),
        book.begin_notice(KEY, NOW + 10 * MINUTE),
        book.begin_notice(KEY, NOW + 19 * MINUTE),
    ]
    assert book.begin_notice(KEY, NOW + 12 * MINUTE, patience=2 * MINUTE)


def test_notice_that_was_begun_under_a_wrong_clock_is_not_held_up_by_it(database: Database) -> None:
    database.book.begin_notice(KEY, NOW + timedelta(days=3_000))

    assert database.book.begin_notice(KEY, NOW)


def test_notice_is_free_again_when_telling_failed_but_not_when_it_was_told(
    database: Database,
) -> None:
    book = database.book
    book.begin_notice(KEY, NOW)
    book.drop_notice(KEY)

    assert book.begin_notice(KEY, NOW)
    book.end_notice(KEY, NOW)
    book.drop_notice(KEY)
    assert not book.begin_notice(KEY, NOW + timedelta(days=1))


def test_notice_is_given_to_one_of_many_at_once(database: Database) -> None:
    """The first time, and when it is begun again after its teller died."""
    told: list[bool] = []

    def ask(now: datetime) -> None:
        told.append(database.book.begin_notice(KEY, now))

    for now in (NOW, NOW + 11 * MINUTE):
        told.clear()
        threads = [threading.Thread(target=ask, args=(now,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert ([True], 8) == ([each for each in told if each], len(told))


def test_heartbeats_tell_since_when_last_when_and_doing_what(database: Database) -> None:
    book = database.book
    book.beat("second", NOW + MINUTE, NOW + MINUTE, "waiting")
    book.beat("first", NOW, NOW, "waiting")
    book.beat("first", NOW, NOW + 5 * MINUTE, "sending 2026-11-27")

    first = Heartbeat(
        owner="first", started_at=NOW, beat_at=NOW + 5 * MINUTE, doing="sending 2026-11-27"
    )
    assert first == book.heartbeats()[0]
    assert ["first", "second"] == [each.owner for each in book.heartbeats()]

    book.stop_beating("first")
    book.stop_beating("first")
    assert ["second"] == [each.owner for each in book.heartbeats()]


def test_new_heartbeat_takes_the_place_of_the_dead_and_the_long_silent(database: Database) -> None:
    book = database.book
    script = (
        "from newsletter.process import this_process; from datetime import datetime, UTC;"
        "print(this_process(datetime.now(UTC)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    dead, living = ran.stdout.strip(), this_process(NOW)
    book.beat("another machine, last week", NOW, NOW - timedelta(days=7, minutes=1), "waiting")
    book.beat("another machine, today", NOW, NOW - timedelta(hours=9), "waiting")
    assert 2 == len(book.heartbeats())

    shown = []
    for owner in (dead, living):
        book.beat(owner, NOW, NOW, "waiting")
        shown.append([each.owner for each in book.heartbeats()])

    assert [["another machine, today", dead], ["another machine, today", living]] == shown
