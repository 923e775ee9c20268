"""A send on paper keeps to what holds it, ends, and says who is done when."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.books import Room, WarmUp
from newsletter.schedule import parse_window
from newsletter.schedule.timetable import Crowd, Pace, Timetable, draw_up

LONDON = ZoneInfo("Europe/London")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
FIRST = WarmUp(since=NOW.date(), first_day=500)


def day(number: int) -> date:
    return date(2026, 12, number)


def shares(found: Timetable) -> Mapping[str, Mapping[date, int]]:
    return {line.crowd.group: line.shares for line in found.lines}


def test_nothing_holds_back_whom_nothing_bounds() -> None:
    found = draw_up([Crowd(group="", people=5000)], Pace(zone=LONDON), NOW)

    assert not found.is_bounded
    assert (NOW, {day(1): 5000}) == (found.end, found.days)


def test_a_rate_says_when_the_last_message_goes_out() -> None:
    found = draw_up([Crowd(group="", people=7200)], Pace(zone=LONDON, rate=2), NOW)

    assert found.is_bounded
    assert NOW + HOUR == found.end


def test_a_warm_up_lets_each_day_have_its_share_and_ends() -> None:
    found = draw_up([Crowd(group="", people=2000)], Pace(zone=LONDON, warm_up=FIRST), NOW)

    assert {day(1): 500, day(2): 750, day(3): 750} == found.days
    assert datetime(2026, 12, 3, tzinfo=UTC) == found.end
    assert day(5) == found.warm_until


def test_what_went_out_today_already_is_taken_off() -> None:
    pace = Pace(zone=LONDON, warm_up=FIRST, taken=400)

    assert {day(1): 100, day(2): 500} == draw_up([Crowd(group="", people=600)], pace, NOW).days


def test_a_group_with_a_warm_up_takes_longer_than_the_others() -> None:
    slow = Crowd(group="yahoo", people=300, warm_up=WarmUp(since=NOW.date(), first_day=100))

    found = draw_up([slow, Crowd(group="", people=900)], Pace(zone=LONDON, rate=10), NOW)

    assert {"yahoo": {day(1): 100, day(2): 150, day(3): 50}, "": {day(1): 900}} == shares(found)
    assert found.end is not None
    assert found.end > (found.lines[1].end or found.end)


def test_groups_share_the_rate_that_holds_for_all() -> None:
    """Each by how many it has, and the one with a rate of its own leaves the rest to the other."""
    crowds = [Crowd(group="gmail.com", people=3600, rate=1), Crowd(group="", people=3600)]

    found = draw_up(crowds, Pace(zone=LONDON, rate=3), NOW)

    assert [NOW + HOUR, NOW + HOUR / 2] == [line.end for line in found.lines]


def test_the_rest_waits_for_the_window_to_open() -> None:
    window = parse_window("monday-friday 08:00-10:00")

    pace = Pace(zone=LONDON, rate=1, window=window)
    found = draw_up([Crowd(group="", people=3600 + 7200 + 60)], pace, NOW)

    assert {day(1): 3600, day(2): 7200, day(3): 60} == found.days
    assert datetime(2026, 12, 3, 8, 1, tzinfo=UTC) == found.end


def test_an_hourly_ceiling_rests_until_there_is_room() -> None:
    room = Room(limit=300, span=HOUR, left=300)

    found = draw_up([Crowd(group="", people=900)], Pace(zone=LONDON, rolling=[room]), NOW)

    assert NOW + 2 * HOUR == found.end


def test_who_is_paused_is_sent_nothing_and_keeps_nobody_waiting() -> None:
    crowds = [Crowd(group="gmx", people=5, is_paused=True), Crowd(group="", people=5)]

    found = draw_up(crowds, Pace(zone=LONDON), NOW)

    assert [None, NOW] == [line.end for line in found.lines]
    assert NOW == found.end


def test_what_takes_more_than_a_year_has_no_end() -> None:
    room = Room(limit=1, span=DAY, left=1)

    found = draw_up([Crowd(group="", people=400)], Pace(zone=LONDON, rolling=[room]), NOW)

    assert found.end is None
    assert 366 <= sum(found.days.values()) <= 367


plans = st.none() | st.builds(
    WarmUp,
    since=st.sampled_from([date(2026, 3, 27), date(2026, 3, 30), date(2026, 1, 1)]),
    first_day=st.integers(1, 2000),
    times=st.floats(1.1, 3),
)
rates = st.none() | st.floats(0.05, 200)
crowds_ = st.lists(
    st.builds(
        Crowd,
        group=st.sampled_from(["", "gmail.com", "yahoo", "gmx"]),
        people=st.integers(0, 20_000),
        rate=rates,
        warm_up=plans,
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda crowd: crowd.group,
)
rooms = st.builds(
    lambda limit, left, span: Room(limit=limit, span=span, left=min(limit, left)),
    st.integers(500, 5000),
    st.integers(0, 5000),
    st.sampled_from([HOUR, DAY]),
)
paces = st.builds(
    Pace,
    zone=st.sampled_from([LONDON, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Pacific/Apia")]),
    rate=rates,
    rolling=st.lists(rooms, max_size=2),
    warm_up=plans,
    taken=st.integers(0, 300),
    window=st.none() | st.sampled_from(["08:00-18:00", "monday 22:00-02:30"]).map(parse_window),
)


def test_a_slow_group_keeps_its_part_of_what_a_day_lets_out() -> None:
    """As a sender deals it out: by how many people each has, and not by who is quicker."""
    today = date(2026, 12, 1)
    plan = WarmUp(since=today, first_day=100, times=2.0)
    crowds = [Crowd(group="gmail", people=400, rate=1.0), Crowd(group="", people=1200)]
    at = datetime(2026, 12, 1, 9, tzinfo=UTC)

    found = draw_up(crowds, Pace(zone=LONDON, rate=20.0, warm_up=plan), at)

    assert [25, 75] == [line.shares[today] for line in found.lines]


@settings(max_examples=60, deadline=None)
@given(crowds_, paces, st.integers(0, 86_400 * 20))
def test_no_ceiling_is_ever_passed_and_everybody_is_counted_once(
    crowds: list[Crowd], pace: Pace, seconds: int
) -> None:
    now = datetime(2026, 3, 20, tzinfo=UTC) + timedelta(seconds=seconds)
    today = now.astimezone(pace.zone).date()

    found = draw_up(crowds, pace, now)

    for line in found.lines:
        counts = Counter(line.shares)
        assert counts.total() <= line.crowd.people
        assert line.end is None or counts.total() == line.crowd.people
        assert all(
            (cap := line.crowd.warm_up.cap(on)) is None or count <= cap
            for on, count in counts.items()
            if line.crowd.warm_up
        )
    for on, count in found.days.items():
        cap = pace.warm_up.cap(on) if pace.warm_up else None
        assert cap is None or count <= max(cap - (pace.taken if on == today else 0), 0)
    for room in pace.rolling:
        assert all(
            room.limit >= _within(found, room, start) + _before(room, now, start)
            for start, _, _ in found.stretches[:200]
        )
    zone, window = pace.zone, pace.window
    for start, end, _ in found.stretches:
        assert window is None or window.is_open(start, zone)
        assert window is None or end <= window.closing(start, zone)


def _within(found: Timetable, room: Room, start: datetime) -> int:
    """What is counted at a moment when a stretch began, each with its whole stretch."""
    return sum(
        count
        for begun, until, count in found.stretches
        if begun <= start and start - room.span < until
    )


def _before(room: Room, now: datetime, start: datetime) -> int:
    return room.limit - room.left if start < now + room.span else 0
