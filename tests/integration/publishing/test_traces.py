"""Traces as a collector gets them, of a real send; and nothing where none is named."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from newsletter.books import Run
from newsletter.clock import now
from newsletter.publishing.measuring import watching
from newsletter.publishing.sending import Send, open_run, send
from newsletter.publishing.terms import Listener
from newsletter.traces import are_wanted, open_traces
from newsletter.traces.spans import Traces
from tests.collector import ENDPOINT, Collector, collecting
from tests.integration.publishing.conftest import FRIDAY, World


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with collecting() as collector:
        monkeypatch.setenv(ENDPOINT, collector.url)
        yield collector


class Traced(Listener):
    def __init__(self, traces: Traces) -> None:
        self._traces = traces

    def sending(self, run: Run) -> AbstractContextManager[None]:
        return self._traces.sending(run)


def test_send_is_a_span_with_one_below_it_for_each_message(
    ready_world: World, collector: Collector
) -> None:
    world = ready_world
    with open_traces(now) as traces:
        books = replace(world.books(), publication=watching(world.publication, traces))
        ready = world.ready(world.path, FRIDAY)
        run = open_run(ready, books)
        asyncio.run(send(Send(books=books, ready=ready, run=run, listener=Traced(traces))))

    (whole,) = collector.named("send")
    replies = collector.named("reply")
    attributes = {each.key: each.value for each in whole.attributes}

    assert 4 == len(replies)
    assert {whole.span_id} == {span.parent_span_id for span in replies}
    assert "2026-11-27" == attributes["newsletter.issue"].string_value
    assert run.id == attributes["newsletter.run"].int_value
    assert all(span.start_time_unix_nano <= span.end_time_unix_nano for span in replies)
    assert "@" not in collector.words()


def test_without_the_variable_nothing_is_wanted_and_nothing_loaded() -> None:
    assert not are_wanted({})
    assert not are_wanted({ENDPOINT: "http://localhost:4318", "OTEL_SDK_DISABLED": "true"})

    code = (
        "import sys, newsletter.cli.run, newsletter.publishing.sending;"
        "print([n for n in sys.modules if n.startswith(('opentelemetry', 'prometheus_client'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert "[]\n" == done.stdout, done.stderr
