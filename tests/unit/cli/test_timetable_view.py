"""The time table in a plan, to the character."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from newsletter.books import WarmUp
from newsletter.cli.shown import shown
from newsletter.cli.timetable_view import done_words, timetable_lines
from newsletter.schedule import Crowd, Pace, Timetable, draw_up, parse_window

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
FIRST = date(2026, 12, 1)


def text(found: Timetable) -> str:
    lines = [re.sub(r"\x1b\[[\d;]+m", "", shown(line)) for line in timetable_lines(found)]
    return "".join(f"{line}\n" for line in lines)


def test_a_warm_up_in_a_window_is_told_group_by_group_and_day_by_day() -> None:
    crowds = [
        Crowd(group="yahoo", people=1200, rate=5, warm_up=WarmUp(since=FIRST, first_day=200)),
        Crowd(group="gmx", people=40, is_paused=True),
        Crowd(group="", people=4000),
    ]
    pace = Pace(
        zone=LONDON,
        rate=20,
        warm_up=WarmUp(since=FIRST, first_day=1000, times=2),
        window=parse_window("08:00-18:00"),
    )

    found = draw_up(crowds, pace, NOW)

    assert "done on Fri 2026-12-04 08:01" == done_words(found)
    assert WARM == text(found)


WARM = """\
who         people  begins            done              at most
yahoo        1,200  2026-12-01 09:00  2026-12-04 08:01  5/s, warm-up
gmx             40  -                 -                 paused: nothing
all others   4,000  2026-12-01 09:00  2026-12-03 08:01  20/s, warm-up

Tue 2026-12-01  1,000  yahoo 48, all others 952
Wed 2026-12-02  2,000  yahoo 180, all others 1,820
Thu 2026-12-03  1,678  yahoo 450, all others 1,228
Fri 2026-12-04    522  yahoo 522
Messages go out 08:00-18:00. Times are those of Europe/London.
From Sun 2026-12-06 on the warm-up holds nobody back.
"""


def test_what_nobody_knows_the_rate_of_is_done_on_a_day() -> None:
    pace = Pace(zone=LONDON, warm_up=WarmUp(since=FIRST, first_day=10, times=1.1))

    found = draw_up([Crowd(group="", people=150)], pace, NOW)

    assert "done on Thu 2026-12-10" == done_words(found)
    assert LONG == text(found)


LONG = """\
who        people  begins            done        at most
everybody     150  2026-12-01 09:00  2026-12-10  warm-up

Tue 2026-12-01  10
Wed 2026-12-02  11
Thu 2026-12-03  12
Fri 2026-12-04  13
Sat 2026-12-05  14
… 4 more days
Thu 2026-12-10  17
Times are those of Europe/London.
From Wed 2026-12-30 on the warm-up holds nobody back.
"""


def test_a_rate_alone_needs_no_table() -> None:
    found = draw_up([Crowd(group="", people=150)], Pace(zone=LONDON, rate=5), NOW)

    assert "" == done_words(found)
    assert [] == list(timetable_lines(found))
