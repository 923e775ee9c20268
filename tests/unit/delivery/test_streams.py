"""Whose message goes out next, where groups of domains are sent side by side."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.delivery.streams import furthest_behind
from newsletter.schedule import Crowd, Pace, draw_up

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@dataclass
class Group:
    """One on paper: `rate` is in messages per second, `next` when its next turn comes."""

    due: int
    rate: float = inf
    taken: int = 0
    next: float = 0.0

    @property
    def progress(self) -> float:
        return self.taken / self.due


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 300), min_size=1, max_size=6), st.data())
def test_nobody_is_ahead_of_the_others_by_more_than_a_message(
    dues: list[int], data: st.DataObject
) -> None:
    groups = [Group(due) for due in dues]
    for _ in range(data.draw(st.integers(0, sum(dues)))):
        furthest_behind(groups).taken += 1

    least = min(each.progress for each in groups)
    assert all(each.progress <= least + 1 / each.due + 1e-9 for each in groups)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(50, 400), st.none() | st.floats(0.5, 30)), min_size=1, max_size=4
    ),
    st.floats(1, 40),
)
def test_a_send_ends_when_the_time_table_says(
    crowds: list[tuple[int, float | None]], rate: float
) -> None:
    """Message by message over a relay's rate, each group at its own: its end is as on paper."""
    names = [str(number) for number in range(len(crowds))]
    groups = {name: Group(due, own or inf) for name, (due, own) in zip(names, crowds, strict=True)}

    ends = _played_through(groups, rate)

    found = draw_up(
        [
            Crowd(group=name, people=due, rate=own)
            for name, (due, own) in zip(names, crowds, strict=True)
        ],
        Pace(zone=ZoneInfo("Europe/London"), rate=rate),
        NOW,
    )
    assert Counter({each: groups[each].due for each in names}) == Counter(
        {line.crowd.group: sum(line.shares.values()) for line in found.lines}
    )
    for line in found.lines:
        assert line.end is not None
        told = (line.end - NOW) / timedelta(seconds=1)
        assert abs(ends[line.crowd.group] - told) <= 0.03 * told + 2 * len(groups) / rate + 2


def _played_through(groups: dict[str, Group], rate: float) -> dict[str, float]:
    """When each group is done, in seconds from the beginning."""
    now = 0.0
    ends: dict[str, float] = {}
    while left := {name: each for name, each in groups.items() if each.taken < each.due}:
        ready = [each for each in left.values() if each.next <= now]
        if not ready:
            now = min(each.next for each in left.values())
            continue
        group = furthest_behind(ready)
        group.taken += 1
        group.next = max(group.next, now - 1) + 1 / group.rate
        now += 1 / rate
        ends |= {name: now for name, each in left.items() if each.taken == each.due}
    return ends
