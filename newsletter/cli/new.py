"""`newsletter new`: the next issue, laid out by the house format with slots to fill."""

from datetime import date
from typing import Annotated

import typer

from newsletter.check import HouseFormat
from newsletter.cli.console import say
from newsletter.cli.days import day_said
from newsletter.cli.new_issue import issue_path, next_day, next_number, write_new
from newsletter.cli.publication import house_here

SLOT = "…"


def new(
    day: Annotated[
        str | None,
        typer.Option(
            "--date", metavar="DATE", help="Its day, not the rule's next one.", show_default=False
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:
    """Lay out the next issue, with slots to fill: issues/DATE.md. `check` reports what is unfilled.

    The day is the next one of [schedule] in newsletter.toml.
    """
    root, house = house_here()
    chosen = day_said(day, option="--date") or next_day()
    path = issue_path(root, chosen)
    number = next_number(path.parent, chosen)
    write_new(path, draft(house, chosen, number), force=force)
    say(f"{path} is laid out, with {house.stories[0]} stories to write. Then:")
    say(f"  newsletter check {path}")


def draft(house: HouseFormat, day: date, number: int | None = None) -> str:
    """The canonical text of an issue nobody has written yet."""
    counted = "" if number is None else f"number: {number}\n"
    stories = [
        f"## {number}. {SLOT}\n\n<!-- write story {number} here -->"
        for number in range(1, house.stories[0] + 1)
    ]
    including = f"{house.cues.including} A, B {house.cues.conjunction} C"
    front_matter = f"subject: {SLOT}\npreheader: {SLOT}\ndate: {day.isoformat()}\n{counted}"
    parts = [
        f"---\n{front_matter}---\n# {_title(house)}",
        f"<!-- write the intro here; it may name stories: {including} -->",
        *stories,
    ]
    if house.footer:
        parts.append(f"---\n{house.linked_footer}")
    return "\n\n".join(parts) + "\n"


def _title(house: HouseFormat) -> str:
    """The first house title, else the number and what it counts, as in "Five stories"."""
    own = f"{{count}} {house.cues.things[0]}" if house.stories[0] > 1 else SLOT
    words = house.titles[0] if house.titles else own
    title = words.replace("*", SLOT).replace("{count}", _count_word(house))
    return title[:1].upper() + title[1:]


def _count_word(house: HouseFormat) -> str:
    """The word for the number of stories; figures where the language's words do not reach it."""
    count, words = house.stories[0], house.cues.numbers
    return words[count - 2] if 2 <= count < len(words) + 2 else str(count)
