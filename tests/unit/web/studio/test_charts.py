"""The pictures of the studio's pages: they keep within their bounds, and say the same in words."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.books import PutOff, RateCount
from newsletter.subscribers import Week
from newsletter.web.studio.chart import HEIGHT, TOP, WIDTH, rate_chart, round_above
from newsletter.web.studio.people_chart import SIDE, week_chart

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 6, 12, 6, 0, 0, 200_000, tzinfo=UTC)


def rate(*counts: int, seconds: float = 5) -> RateCount:
    return RateCount(start=START, span=timedelta(seconds=seconds), counts=counts)


def week(number: int, joined: int, left: int = 0) -> Week:
    monday = date(2026, 6, 1) + timedelta(weeks=number)
    return Week(monday=monday, joined=joined, left=left, removed=0)


@pytest.mark.parametrize("value", [0.01, 0.3, 1, 5.3, 9.99, 51.6, 100, 12_345])
def test_round_above_is_never_below_and_not_far_above(value: float) -> None:
    assert value <= round_above(value) <= 2.01 * value


def test_rate_chart_begins_and_ends_at_nothing_and_stays_inside() -> None:
    chart = rate_chart(rate(0, 250, 10, 260), LONDON)
    found = re.findall(r"([\d.]+) ([\d.]+)", chart.line)
    points = [(float(x), float(y)) for x, y in found]

    assert [(0, HEIGHT), (WIDTH, HEIGHT)] == [points[0], points[-1]]
    assert all(0 <= x <= WIDTH and TOP <= y <= HEIGHT for x, y in points)


def test_rate_chart_has_times_by_the_clocks_of_the_zone() -> None:
    chart = rate_chart(rate(*[250] * 60), LONDON)

    assert ["07:00", "07:01", "07:02", "07:03", "07:04"] == [tick.words for tick in chart.times][:5]
    assert 0 == chart.times[0].at
    assert ["50", "25", "0"] == [level.words for level in chart.levels]


def test_rate_chart_says_in_words_what_it_shows() -> None:
    chart = rate_chart(rate(*[250] * 12, *[500] * 12), LONDON)

    said = "From 07:00:00 to 07:02:00: 75 a second on average, 100 at the most"
    assert said == chart.words


def test_rate_chart_notes_where_the_relay_asked_to_wait_and_not_for_one_mailbox() -> None:
    at = START + timedelta(seconds=150)
    many = rate_chart(rate(*[250] * 60), LONDON, PutOff(at=at, code=451, count=40))
    few = rate_chart(rate(*[250] * 60), LONDON, PutOff(at=at, code=452, count=2))

    assert many.note is not None
    assert (WIDTH / 2, "the relay asked to wait (451)") == (many.note.at, many.note.words)
    assert many.words.endswith("; the relay asked to wait (451)")
    assert few.note is None


def test_week_chart_cuts_an_import_and_shows_everybody() -> None:
    chart = week_chart([week(0, 0), week(1, 12_000), week(2, 30, 10), week(3, 1, 1)])

    assert chart is not None
    assert 3 == len(chart.bars)
    assert SIDE == chart.bars[0].up == chart.above
    assert all(bar.up > 0 for bar in chart.bars)
    assert chart.bars[1].down > chart.bars[2].down >= 2
    assert "4 weeks: 12,031 joined, 11 left or were removed, net +12,020" == chart.words


def test_week_chart_is_none_where_nothing_has_happened() -> None:
    assert week_chart([week(0, 0), week(1, 0)]) is None
