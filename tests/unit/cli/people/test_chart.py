"""The chart of who came and who went, as a terminal gets it."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.cli.people.chart import BLOCKS, PLAIN, Signs, chart_lines
from newsletter.cli.shown import shown
from newsletter.subscribers import Week

MONDAY = date(2026, 10, 5)


def weeks(*moves: tuple[int, int, int]) -> list[Week]:
    return [
        Week(monday=MONDAY + timedelta(weeks=at), joined=joined, left=left, removed=removed)
        for at, (joined, left, removed) in enumerate(moves)
    ]


def drawn(found: list[Week], width: int = 60, signs: Signs = BLOCKS) -> list[str]:
    lines = chart_lines(found, "Europe/London", width, signs)
    return [re.sub(r"\x1b\[[0-9;]*m", "", shown(line)) for line in lines]


def test_chart_has_a_row_a_week_and_the_totals() -> None:
    found = drawn(weeks((0, 0, 0), (12, 3, 0), (0, 0, 0), (4, 1, 2)))

    assert [
        "Who joined and who left, by week from Monday (Europe/London)",
        "",
        "week from  net        left joined",
        "2026-10-12 +9  3 ▐███████│███████████████████████████████ 12",
        "2026-10-19               │",
        "this week  +1  3 ▐███████│██████████▍ 4",
        "",
        "4 weeks: 16 joined, 4 left, 2 removed; net +10",
        "Who was removed or erased is drawn with those who left.",
        "Nothing is known of the weeks before 2026-10-12.",
    ] == found


def test_chart_is_drawn_in_ascii_where_there_is_no_more() -> None:
    found = drawn(weeks((10, 1, 0), (4, 5, 0), (1_000, 0, 0)), signs=PLAIN)

    assert all(line.isascii() for line in found)
    assert found[-3].endswith("> 1,000")  # the week of an import is cut, and its number is not


def test_chart_says_so_when_nothing_has_happened() -> None:
    assert "Nobody has joined or left in 2 weeks." == drawn(weeks((0, 0, 0), (0, 0, 0)))[-1]


people = st.integers(min_value=0, max_value=2_000_000)


@given(st.lists(st.tuples(people, people, people), min_size=1, max_size=30), st.integers(20, 400))
def test_chart_fits_and_tells_all(moves: list[tuple[int, int, int]], width: int) -> None:
    """Whatever the numbers: within the width, one axis, no bar missing, longer for more."""
    found = weeks(*moves)
    rows = [line for line in drawn(found, width) if BLOCKS.axis in line]

    known = [week for week in found if week.joined or week.gone or rows][-len(rows) :]
    assert len({line.index(BLOCKS.axis) for line in rows}) <= 1
    for line, week in zip(rows, known, strict=True):
        left, right = line.split(BLOCKS.axis)
        assert len(line) <= min(max(width, 60), 200)
        assert (week.joined > 0) == bool(right)
        assert f"{week.joined:,}" in right or not week.joined
        assert f" {week.gone:,} " in left or not week.gone
    bars = sorted(
        (week.joined, len(line.split(BLOCKS.axis)[1].split(" ")[0]))
        for line, week in zip(rows, known, strict=True)
    )
    assert all(one[1] <= other[1] for one, other in pairwise(bars))


@pytest.mark.parametrize("signs", [BLOCKS, PLAIN])
def test_one_person_is_seen_beside_a_million(signs: Signs) -> None:
    rows = drawn(weeks((1_000_000, 1, 0), (1, 1_000_000, 0)), signs=signs)[3:5]

    assert all(" 1 " in row.split(signs.axis)[0] + " " for row in rows[:1])
    assert all(row.split(signs.axis)[0].strip()[-1] in signs.all for row in rows)
    assert all(row.split(signs.axis)[1][0] in signs.all for row in rows)
