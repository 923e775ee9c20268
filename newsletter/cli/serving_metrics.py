"""Metrics and traces of whatever lives long, where they are asked for, and else nothing at all.

`newsletter run` and `newsletter worker` both enter this; what is measured is `newsletter.metrics`'.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.books import Run
from newsletter.cli.daemon_log import DaemonLog
from newsletter.clock import now
from newsletter.publishing.publication import Publication
from newsletter.traces import are_wanted, open_traces

if TYPE_CHECKING:
    from newsletter.metrics import Counting, Place
    from newsletter.traces import Traces


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

    def __init__(self, counting: "Counting | None" = None, traces: "Traces | None" = None) -> None:
        self._counting = counting
        self._traces = traces

    def watching(self, publication: Publication) -> Publication:
        """The publication, with its relays' answers counted and traced."""
        for watcher in (self._counting, self._traces):
            if watcher is not None:
                from newsletter.publishing.measuring import watching

                publication = watching(publication, watcher)
        return publication

    def sending(self, run: Run) -> AbstractContextManager[None]:
        """To be entered round a send of the run."""
        return nullcontext() if self._traces is None else self._traces.sending(run)

    def ticked(self) -> None:
        """The process has looked for work."""
        if self._counting is not None:
            self._counting.ticked()


@contextmanager
def metrics_at(text: str | None, publication: Publication, log: DaemonLog) -> Iterator[Instruments]:
    """Serve until the block ends; the log says where. Without a text, nothing is loaded.

    Traces go to where OpenTelemetry's variables say. Raises MissingExtraError, OutputError, and
    typer's error for a text that is no place.
    """
    with ExitStack() as stack:
        counting = traces = None
        if text is not None:
            from newsletter.metrics import metrics_server
            from newsletter.publishing.measuring import reader_of

            server = stack.enter_context(metrics_server(_place(text), reader_of(publication)))
            log.measuring(server.url)
            counting = server.counting
        if are_wanted(os.environ):
            traces = stack.enter_context(open_traces(now, log.untraced))
        yield Instruments(counting, traces)
