"""What monitoring sees of real workers: figures, logs, traces and health, and no reader's name."""

import asyncio
import json
import re
import shutil
import subprocess
import urllib.request
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.collector import ENDPOINT, collecting
from tests.crash.fleet import ISSUE, Fleet, Worker, begin
from tests.crash.test_workers import play
from tests.faults.peer import Peer
from tests.pace import patience

__all__ = ["play"]

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]

REFUSED = frozenset({"reader3@example.com", "reader7@example.com"})
PROMTOOL = shutil.which("promtool")


async def scraped(worker: Worker) -> str:
    """What Prometheus would be told, as its own tool finds nothing to complain of."""
    place = next(found[1] for line in worker.lines if (found := re.search(r"(http\S+)", line)))
    place = place.rstrip('"}')

    def ask() -> str:
        with urllib.request.urlopen(place, timeout=patience(30)) as answer:
            text: str = answer.read().decode()
        if PROMTOOL:
            done = subprocess.run(
                [PROMTOOL, "check", "metrics"], input=text, capture_output=True, text=True
            )
            assert (0, "") == (done.returncode, done.stderr)
        return text

    return await asyncio.to_thread(ask)


def total(text: str, name: str, **labels: str) -> float:
    """The sum of a metric's samples that have these labels."""
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


def test_figures_logs_and_traces_of_workers_are_those_of_the_run(
    play: Callable[..., Peer],
) -> None:
    async def scenario(fleet: Fleet, peer: Peer) -> None:
        peer.refuses = REFUSED
        await begin(fleet, 4)
        with collecting() as collector:
            seen = ("worker", "--metrics", "0", "--log-format", "json")
            fleet.publication.environment[ENDPOINT] = collector.url
            two = [await fleet.start(*seen) for _ in range(2)]
            await fleet.until(lambda: len(peer.log) > 40)
            amid = await scraped(two[0])
            looked = total(amid, "newsletter_ticks_total")
            await fleet.until(lambda: fleet.run_state() == "complete")
            ends = [await scraped(each) for each in two]
            assert [0, 0] == [await fleet.stop(each) for each in two]

        assert 2 == total(amid, "newsletter_processes", kind="worker", state="alive")
        assert 1 == total(amid, "newsletter_runs", state="running")
        assert 100 == total(amid, "newsletter_deliveries", issue=ISSUE)
        verdicts = {
            verdict: sum(total(end, "newsletter_replies_total", verdict=verdict) for end in ends)
            for verdict in ("accepted", "permanent")
        }
        assert {"accepted": 98, "permanent": 2} == verdicts
        assert 100 == sum(total(end, "newsletter_relay_reply_seconds_count") for end in ends)
        assert sum(total(end, "newsletter_ticks_total") for end in ends) > looked

        logs = [json.loads(line) for worker in two for line in worker.lines]
        events = Counter(each["event"] for each in logs)
        assert 2 == events["refused"]
        assert {"measuring": 2, "running": 2, "stopped": 2} == {
            name: events[name] for name in ("measuring", "running", "stopped")
        }
        assert all(each["run"] and each["delivery"] for each in logs if each["event"] == "refused")

        sends = {span.span_id for span in collector.named("send")}
        assert 100 == len(collector.named("reply"))
        assert {span.parent_span_id for span in collector.named("reply")} <= sends
        assert "@" not in "".join([*ends, amid, collector.words(), *map(str, logs)])

    play(scenario, 100, options="&rate=25/s")


def test_log_with_addresses_names_who_was_refused(play: Callable[..., Peer]) -> None:
    async def scenario(fleet: Fleet, peer: Peer) -> None:
        peer.refuses = REFUSED
        await begin(fleet, 1)
        worker = await fleet.start("worker", "--log-addresses", "--log-format", "json")
        await fleet.until(lambda: fleet.run_state() == "complete")
        await fleet.stop(worker)

        logs = [json.loads(line) for line in worker.lines]
        said = [each["text"] for each in logs if each["event"] == "refused"]
        assert 2 == len(said)
        assert all(any(who in text for text in said) for who in REFUSED)

    play(scenario, 20)


def test_health_counts_the_workers_that_live(play: Callable[..., Peer]) -> None:
    async def scenario(fleet: Fleet, peer: Peer) -> None:
        async def health(*wanted: str) -> tuple[int, dict[str, Any]]:
            asked = ("health", "--timer", "--format", "json", *wanted)
            done = await asyncio.to_thread(fleet.publication.run, *asked)
            checks = json.loads(done.out)["checks"]
            (found,) = [each for each in checks if each["check"] == "workers"]
            return done.status, {**found["facts"], "verdict": found["verdict"]}

        first, second = await fleet.start(), await fleet.start()
        await fleet.until(lambda: fleet.able() == 2)
        both = await health("--workers", "2")
        first.process.kill()
        await first.process.wait()
        # As if it had not been heard of for five minutes.
        fleet.change(
            "UPDATE heartbeats SET beat_at = beat_at - 300000000"
            f" WHERE owner LIKE '% {first.process.pid} %'"
        )
        one = await health("--workers", "2")
        assert 0 == await fleet.stop(second)
        none = await health("--workers", "1")

        assert (2, "well") == (both[1]["alive"], both[1]["verdict"])
        assert (1, 1) == (one[1]["alive"], len(one[1]["silent"]))
        assert (1, 1) == (one[0], none[0])
        assert (0, "degraded") == (none[1]["alive"], none[1]["verdict"])

    play(scenario, 5)
