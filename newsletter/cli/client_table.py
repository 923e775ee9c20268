"""The table of mail programs: how much each of them shows of what an issue's e-mail uses."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from newsletter.client_support import ClientCount, say_clients
from newsletter.publishing.mail_programs import ClientReport

_WIDTH = 80
_BAR = 16
_SIGNS = (("█", "green"), ("▓", "yellow"), ("░", "red"))
_LEAST_KNOWN = 0.5
"""Of the features in use: a client of which less is known gets no row."""


def report_lines(report: ClientReport) -> Iterator[str]:
    """The whole report but for the findings, at most 80 columns wide, in colour on a terminal."""
    console = Console(highlight=False, markup=False)
    width = min(console.width, _WIDTH)
    with console.capture() as captured:
        for part in _parts(report, has_rule=console.is_terminal):
            console.print(part, width=width)
    return (line.rstrip() for line in captured.get().strip("\n").split("\n"))


def _parts(report: ClientReport, *, has_rule: bool) -> Iterator[Any]:
    noted = say_clients(report.of_note, report.of_note)
    yield _table(report, has_rule=has_rule)
    yield ""
    yield f"{report.features} features in use, per {report.data}. Of note: {noted}."
    too_few = [one.client.name for one in report.counts if one not in known_well(report)]
    if too_few:
        yield f"Too little is known about {', '.join(too_few)}."
    if report.made:
        yield "\nMade by MJML or for the issue's text, so no template is to blame:"
        yield _made(report)


def _table(report: ClientReport, *, has_rule: bool) -> Any:
    """A row for each client, families together, those of note not dimmed."""
    table = Table(box=SIMPLE_HEAD if has_rule else None, pad_edge=False, header_style="bold")
    table.add_column("mail program", no_wrap=True)
    table.add_column("", no_wrap=True)
    for name in ("fully", "partly", "not", "untested"):
        table.add_column(name, justify="right", no_wrap=True, min_width=len(name))
    table.add_column("", no_wrap=True)
    noted = {client.key for client in report.of_note}
    family = ""
    for count in known_well(report):
        client = count.client
        numbers = (count.fully, count.partly, count.lacking, count.untested)
        table.add_row(
            client.family if client.family != family else "",
            client.platform,
            *(str(number) if number else "·" for number in numbers),
            _bar(count, report.features),
            style="" if client.key in noted else "dim",
        )
        family = client.family
    return table


def known_well(report: ClientReport) -> Sequence[ClientCount]:
    """The clients of which enough is known to compare them."""
    most = (1 - _LEAST_KNOWN) * report.features
    return [count for count in report.counts if count.untested <= most]


def _bar(count: ClientCount, features: int) -> Any:
    """Fully in green, partly in yellow, not in red; as long as the features are many."""
    text, begin, done = Text(), 0, 0
    numbers = (count.fully, count.partly, count.lacking)
    for number, (sign, colour) in zip(numbers, _SIGNS, strict=True):
        done += number
        end = round(_BAR * done / max(features, 1))
        text.append(sign * (end - begin), style=colour)
        begin = end
    return text


def _made(report: ClientReport) -> Any:
    grid = Table.grid(padding=(0, 2, 0, 0))
    for lack in report.made:
        grid.add_row(lack.feature.title, f"not in {say_clients(lack.not_in, report.of_note)}")
    return Padding(grid, (0, 0, 0, 2))


def as_data(report: ClientReport) -> dict[str, Any]:
    """The table for other programs, with every client."""
    return {
        "data": report.data,
        "features": report.features,
        "of_note": [client.key for client in report.of_note],
        "clients": [
            {
                "client": count.client.key,
                "name": count.client.name,
                "fully": count.fully,
                "partly": count.partly,
                "not": count.lacking,
                "untested": count.untested,
            }
            for count in report.counts
        ],
        "made": {lack.feature.slug: [client.key for client in lack.not_in] for lack in report.made},
        "allowed": {
            lack.feature.slug: [allowance.reason for allowance in lack.allowed]
            for lack in report.allowed
        },
    }
