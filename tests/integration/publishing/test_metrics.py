"""Metrics as Prometheus fetches them: the text by its own parsers, the figures by real books."""

import asyncio
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from newsletter.addresses import AddrSpec
from newsletter.books import Attempt, DeliveryState, Kind, NewRun, Outcome, Run
from newsletter.errors import OutputError
from newsletter.metrics import METRICS, Place, Source, metrics_server, parse_place
from newsletter.metrics.books import BooksCollector
from newsletter.metrics.server import MetricsServer
from newsletter.publishing.measuring import reader_of, watching
from newsletter.publishing.sending import Send, open_run, send
from newsletter.settings import Secret
from newsletter.subscribers import AudienceMember
from newsletter.transports import Envelope, Reply, Stage
from tests.integration.publishing.conftest import BEFORE, FRIDAY, SLOT, World
from tests.turns import begin, settle

PROMTOOL = shutil.which("promtool")
OWNER = "friday process 812 since 2026-11-25 06:00:00 UTC [elsewhere/1/2 812 3]"
ROOT = Path(__file__).parents[3]
needs_promtool = pytest.mark.skipif(not PROMTOOL, reason="promtool is not installed")

Samples = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


def served(world: World) -> MetricsServer:
    return metrics_server(Place(port=0), reader_of(world.publication))


def asked(server: MetricsServer, path: str = "/metrics") -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{server.url}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def samples(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(text: str, name: str, **labels: str) -> float | None:
    return samples(text).get((name, frozenset(labels.items())))


def begun(world: World, issue: str = "2026-11-27") -> Run:
    audience = [
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{n}", "example.com"))
        for n in range(4)
    ]
    new = NewRun(issue=issue, digest="d", subject="Five stories", message_date=BEFORE)
    return world.database.runs.open(new, audience, BEFORE, by="ada", owner="nobody")


def refused(world: World, run: Run) -> None:
    """One refused, one in doubt, two planned."""
    claims = world.database.journal.claim(run.id, OWNER, BEFORE, timedelta(minutes=5), 2)
    begin(world.database, claims, BEFORE)
    attempt = Attempt(BEFORE, BEFORE, "rcpt", 550, "5.1.1", "no such mailbox", "recording:")
    outcome = Outcome(delivery=claims[0], state=DeliveryState.REFUSED, attempt=attempt)
    settle(world.database, [outcome], BEFORE)


@pytest.fixture
def text(world: World) -> Iterator[str]:
    """With something of everything."""
    world.schedule("2026-11-26", FRIDAY - timedelta(days=1))
    refused(world, begun(world))
    world.database.heartbeats.beat(OWNER, BEFORE, BEFORE, "waiting", Kind.WORKER)
    world.now = SLOT + timedelta(minutes=10)
    with served(world) as server:
        server.counting.replied("smtp://ada:***@smtp.example.com:25", "accepted", 0.03)
        server.counting.lost("smtp://smtp.example.com:25")
        server.counting.failed("smtp://smtp.example.com:25")
        server.counting.ticked()
        yield asked(server)[1]


def test_figures_of_the_books_are_those_of_the_fleet(text: str) -> None:
    issue = "2026-11-27"

    assert 1 == value(text, "newsletter_database_up")
    assert 2 == value(text, "newsletter_deliveries", issue=issue, state="planned")
    assert 1 == value(text, "newsletter_deliveries", issue=issue, state="in_doubt")
    assert 0 == value(text, "newsletter_deliveries", issue=issue, state="accepted")
    assert 1 == value(text, "newsletter_refused", issue=issue, kind="address")
    assert 1 == value(text, "newsletter_in_doubt")
    assert 1 == value(text, "newsletter_runs", state="running")
    assert 1 == value(text, "newsletter_processes", kind="worker", state="silent")
    assert 1 == value(text, "newsletter_slots", state="overdue")
    waits = (SLOT - BEFORE + timedelta(minutes=10)).total_seconds()
    assert waits == value(text, "newsletter_oldest_planned_age_seconds", issue=issue)


def test_process_counts_its_own_work_and_names_no_user(text: str) -> None:
    relay = "smtp://smtp.example.com:25"

    assert 1 == value(text, "newsletter_replies_total", relay=relay, verdict="accepted")
    assert 1 == value(text, "newsletter_relay_reply_seconds_bucket", relay=relay, le="0.05")
    assert 0 == value(text, "newsletter_relay_reply_seconds_bucket", relay=relay, le="0.025")
    assert 1 == value(text, "newsletter_ticks_total")
    assert "ada" not in text
    assert "@" not in text


def test_every_metric_is_told_with_its_type_and_labels_and_no_other_is(text: str) -> None:
    families = [f for f in text_string_to_metric_families(text) if f.name.startswith("newsletter")]
    found = {
        family.name + ("_total" if family.type == "counter" else ""): (
            family.type,
            {label for sample in family.samples for label in sample.labels} - {"le"},
        )
        for family in families
    }

    assert {m.name: (m.type, set(m.labels)) for m in METRICS.values()} == found


@needs_promtool
def test_promtool_finds_nothing_to_complain_of(text: str) -> None:
    assert PROMTOOL
    done = subprocess.run(
        [PROMTOOL, "check", "metrics"], input=text, capture_output=True, text=True, timeout=60
    )

    assert (0, "") == (done.returncode, done.stderr)


def test_database_that_is_away_is_a_figure_and_no_fault(world: World) -> None:
    environment = replace(
        world.settings.environment, database=Secret(f"sqlite:///{world.folder}/none.db")
    )
    away = replace(world, settings=replace(world.settings, environment=environment))
    with served(away) as server:
        found, said = asked(server), asked(server, "/healthz")

    assert (200, 0) == (found[0], value(found[1], "newsletter_database_up"))
    assert (503, "the database does not answer\n") == said
    assert value(found[1], "newsletter_in_doubt") is None


def test_healthz_is_well_and_what_is_not_there_is_not_found(world: World) -> None:
    with served(world) as server:
        assert (200, "ok\n") == asked(server, "/healthz")
        assert 404 == asked(server, "/secret")[0]


def test_books_are_read_once_however_many_ask(world: World) -> None:
    reads = []
    read = reader_of(world.publication)

    def counted() -> object:
        reads.append(1)
        return read()

    collector = BooksCollector(counted)  # type: ignore[arg-type]
    for _ in range(5):
        list(collector.collect())

    assert [1] == reads


def test_port_that_is_taken_is_told(world: World) -> None:
    with served(world) as server:
        port = int(server.url.rpartition(":")[2])
        with pytest.raises(OutputError, match="cannot be served"):
            metrics_server(Place(port=port), reader_of(world.publication))


@pytest.mark.parametrize("text", ["", "localhost", "1:2:three", "99999", "-1"])
def test_place_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="HOST"):
        parse_place(text)


