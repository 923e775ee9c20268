"""What is due, and what never is: before its slot, after its grace, twice."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.books import Slot, SlotState
from newsletter.errors import SettingsError
from newsletter.schedule import (
    HolidayRule,
    Miss,
    Remind,
    Resume,
    ScheduleRule,
    Start,
    decide,
    slot_instant,
)

SEVEN = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
QUIET = ScheduleRule(remind_before=timedelta())


def slot_of(
    issue: str = "2026-11-27",
    local_date: date = date(2026, 11, 27),
    local_time: time = time(7, 0),
    zone: str = "Europe/London",
    state: str = "scheduled",
) -> Slot:
    return Slot(
        issue=issue,
        path=f"issues/{issue}.md",
        local_date=local_date,
        local_time=local_time,
        zone=zone,
        state=SlotState(state),
        scheduled_by="ada",
        scheduled_at=SEVEN - timedelta(days=3),
        digest="d",
    )


@pytest.mark.parametrize(
    ("expected", "now"),
    [
        ((), SEVEN - timedelta(days=300)),
        ((), SEVEN - timedelta(microseconds=1)),
        ((Start(issue="2026-11-27"),), SEVEN),
        ((Start(issue="2026-11-27"),), SEVEN + HOUR),
        ((Miss(issue="2026-11-27", late=HOUR + SECOND),), SEVEN + HOUR + SECOND),
        ((Miss(issue="2026-11-27", late=timedelta(days=300)),), SEVEN + timedelta(days=300)),
    ],
)
def test_decide_starts_from_the_slot_to_the_end_of_the_grace(
    expected: tuple[object, ...], now: datetime
) -> None:
    assert expected == decide([slot_of()], QUIET, now)


@pytest.mark.parametrize("state", ["done", "missed", "cancelled"])
def test_decide_leaves_alone_what_is_over(state: str) -> None:
    assert () == decide([slot_of(state=state)], QUIET, SEVEN)


@pytest.mark.parametrize("away", [timedelta(days=-40), timedelta(), timedelta(days=40)])
def test_decide_goes_on_with_what_was_started_whatever_the_time(away: timedelta) -> None:
    assert (Resume(issue="2026-11-27"),) == decide([slot_of(state="started")], QUIET, SEVEN + away)


def test_decide_takes_the_slots_own_zone_and_the_started_ones_first() -> None:
    slots = [
        slot_of(issue="london"),
        slot_of(issue="berlin", zone="Europe/Berlin"),
        slot_of(issue="new york", zone="America/New_York"),
        slot_of(issue="begun", state="started", local_date=date(2026, 12, 4)),
    ]

    found = decide(slots, replace(QUIET, grace=2 * HOUR), SEVEN)

    wanted = (Resume(issue="begun"), Start(issue="berlin"), Start(issue="london"))
    assert wanted == found


def test_decide_follows_the_clocks_of_the_zone() -> None:
    """Seven in London is another instant a week after summer time has ended."""
    before, after = slot_of(local_date=date(2026, 10, 23)), slot_of(local_date=date(2026, 10, 30))

    assert datetime(2026, 10, 23, 6, tzinfo=UTC) == slot_instant(before)
    assert datetime(2026, 10, 30, 7, tzinfo=UTC) == slot_instant(after)


def test_decide_refuses_a_zone_that_is_none() -> None:
    with pytest.raises(SettingsError, match="1 fault"):
        decide([slot_of(zone="Mars/Olympus")], QUIET, SEVEN)


@pytest.mark.parametrize(
    ("expected", "before"),
    [
        ((), 18 * HOUR + SECOND),
        ((Remind(local_date=date(2026, 11, 27)),), 18 * HOUR),
        ((Remind(local_date=date(2026, 11, 27)),), SECOND),
        ((), timedelta()),  # past: the next slot is a week away
    ],
)
def test_decide_reminds_of_an_empty_slot_that_is_near(
    expected: tuple[object, ...], before: timedelta
) -> None:
    assert expected == decide([], ScheduleRule(), SEVEN - before)


@pytest.mark.parametrize(
    ("reminds", "state"),
    [
        (False, "scheduled"),
        (False, "started"),
        (False, "done"),
        (True, "missed"),
        (True, "cancelled"),
    ],
)
def test_decide_reminds_only_where_nothing_has_the_slot(reminds: bool, state: str) -> None:
    found = decide([slot_of(state=state)], ScheduleRule(), SEVEN - HOUR)

    assert reminds == any(isinstance(each, Remind) for each in found)


def test_decide_reminds_of_no_day_that_has_an_issue_at_another_hour() -> None:
    assert () == decide([slot_of(local_time=time(16))], ScheduleRule(), SEVEN - HOUR)


def test_decide_reminds_of_the_day_that_the_holiday_moved_or_not_at_all() -> None:
    off = frozenset({date(2026, 11, 27)})

    assert () == decide([], ScheduleRule(holidays=HolidayRule(days=off)), SEVEN - HOUR)


def test_decide_never_reminds_when_it_is_switched_off() -> None:
    assert () == decide([], QUIET, SEVEN - SECOND)


@dataclass
class World:
    """The book's part: a slot moves once, whoever decided it, on whatever host."""

    slots: dict[str, Slot]
    started: list[tuple[str, datetime]] = field(default_factory=list)
    missed: list[tuple[str, datetime]] = field(default_factory=list)

    def tick(self, seen: list[Slot], now: datetime) -> None:
        for each in decide(seen, QUIET, now):
            match each:
                case Start(issue=issue) if self._move(issue, "scheduled", "started"):
                    self.started.append((issue, now))
                case Miss(issue=issue) if self._move(issue, "scheduled", "missed"):
                    self.missed.append((issue, now))
                case Resume(issue=issue):
                    self._move(issue, "started", "done")

    def _move(self, issue: str, before: str, after: str) -> bool:
        slot = self.slots[issue]
        if slot.state != before:
            return False
        self.slots[issue] = replace(slot, state=SlotState(after))
        return True


