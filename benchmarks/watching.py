"""`python -m benchmarks.watching [ROUNDS]`: what it costs a message to be watched, and not to be.

So many messages go through a transport that takes each at once: bare, as a process sends them that
nobody asks for figures or traces, and with either. Processor time of the whole process is counted,
that of the thread which sends traces away among it; the collector is a process of its own.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.publication import Publication as Folder
from benchmarks.sink import open_server

MESSAGES, ROUNDS = 20_000, 7
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
BARE, OFF = "the transport alone", "`newsletter run`, nothing asked for"
METRICS, TRACES = "with `--metrics`", "with traces, every send kept"
SAMPLED = "with traces, one send in ten kept"
CONTENT = b"Message-ID: <1@example.com>\r\n\r\nHello\r\n"


def measure(rounds: int = ROUNDS) -> str:
    """A table of the medians; each ratio is of two trials of one round."""
    found: dict[str, list[float]] = {}
    with (
        tempfile.TemporaryDirectory() as name,
        open_server("-m", "benchmarks.watching", "--collect") as port,
    ):
        os.environ[ENDPOINT] = f"http://127.0.0.1:{port}"
        folder = Folder(folder=Path(name))
        folder.lay_out()
        ways = {BARE: _bare, OFF: _off, METRICS: _metrics, TRACES: _traces, SAMPLED: _sampled}
        for _ in range(rounds):
            for what, way in ways.items():
                found.setdefault(what, []).append(_trial(folder, way))
    bare = found[BARE]
    rows = [
        f"| {what} | {statistics.median(costs):.1f} µs | "
        f"{statistics.median(cost / one for cost, one in zip(costs, bare, strict=True)):.2f} |"
        for what, costs in found.items()
    ]
    head = (
        "## What it costs to be watched\n\n"
        f"Measured by `python -m benchmarks.watching` on {datetime.now(UTC):%Y-%m-%d}: "
        f"{MESSAGES:,} messages through a transport that takes each at once, {rounds} rounds. "
        "Where nothing is asked for, what is sent through is the transport itself.\n\n"
        "| a message through a transport, CPU | median | of the first |\n|---|---|---|"
    )
    return "\n".join([head, *rows])


def _trial(folder: Folder, way: Callable[[ExitStack, Any], Any]) -> float:
    """Microseconds of CPU a message."""
    with ExitStack() as stack:
        publication = way(stack, _publication(folder))
        began = time.process_time()
        asyncio.run(_send(publication))
    return 1e6 * (time.process_time() - began) / MESSAGES  # what is left is sent away by then


async def _send(publication: Any) -> None:
    from newsletter.transports import Envelope

    envelope = Envelope(reverse_path="a@example.com", recipient="b@example.com")

    async def begun() -> None:
        return None

    async with publication.open_transport() as transport:
        session = await transport.open()
        for _ in range(MESSAGES):
            await session.deliver(envelope, CONTENT, before_content=begun)


def _publication(folder: Folder) -> Any:
    from newsletter.settings import load_settings
    from newsletter.transports.recording import RecordingTransport
    from newsletter.wiring import publication_of

    settings = load_settings(folder.folder, folder.environment())
    found = publication_of(settings, word=str, warn=lambda _: None)
    return replace(found, open_transport=RecordingTransport)


def _bare(_: ExitStack, publication: Any) -> Any:
    return publication


def _off(_: ExitStack, publication: Any) -> Any:
    from newsletter.cli.serving_metrics import Instruments

    return Instruments().watching(publication)


def _metrics(stack: ExitStack, publication: Any) -> Any:
    from newsletter.cli.serving_metrics import Instruments
    from newsletter.metrics import Place, metrics_server
    from newsletter.publishing.measuring import reader_of

    server = metrics_server(Place(port=0), reader_of(publication))
    return Instruments(counting=stack.enter_context(server).counting).watching(publication)


def _traces(stack: ExitStack, publication: Any) -> Any:
    from newsletter.cli.serving_metrics import Instruments
    from newsletter.clock import now
    from newsletter.traces import open_traces

    instruments = Instruments(traces=stack.enter_context(open_traces(now, lambda _: None)))
    run: Any = SimpleNamespace(issue="2026-11-27", id=1)
    stack.enter_context(instruments.sending(run))
    return instruments.watching(publication)


def _sampled(stack: ExitStack, publication: Any) -> Any:
    sampler = {"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.1"}
    os.environ |= sampler
    stack.callback(lambda: [os.environ.pop(name) for name in sampler])
    return _traces(stack, publication)


class _Collector(BaseHTTPRequestHandler):
    """Takes whatever is sent to it, and forgets it."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


def _collect() -> None:
    server = HTTPServer(("127.0.0.1", 0), _Collector)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1:] == ["--collect"]:
        _collect()
    else:
        print(measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
