"""What one process counts of its own work: replies, how long they took, faults, looks."""

import re

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

from newsletter.metrics.names import METRICS

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Seconds: from a relay beside us to one that scans every message before it answers."""

_USER = re.compile(r"//[^/@\s)]*@")


class Counting:
    """Registered where it is made. Any thread may count."""

    def __init__(self, registry: CollectorRegistry) -> None:
        # A series more for each, that nobody asks for.
        disable_created_metrics()  # type: ignore[no-untyped-call] # it publishes none
        ProcessCollector(registry=registry)
        self._replies = _counter("newsletter_replies_total", registry)
        self._lost = _counter("newsletter_sessions_lost_total", registry)
        self._faults = _counter("newsletter_relay_faults_total", registry)
        self._ticks = _counter("newsletter_ticks_total", registry)
        last, seconds = (
            METRICS["newsletter_last_tick_timestamp_seconds"],
            METRICS["newsletter_relay_reply_seconds"],
        )
        self._last = Gauge(last.name, last.help, registry=registry)
        self._seconds = Histogram(
            seconds.name, seconds.help, seconds.labels, buckets=_BUCKETS, registry=registry
        )

    def replied(self, relay: str, verdict: str, seconds: float) -> None:
        """`relay` is a transport's name; the user name in it is not told."""
        name = relay_label(relay)
        self._replies.labels(name, verdict).inc()
        self._seconds.labels(name).observe(seconds)

    def lost(self, relay: str) -> None:
        self._lost.labels(relay_label(relay)).inc()

    def failed(self, relay: str) -> None:
        self._faults.labels(relay_label(relay)).inc()

    def ticked(self) -> None:
        self._ticks.inc()
        self._last.set_to_current_time()


def relay_label(name: str) -> str:
    """A transport's name without the users in it, who may be addresses.

    >>> relay_label("smtps://ada%40example.com:***@smtp.example.com:465")
    'smtps://smtp.example.com:465'
    """
    return _USER.sub("//", name)


def _counter(name: str, registry: CollectorRegistry) -> Counter:
    metric = METRICS[name]
    return Counter(name, metric.help, metric.labels, registry=registry)
