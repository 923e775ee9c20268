"""The door of the metrics: what Prometheus is told, and the small server that tells it.

Figures of the whole fleet come from the books, those of one process from its own counting. Where
they are not asked for nothing of this is loaded. The extra is `metrics`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from newsletter.books import FleetFigures
from newsletter.errors import MissingExtraError
from newsletter.metrics.names import METRICS, Metric, Source
from newsletter.metrics.place import Place, parse_place

if TYPE_CHECKING:
    from newsletter.metrics.counting import Counting as Counting
    from newsletter.metrics.server import MetricsServer

__all__ = ["METRICS", "Metric", "Place", "Source", "metrics_server", "parse_place"]


def metrics_server(place: Place, read: Callable[[], FleetFigures]) -> "MetricsServer":
    """A server to be entered; `read` has the figures of the books, and is asked from its threads.

    Raises MissingExtraError without prometheus-client, OutputError where it cannot listen.
    """
    try:
        from newsletter.metrics.server import MetricsServer
    except ImportError as error:
        raise MissingExtraError("The page of figures for Prometheus", extra="metrics") from error
    return MetricsServer(place, read)
