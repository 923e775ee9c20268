"""The door of the traces: what a send does, as OpenTelemetry's spans, for who collects them.

On where the standard's own variable names a collector; else nothing of it is loaded, and a send
is not watched by anybody. The extra is `traces`.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from newsletter.clock import Clock
from newsletter.errors import MissingExtraError

if TYPE_CHECKING:
    from newsletter.traces.spans import Traces as Traces

__all__ = ["are_wanted", "open_traces"]

_VARIABLES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_OFF = "OTEL_SDK_DISABLED"


def are_wanted(environ: Mapping[str, str]) -> bool:
    """By OpenTelemetry's own variables (its specification, "OTLP Exporter Configuration").

    >>> are_wanted({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"})
    True
    """
    is_off = environ.get(_OFF, "").lower() == "true"
    return not is_off and any(environ.get(name) for name in _VARIABLES)


def open_traces(clock: Clock, hear: Callable[[str], object]) -> "Traces":
    """A context manager; its spans go to where the variables say, and `hear` is told where they
    cannot. Raises MissingExtraError.
    """
    try:
        from newsletter.traces.spans import Traces
    except ImportError as error:
        raise MissingExtraError("Tracing", extra="traces") from error
    return Traces(clock, hear)
