"""`newsletter subscribers history`: who came and who went, week by week, with a chart."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from newsletter.cli.console import columns_of, draws, say
from newsletter.cli.formats import say_record
from newsletter.cli.opening import publication_here
from newsletter.cli.people.chart import BLOCKS, PLAIN, chart_lines
from newsletter.publishing.people.counting import MOST_WEEKS
from newsletter.publishing.people.counting import history as history_of
from newsletter.subscribers import Week

_WIDTH = 80


class Format(StrEnum):
    """What the history is written as."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def history(
    weeks: Annotated[
        int, typer.Option("--weeks", min=1, max=MOST_WEEKS, help="How many, this one included.")
    ] = 26,
    format_: Annotated[Format, typer.Option("--format", help="text, json or csv.")] = Format.TEXT,
) -> None:
    """Draw who joined and who left, by week from Monday, with the totals.

    Weeks are those of [schedule] timezone; the last one is not over.
    """
    with publication_here().reading() as books:
        found = history_of(weeks, books)
        zone = str(books.settings.schedule.zone)
    match format_:
        case Format.JSON:
            say_record({"timezone": zone, "weeks": [_data(week) for week in found]})
        case Format.CSV:
            _say_csv(found)
        case Format.TEXT:
            signs = BLOCKS if draws(BLOCKS.all) else PLAIN
            for line in chart_lines(found, zone, columns_of(sys.stdout) or _WIDTH, signs):
                say(line)


def _say_csv(weeks: Sequence[Week]) -> None:
    say("week,joined,left,removed,net")
    for week in weeks:
        say(",".join(str(value) for value in _data(week).values()))


def _data(week: Week) -> dict[str, Any]:
    return {
        "week": week.monday.isoformat(),
        "joined": week.joined,
        "left": week.left,
        "removed": week.removed,
        "net": week.net,
    }
