"""`python -m tests.chaos`: so many faults at random on a fleet of three, and a table of them.

FAULTS is how many (200), SEED what decides which, where, when and for how long; it is printed.
MINUTES ends it sooner, with as many as there was time for.
"""

import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median

from tests.chaos.faults import Kind, at_random
from tests.chaos.storm import Report, one_after_another, storm
from tests.chaos.world import open_world
from tests.integration.store.conftest import Server, postgresql_binaries

FAULTS = int(os.environ.get("FAULTS", "200"))
MINUTES = float(os.environ.get("MINUTES", "inf"))
GAP = 4.0
"""Seconds from one fault to the next, on the average."""
PEOPLE, SHARD_SIZE, ISSUES = 600, 75, 1000
LATENCY = 0.1
MACHINES = 3


async def rage(server: Server, seed: int) -> Report:
    chance = random.Random(seed)
    faults = [at_random(chance, MACHINES) for _ in range(FAULTS)]
    issues = max(min(FAULTS, ISSUES), 10)
    async with open_world(
        server, people=PEOPLE, issues=issues, machines=MACHINES, latency=LATENCY
    ) as world:
        end = time.monotonic() + 60 * MINUTES
        course = partial(one_after_another, faults=faults, chance=chance, gap=GAP, end=end)
        return await storm(world, course, shard_size=SHARD_SIZE)


def table(report: Report) -> str:
    """For people, and for docs/guarantee.md."""
    rows = [
        f"| {kind.value} | {report.faults[kind.value]} | {_seconds(report, kind)} |"
        for kind in Kind
        if report.faults[kind.value]
    ]
    verdict = report.verdict
    log = "whole" if report.is_log_whole else "NOT WHOLE"
    lost = len(verdict.lost) + len(verdict.unfinished) + len(verdict.unknown)
    books = f"lost {lost}, doubled {len(verdict.doubled)}, in doubt {verdict.doubts}"
    books += f" ({report.exposed} connections were open when a fault came)"
    total = sum(report.faults.values())
    return "\n".join(
        [
            "| fault | times | hand-overs | half of them within | the longest |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"{total} faults, {report.runs} runs of {PEOPLE} people: {books}.",
            f"{verdict.accepted} of {verdict.people} accepted; the log is {log}.",
        ]
    )


def _seconds(report: Report, kind: Kind) -> str:
    took = report.took.get(kind.value)
    return f"{len(took)} | {median(took):.1f} s | {max(took):.1f} s" if took else "0 | - | -"


def main() -> int:
    binaries = postgresql_binaries()
    if binaries is None:
        print("no PostgreSQL server binaries found (PGBIN, PATH, /usr/lib/postgresql)")
        return 2
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print(f"SEED={seed} FAULTS={FAULTS}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="nl-", dir="/tmp"))
    server = Server(binaries, folder)
    try:
        report = asyncio.run(rage(server, seed))
    finally:
        server.stop()
        shutil.rmtree(folder)
    print(table(report))
    for wrong in (report.verdict.doubled, report.verdict.lost, report.verdict.unfinished):
        for each in list(wrong)[:20]:
            print(f"- {each}")
    return 0 if report.is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
