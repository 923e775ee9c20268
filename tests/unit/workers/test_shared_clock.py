"""The clock that workers share."""

from datetime import UTC, datetime, timedelta

from newsletter.workers import SharedClock

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
FIVE = timedelta(minutes=5)


def test_it_goes_by_the_database_however_wrong_the_machine_is() -> None:
    steady = iter([100.0, 102.0, 112.0])
    clock = SharedClock(own=lambda: NOON + FIVE, steady=lambda: next(steady))

    ahead = clock.set_by(lambda: NOON)

    assert FIVE == ahead
    assert NOON + timedelta(seconds=1 + 10) == clock()


def test_it_is_the_machines_own_until_it_was_set() -> None:
    assert NOON == SharedClock(own=lambda: NOON)()
