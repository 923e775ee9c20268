"""A warm-up's days: how many each lets out, and when it begins by the clocks of a zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.books import Quota, WarmUp, day_of, day_start, next_day

FIRST = date(2026, 12, 1)
PLAN = WarmUp(since=FIRST, first_day=500, times=1.5)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("days", "cap"), [(-1, None), (0, 500), (1, 750), (2, 1125), (9, 19_221), (400, None)]
)
def test_each_day_lets_out_so_many_times_as_the_one_before(days: int, cap: int | None) -> None:
    assert cap == PLAN.cap(FIRST + timedelta(days=days))


def test_a_days_ceiling_is_counted_from_its_midnight_in_the_zone() -> None:
    instant = timedelta(microseconds=1)
    evening = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)
    quota = Quota(warm_up=PLAN, zone=BERLIN, per_hour=70)

    _, ceiling = quota.ceilings(evening)
    _, after = quota.ceilings(evening + timedelta(hours=1))

    assert (500, "500 on day 1 of the warm-up") == (ceiling.limit, ceiling.words)
    assert datetime(2026, 11, 30, 23, tzinfo=UTC) == ceiling.since + instant
    assert datetime(2026, 12, 1, 23, tzinfo=UTC) == ceiling.ends == after.since + instant
    assert 750 == after.limit


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),  # its midnight was jumped over
        ("America/Havana", date(2026, 11, 1), 25),  # the hour after midnight comes twice
    ],
)
def test_a_day_has_the_hours_that_the_clocks_give_it(zone: str, day: date, hours: int) -> None:
    start = day_start(day, ZoneInfo(zone))

    assert timedelta(hours=hours) == next_day(start, ZoneInfo(zone)) - start


@given(st.integers(0, 13_000 * 86_400))
def test_every_moment_is_within_its_day(seconds: int) -> None:
    for zone in (BERLIN, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Australia/Lord_Howe")):
        now = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)

        assert day_start(day_of(now, zone), zone) <= now < next_day(now, zone)
