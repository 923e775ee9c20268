"""Spans: one of each send of a run, and below it one of each mail transaction.

They name an issue, a run's number and a relay without its user: no reader. How many are kept is by
the SDK's own variables (OTEL_TRACES_SAMPLER); what is too much for the collector is dropped, and
holds up no message.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode, get_current_span

from newsletter.books import Run
from newsletter.clock import Clock
from newsletter.traces.trouble import trouble_heard

_NANO = 1_000_000_000
_USER = re.compile(r"//[^/@\s)]*@")
_WELL = "accepted"


class Traces:
    """A context manager. It watches a transport too, on the event loop of the send.

    `hear` is told, in whatever thread, where spans cannot be sent away.
    """

    def __init__(self, clock: Clock, hear: Callable[[str], object]) -> None:
        self._clock = clock
        self._heard = trouble_heard(hear)
        resource = Resource.create({SERVICE_NAME: "newsletter"})  # OTEL_SERVICE_NAME is stronger
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("newsletter")

    def __enter__(self) -> Self:
        self._heard.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """What was collected is sent first, for some seconds at the most."""
        self._provider.shutdown()
        self._heard.__exit__(kind, error, traceback)

    @contextmanager
    def sending(self, run: Run) -> Iterator[None]:
        """Whatever is done in the block, and in tasks that it begins, is below this span."""
        attributes: dict[str, str | int] = {"newsletter.issue": run.issue, "newsletter.run": run.id}
        with self._tracer.start_as_current_span("send", attributes=attributes):
            yield

    def replied(self, relay: str, verdict: str, seconds: float) -> None:
        """A mail transaction that has ended now, and for so long waited for its reply."""
        ended = int(self._clock().timestamp() * _NANO)
        span = self._tracer.start_span(
            "reply",
            kind=SpanKind.CLIENT,
            start_time=ended - int(seconds * _NANO),
            attributes={"newsletter.relay": _shown(relay), "newsletter.verdict": verdict},
        )
        if verdict != _WELL:
            span.set_status(Status(StatusCode.ERROR, verdict))
        span.end(end_time=ended)

    def lost(self, relay: str) -> None:
        get_current_span().add_event("session lost", {"newsletter.relay": _shown(relay)})

    def failed(self, relay: str) -> None:
        get_current_span().add_event("relay fault", {"newsletter.relay": _shown(relay)})


def _shown(relay: str) -> str:
    return _USER.sub("//", relay)