class Heard:
    """A watcher that keeps what it is told."""

    def __init__(self) -> None:
        self.replies: list[tuple[str, str, float]] = []

    def replied(self, relay: str, verdict: str, seconds: float) -> None:
        self.replies.append((relay, verdict, seconds))

    def lost(self, relay: str) -> None: ...

    def failed(self, relay: str) -> None: ...


def test_send_that_is_watched_is_the_same_send(ready_world: World) -> None:
    heard, world = Heard(), ready_world
    books = replace(world.books(), publication=watching(world.publication, heard))
    ready = world.ready(world.path, FRIDAY)

    asyncio.run(send(Send(books=books, ready=ready, run=open_run(ready, books))))

    assert ["accepted"] * 4 == [verdict for _, verdict, _ in heard.replies]
    assert all(0 <= seconds < 60 for _, _, seconds in heard.replies)
    assert 4 == len(world.readers)


def test_journals_own_time_is_not_the_relays(world: World) -> None:
    """What is measured begins when the content may be taken."""
    heard = Heard()
    publication = watching(world.publication, heard)

    async def slow_journal() -> None:
        await asyncio.sleep(0.3)

    async def deliver() -> Reply:
        async with publication.open_transport() as transport:
            session = await transport.open()
            envelope = Envelope(reverse_path="a@example.com", recipient="b@example.com")
            return await session.deliver(
                envelope, b"Message-ID: <1@example.com>\r\n\r\n", before_content=slow_journal
            )

    assert Stage.FINAL_DOT is asyncio.run(deliver()).stage
    assert heard.replies[0][2] < 0.3


def test_page_has_every_metric_and_no_other() -> None:
    """docs/monitoring.md, the table of metrics."""
    page = (ROOT / "docs/monitoring.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `newsletter_")]

    assert [row_of(name) for name in METRICS] == rows


def row_of(name: str) -> str:
    metric = METRICS[name]
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    by = "all" if metric.source is Source.BOOKS else "process"
    return f"| `{name}` | {metric.type} | {labels} | {by} | {metric.help} |"
