"""The figures of the books as Prometheus reads them, read anew when they are asked for.

They are kept for some seconds, and longer where reading them takes long: however often somebody
asks, and however large the journal is, at most a tenth of one connection's time goes into it.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from newsletter.books import (
    DeliveryState,
    FleetFigures,
    Kind,
    ReturnEffect,
    ReturnKind,
    RunFigures,
    RunState,
)
from newsletter.errors import NewsletterError
from newsletter.metrics.names import METRICS

KEPT = 5.0
"""Seconds for which figures are given out again, at the least."""

PATIENCE = 8.0
"""Seconds to wait for them: a scraper waits for ten, and a database that is locked does not answer.
"""

_SHARE = 10
"""They are kept so many times as long as it took to read them."""

_SITE = "site"
_KINDS: Mapping[str, str] = {
    "1": "address",
    "2": "mailbox",
    "3": "mail system",
    "4": "network",
    "5": "protocol",
    "6": "content",
    "7": "policy",
}
"""The subject of an enhanced status code (RFC 3463, 2)."""


_WATCHED = (
    (ReturnKind.HARD, ReturnEffect.SUPPRESSED),
    (ReturnKind.SOFT, ReturnEffect.COUNTED),
    (ReturnKind.BLOCKED, ReturnEffect.NOTED),
    (ReturnKind.COMPLAINT, ReturnEffect.SUPPRESSED),
)


@dataclass(frozen=True, slots=True)
class _Kept:
    figures: FleetFigures | None
    until: float


class BooksCollector(Collector):
    """`read` raises NewsletterError where the books cannot be read."""

    def __init__(self, read: Callable[[], FleetFigures], patience: float = PATIENCE) -> None:
        self._read = read
        self._patience = patience
        self._kept = _Kept(None, 0.0)
        self._reading: threading.Event | None = None
        self._lock = threading.Lock()

    def figures(self) -> FleetFigures | None:
        """None where the database did not answer, or not in time. One thread reads, and all who
        ask meanwhile wait for it.
        """
        with self._lock:
            if self._reading is None and time.monotonic() < self._kept.until:
                return self._kept.figures
            if self._reading is None:
                self._reading = threading.Event()
                reading = threading.Thread(target=self._go, args=(self._reading,), daemon=True)
                reading.start()
            done = self._reading
        is_in_time = done.wait(self._patience)
        with self._lock:
            return self._kept.figures if is_in_time else None

    def _go(self, done: threading.Event) -> None:
        began = time.monotonic()
        found = None
        try:
            found = self._found()
        finally:
            ended = time.monotonic()
            with self._lock:
                self._kept = _Kept(found, ended + max(KEPT, _SHARE * (ended - began)))
                self._reading = None
            done.set()

    def _found(self) -> FleetFigures | None:
        try:
            return self._read()
        except NewsletterError:
            return None

    def describe(self) -> Iterator[Metric]:
        """Nothing: what is registered is not to be read for it."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        figures = self.figures()
        up = _gauge("newsletter_database_up")
        up.add_metric([], float(figures is not None))
        yield up
        if figures is not None:
            yield from _of_runs(figures)
            yield from _of_processes(figures)
            yield from _of_slots(figures)
            yield from _of_letters(figures)
            yield _of_returns(figures)


def _gauge(name: str) -> GaugeMetricFamily:
    metric = METRICS[name]
    return GaugeMetricFamily(name, metric.help, labels=metric.labels)


def _of_runs(figures: FleetFigures) -> Iterator[Metric]:
    runs = _gauge("newsletter_runs")
    states = Counter(run.state for run in figures.runs)
    for state in (RunState.FREEZING, RunState.RUNNING, RunState.PAUSED):
        runs.add_metric([state.value], states[state])
    yield runs
    counts, refused = _gauge("newsletter_deliveries"), _gauge("newsletter_refused")
    oldest, faults = (
        _gauge("newsletter_oldest_planned_age_seconds"),
        _gauge("newsletter_run_faults"),
    )
    for run in figures.runs:
        for delivery_state in DeliveryState:
            counts.add_metric([run.issue, delivery_state.value], run.counts.get(delivery_state, 0))
        for kind, count in _refused(run).items():
            refused.add_metric([run.issue, kind], count)
        if run.state is RunState.RUNNING and run.waiting_since:
            oldest.add_metric([run.issue], _age(run.waiting_since, figures))
        faults.add_metric([run.issue], figures.faults.get(run.issue, 0))
    yield from (counts, refused, oldest, faults)
    doubts = _gauge("newsletter_in_doubt")
    doubts.add_metric([], figures.in_doubt)
    yield doubts


def _refused(run: RunFigures) -> Mapping[str, int]:
    """By kind, all of which are there from the first refusal on."""
    found = Counter[str]()
    for code, count in run.refused.items():
        subject = code.split(".")[1] if code.count(".") == 2 else ""
        found[_KINDS.get(subject, "other")] += count
    return found


def _of_processes(figures: FleetFigures) -> Iterator[Metric]:
    processes = _gauge("newsletter_processes")
    last = _gauge("newsletter_last_heartbeat_timestamp_seconds")
    for kind in (Kind.DAEMON.value, Kind.WORKER.value, _SITE):
        beats = [
            beat
            for beat in figures.heartbeats
            if kind == (_SITE if beat.serves_site else beat.kind.value)
        ]
        silent = sum(beat.is_silent(figures.at) for beat in beats)
        processes.add_metric([kind, "alive"], len(beats) - silent)
        processes.add_metric([kind, "silent"], silent)
        if beats:
            last.add_metric([kind], max(beat.beat_at for beat in beats).timestamp())
    yield processes
    yield last


def _of_slots(figures: FleetFigures) -> Iterator[Metric]:
    slots = _gauge("newsletter_slots")
    slots.add_metric(["scheduled"], figures.scheduled)
    slots.add_metric(["overdue"], figures.overdue)
    slots.add_metric(["missed"], figures.missed)
    yield slots
    following = _gauge("newsletter_next_slot_timestamp_seconds")
    if figures.next_slot_at:
        following.add_metric([], figures.next_slot_at.timestamp())
    yield following


def _of_letters(figures: FleetFigures) -> Iterator[Metric]:
    due, oldest = _gauge("newsletter_letters_due"), _gauge("newsletter_oldest_letter_age_seconds")
    due.add_metric([], figures.letters.due)
    since = figures.letters.oldest_due_at
    oldest.add_metric([], _age(since, figures) if since else 0.0)
    yield due
    yield oldest


def _age(since: datetime, figures: FleetFigures) -> float:
    return max(figures.at - since, timedelta()).total_seconds()


def _of_returns(figures: FleetFigures) -> Metric:
    """Those that matter are there from the start: a rate needs the zero before the one."""
    metric = METRICS["newsletter_returns_total"]
    family = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
    for (kind, effect), count in {**dict.fromkeys(_WATCHED, 0), **figures.returns}.items():
        family.add_metric([kind.value, effect.value], count)
    return family
