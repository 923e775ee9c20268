"""Traces as a collector gets them, of a real send; and nothing where none is named."""

import asyncio
import logging
import socket
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
from newsletter.traces.trouble import trouble_heard
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
    world, heard = ready_world, list[str]()
    with open_traces(now, heard.append) as traces:
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
    assert [] == heard


def test_collector_that_is_away_is_told_in_our_log_and_not_by_the_sdk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    heard = list[str]()
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))  # nobody listens there
        monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{deaf.getsockname()[1]}")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
        with open_traces(now, heard.append) as traces:
            traces.replied("smtp://relay.example", "accepted", 0.1)

    assert "" == capsys.readouterr().err
    assert heard
    assert all("spans" in text for text in heard)


def test_the_same_trouble_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    heard, logger = list[str](), logging.getLogger("opentelemetry.sdk.somewhere")
    with trouble_heard(heard.append):
        for seconds in (1.1, 2.2):
            logger.warning("trouble, retrying in %.1f s\nand more", seconds)
        logger.error("another")
        logger.info("nothing")

    assert ["trouble, retrying in 1.1 s", "another"] == heard
    assert "" == capsys.readouterr().err
    assert logging.getLogger("opentelemetry").propagate


def test_without_the_variable_nothing_is_wanted_and_nothing_loaded() -> None:
    assert not are_wanted({})
    assert not are_wanted({ENDPOINT: "http://localhost:4318", "OTEL_SDK_DISABLED": "true"})

    code = (
        "import sys, newsletter.cli.run, newsletter.publishing.sending;"
        "print([n for n in sys.modules if n.startswith(('opentelemetry', 'prometheus_client'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert "[]\n" == done.stdout, done.stderr
