"""`python -m benchmarks [ROUNDS]`: measure, print tables, and write them to docs/benchmarks.md.

The raw data of sending is written beside, to docs/benchmarks.json.
"""

import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    bounces,
    fleet_rate,
    importing,
    processes,
    rooms,
    sending,
    sending_page,
    site,
    watching,
)

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "benchmarks.md"
BUSY = 1.0
"""Processes that wait for a core, over the last minute, from which the page calls it busy."""


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    load = os.getloadavg()[0]
    results = sending.measure(ROOT / "build" / "benchmarks", rounds=rounds)
    tables = [sending_page.page(results), processes.measure(ROOT), rooms.measure(ROOT)]
    tables += [importing.measure(), site.measure(ROOT), fleet_rate.measure(), watching.measure()]
    tables += [bounces.measure()]
    text = "\n\n".join(tables)
    print(text)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    busy = (
        f" The machine was busy with other work ({load:.1f} processes for {os.cpu_count()} cores "
        "when it began): rates are lower than its own, and ratios shake."
        if load > BUSY
        else ""
    )
    TARGET.write_text(
        "# Benchmarks\n\n"
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d} ({machine}; rounds of "
        f"sending: {rounds}). A shared machine is noisy, so read ratios rather than seconds."
        f"{busy} The raw data of sending is in [benchmarks.json](benchmarks.json).\n\n"
        f"{text}\n",
        encoding="utf-8",
    )
    raw = json.dumps({"load": load, "machine": machine, **results.raw()}, indent=1)
    TARGET.with_suffix(".json").write_text(raw + "\n", encoding="utf-8")


main()
