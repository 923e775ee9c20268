"""Traces as a collector gets them, of a real send; and nothing where none is named."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from newsletter.books import Run
from newsletter.clock import now
from newsletter.publishing.measuring import watching
from newsletter.publishing.sending import Send, open_run, send
from newsletter.publishing.terms import Listener
from newsletter.traces import are_wanted, open_traces
from newsletter.traces.spans import Traces
from tests.integration.publishing.conftest import FRIDAY, World

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The spans that were sent."""
    spans: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                import gzip

                body = gzip.decompress(body)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    spans.extend(scope.spans)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{server.server_address[1]}")
    yield spans
    server.shutdown()
    server.server_close()
    thread.join()


class Traced(Listener):
    def __init__(self, traces: Traces) -> None:
        self._traces = traces

    def sending(self, run: Run) -> AbstractContextManager[None]:
        return self._traces.sending(run)


def test_send_is_a_span_with_one_below_it_for_each_message(
    ready_world: World, collector: list[Any]
) -> None:
    world = ready_world
    with open_traces(now) as traces:
        books = replace(world.books(), publication=watching(world.publication, traces))
        ready = world.ready(world.path, FRIDAY)
        run = open_run(ready, books)
        asyncio.run(send(Send(books=books, ready=ready, run=run, listener=Traced(traces))))

    (whole,) = [span for span in collector if span.name == "send"]
    replies = [span for span in collector if span.name == "reply"]
    attributes = {each.key: each.value for each in whole.attributes}

    assert 4 == len(replies)
    assert {whole.span_id} == {span.parent_span_id for span in replies}
    assert "2026-11-27" == attributes["newsletter.issue"].string_value
    assert run.id == attributes["newsletter.run"].int_value
    assert all(span.start_time_unix_nano <= span.end_time_unix_nano for span in replies)
    assert "@" not in "".join(map(str, collector))


def test_without_the_variable_nothing_is_wanted_and_nothing_loaded() -> None:
    assert not are_wanted({})
    assert not are_wanted({ENDPOINT: "http://localhost:4318", "OTEL_SDK_DISABLED": "true"})

    code = (
        "import sys, newsletter.cli.run, newsletter.publishing.sending;"
        "print([n for n in sys.modules if n.startswith(('opentelemetry', 'prometheus_client'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert "[]\n" == done.stdout, done.stderr
