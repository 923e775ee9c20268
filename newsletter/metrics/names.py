"""The metrics by name: of which type, with which labels, and what they say.

The names follow Prometheus' conventions: base units, `_total` for what only grows. No label holds
an address, and each has few values: issues that are not over, relays, states. docs/monitoring.md
has the same table, and a test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Books: true for the whole fleet, whoever is asked. Process: counted by the one asked."""

    BOOKS = "books"
    PROCESS = "process"


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """`name` is as it is written and queried; a histogram's has `_bucket` and others behind it."""

    name: str
    type: str
    source: Source
    labels: tuple[str, ...]
    help: str


def _of(source: Source, name: str, type_: str, help_: str, *labels: str) -> Metric:
    return Metric(name=name, type=type_, source=source, labels=labels, help=help_)


_B, _P = Source.BOOKS, Source.PROCESS

METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        _of(_B, "newsletter_database_up", "gauge", "Whether the database answered."),
        _of(_B, "newsletter_runs", "gauge", "Runs that are not over.", "state"),
        _of(
            _B,
            "newsletter_deliveries",
            "gauge",
            "Deliveries of runs that are not over; planned is the queue, accepted is sent.",
            "issue",
            "state",
        ),
        _of(
            _B,
            "newsletter_refused",
            "gauge",
            "Refused deliveries of runs that are not over, by what the relay objects to.",
            "issue",
            "kind",
        ),
        _of(
            _B,
            "newsletter_oldest_planned_age_seconds",
            "gauge",
            "How long the oldest planned delivery of a running run has waited.",
            "issue",
        ),
        _of(
            _B,
            "newsletter_run_faults",
            "gauge",
            "Faults in a row that a run which is not over has met.",
            "issue",
        ),
        _of(_B, "newsletter_in_doubt", "gauge", "People in doubt, in nobody's hands, of all runs."),
        _of(
            _B,
            "newsletter_returns_total",
            "counter",
            "What has come back: bounces, complaints and the like, by what was made of it.",
            "kind",
            "made",
        ),
        _of(
            _B,
            "newsletter_processes",
            "gauge",
            "Processes by their heartbeats; silent is dead or hanging.",
            "kind",
            "state",
        ),
        _of(
            _B,
            "newsletter_last_heartbeat_timestamp_seconds",
            "gauge",
            "The newest heartbeat of a kind of process.",
            "kind",
        ),
        _of(_B, "newsletter_slots", "gauge", "Slots to come, overdue or missed.", "state"),
        _of(
            _B,
            "newsletter_next_slot_timestamp_seconds",
            "gauge",
            "The next slot that has an issue; left out where there is none.",
        ),
        _of(_B, "newsletter_letters_due", "gauge", "Confirmations and welcomes that are due."),
        _of(
            _B,
            "newsletter_oldest_letter_age_seconds",
            "gauge",
            "How long the oldest of them has been due.",
        ),
        _of(
            _P,
            "newsletter_replies_total",
            "counter",
            "Replies of relays to messages handed over by this process.",
            "relay",
            "verdict",
        ),
        _of(
            _P,
            "newsletter_relay_reply_seconds",
            "histogram",
            "Seconds to the reply: from the final dot, or from MAIL where that was refused.",
            "relay",
        ),
        _of(
            _P,
            "newsletter_sessions_lost_total",
            "counter",
            "Sessions that ended before the content could have been taken.",
            "relay",
        ),
        _of(
            _P,
            "newsletter_relay_faults_total",
            "counter",
            "Refusals of a relay that were meant for us, and connections that could not be made.",
            "relay",
        ),
        _of(_P, "newsletter_ticks_total", "counter", "Looks at the schedule, or at the shards."),
        _of(
            _P,
            "newsletter_last_tick_timestamp_seconds",
            "gauge",
            "When this process looked last.",
        ),
    )
}
