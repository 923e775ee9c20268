"""Metrics beside whatever lives long: served where they are asked for, and else nothing at all.

`newsletter run` and `newsletter worker` both enter this; what is measured is `newsletter.metrics`'.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.publishing.publication import Publication

if TYPE_CHECKING:
    from newsletter.metrics import Counting, Place


def _place(text: str) -> "Place":
    from newsletter.metrics import parse_place

    try:
        return parse_place(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


MetricsPlace = Annotated[
    str | None,
    typer.Option(
        "--metrics",
        metavar="[HOST:]PORT",
        help="Serve /metrics for Prometheus, and /healthz; without a host, to this machine alone.",
    ),
]


class Instruments:
    """What a process counts of its work; nothing where nobody asks for it."""

    def __init__(self, counting: "Counting | None" = None) -> None:
        self._counting = counting

    def watching(self, publication: Publication) -> Publication:
        """The publication, with its relays' answers counted."""
        if self._counting is None:
            return publication
        from newsletter.publishing.measuring import watching

        return watching(publication, self._counting)

    def ticked(self) -> None:
        """The process has looked for work."""
        if self._counting is not None:
            self._counting.ticked()


@contextmanager
def metrics_at(
    text: str | None, publication: Publication, listening: Callable[[str], object]
) -> Iterator[Instruments]:
    """Serve until the block ends; `listening` is told where. Without a text, nothing is loaded.

    Raises MissingExtraError, OutputError, and typer's error for a text that is no place.
    """
    if text is None:
        yield Instruments()
        return
    from newsletter.metrics import metrics_server
    from newsletter.publishing.measuring import reader_of

    with metrics_server(_place(text), reader_of(publication)) as server:
        listening(server.url)
        yield Instruments(server.counting)
