"""`newsletter next`: what should be done now, on one screen, each thing with its command."""

import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from textwrap import wrap
from typing import Annotated, Any

import typer

from newsletter.cli.agenda_words import command, rest_line, sentence, slot_line
from newsletter.cli.console import bad, columns_of, cool, faint, good, say, strong, warning
from newsletter.cli.formats import AsFormat, Format, Record, moment, say_record
from newsletter.cli.opening import publication_here
from newsletter.publishing.agenda import Agenda, Fact, Item, Kind, Urgency, agenda_of
from newsletter.publishing.outside import Outside

_HEADINGS: Mapping[Urgency, tuple[str, Callable[[str], str]]] = {
    Urgency.NOW: ("Now", bad),
    Urgency.NEXT: ("Next", warning),
    Urgency.NOTE: ("Good to know", faint),
}


def next_(
    format_: AsFormat = Format.TEXT,
    online: Annotated[
        bool, typer.Option("--online", help="Ask the site too, by its public address.")
    ] = False,
) -> None:
    """Say what should be done now, the most urgent first, each thing with its command.

    Nothing is changed and nothing is sent.
    """
    publication = publication_here(quietly=True)
    agenda = agenda_of(publication, outside=Outside() if online else None)
    if format_ is Format.JSON:
        say_record(_record(agenda))
        return
    for line in _lines(agenda, columns_of(sys.stdout)):
        say(line)


def _lines(agenda: Agenda, width: int | None) -> Iterator[str]:
    now = agenda.made_at
    yield f"{strong(agenda.name)}  {faint(f'{now:%A} {now.day} {now:%B %Y}, {now:%H:%M}')}"
    yield from _wrapped(f"Next slot: {slot_line(agenda.next_slot, agenda)}", "", width)
    if not agenda.of(Urgency.NOW) and not agenda.of(Urgency.NEXT):
        yield good(rest_line(agenda))
    for urgency, (heading, paint) in _HEADINGS.items():
        if items := agenda.of(urgency):
            yield ""
            yield paint(heading)
            for item in items:
                yield from _item_lines(item, agenda, width)


def _item_lines(item: Item, agenda: Agenda, width: int | None) -> Iterator[str]:
    first, *others = _wrapped(sentence(item, agenda), "  ", width)
    yield first.replace(item.issue, strong(item.issue), 1) if item.issue else first
    yield from others
    if item.kind is Kind.FINDINGS:
        yield from _first_findings(item, width)
    if said := command(item):
        yield f"    {cool(said)}"


def _first_findings(item: Item, width: int | None) -> Iterator[str]:
    named = item.facts["first"]
    assert isinstance(named, tuple)
    for words in named:
        yield from map(faint, _wrapped(words, "    ", width))


def _wrapped(text: str, indent: str, width: int | None) -> list[str]:
    """In the terminal's width, between words; elsewhere it stays one line."""
    if width is None:
        return [f"{indent}{text}"]
    return wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _record(agenda: Agenda) -> Record:
    slot = agenda.next_slot
    return {
        "publication": agenda.name,
        "made_at": moment(agenda.made_at),
        "next_slot": {
            "date": slot.day.isoformat(),
            "time": f"{slot.time:%H:%M}",
            "zone": slot.zone,
            "at": moment(slot.at),
            "issue": slot.issue or None,
        },
        "items": [_item_record(item, agenda) for item in agenda.items],
    }


def _item_record(item: Item, agenda: Agenda) -> Record:
    return {
        "kind": item.kind.value,
        "urgency": item.urgency.value,
        "issue": item.issue or None,
        "facts": {name: _fact(fact) for name, fact in item.facts.items()},
        "text": sentence(item, agenda),
        "command": command(item) or None,
    }


def _fact(fact: Fact) -> Any:
    return moment(fact) if isinstance(fact, datetime) else fact