FRIDAYS = [date(2026, 10, 2) + timedelta(weeks=count) for count in range(8)]
NEAR_A_FRIDAY = st.builds(
    lambda day, minutes: (
        datetime(day.year, day.month, day.day, 7, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.sampled_from(FRIDAYS),
    st.integers(-180, 180),
)
ANY_TIME = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)
TICKS = st.lists(st.tuples(st.one_of(NEAR_A_FRIDAY, ANY_TIME), st.integers(0, 3)), max_size=60)


@given(TICKS)
def test_each_issue_starts_once_at_most_and_only_in_its_window_whatever_the_clock_does(
    ticks: list[tuple[datetime, int]],
) -> None:
    """Clocks jump to and fro, and a host may decide by slots that it read some ticks ago."""
    slots = {f"{day}": slot_of(issue=f"{day}", local_date=day) for day in FRIDAYS}
    world = World(slots)
    read: list[list[Slot]] = []
    for now, ticks_ago in ticks:
        read.append(list(world.slots.values()))
        world.tick(read[max(len(read) - 1 - ticks_ago, 0)], now)

    names = [issue for issue, _ in world.started]
    assert len(set(names)) == len(names)
    assert not {issue for issue, _ in world.missed} & set(names)
    for issue, now in world.started:
        assert timedelta() <= now - slot_instant(slots[issue]) <= QUIET.grace
    for issue, now in world.missed:
        assert now - slot_instant(slots[issue]) > QUIET.grace


@pytest.mark.parametrize("minutes", [7, 29, 45, 59, 60])
def test_each_issue_does_start_when_somebody_ticks_within_the_hour(minutes: int) -> None:
    world = World({f"{day}": slot_of(issue=f"{day}", local_date=day) for day in FRIDAYS})
    now = datetime(2026, 10, 1, tzinfo=UTC)
    while now < datetime(2026, 11, 21, tzinfo=UTC):
        world.tick(list(world.slots.values()), now)
        now += timedelta(minutes=minutes)

    assert [f"{day}" for day in FRIDAYS] == [issue for issue, _ in world.started]
