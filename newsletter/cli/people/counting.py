"""`newsletter subscribers count`: how many people there are, by state and by suppression."""

from collections.abc import Iterator
from typing import Any

from newsletter.cli.console import faint, say, strong
from newsletter.cli.formats import AsFormat, Format, say_record
from newsletter.cli.opening import publication_here
from newsletter.publishing.people.counting import Counts
from newsletter.publishing.people.counting import count as count_people


def count(format_: AsFormat = Format.TEXT) -> None:
    """Count the list: every state, who is owed the next issue, and every kind of suppression."""
    with publication_here().reading() as books:
        counts = count_people(books)
    if format_ is Format.JSON:
        say_record(_data(counts))
        return
    for line in _lines(counts):
        say(line)


def _lines(counts: Counts) -> Iterator[str]:
    yield strong("On the list")
    for state, number in counts.states.items():
        yield _row(number, state.value)
    yield strong("Of the confirmed")
    yield _row(counts.owed, "are owed the next issue")
    yield _row(counts.paused, "pause")
    yield _row(counts.confirmed_and_suppressed, "are suppressed")
    yield strong("Suppressed, on the list or not")
    for kind, number in counts.suppressions.items():
        yield _row(number, kind.value)


def _row(number: int, what: str) -> str:
    line = f"{number:>8,}  {what}"
    return line if number else faint(line)


def _data(counts: Counts) -> dict[str, Any]:
    return {
        "states": {state.value: number for state, number in counts.states.items()},
        "owed": counts.owed,
        "paused": counts.paused,
        "confirmed_and_suppressed": counts.confirmed_and_suppressed,
        "suppressions": {kind.value: number for kind, number in counts.suppressions.items()},
    }
