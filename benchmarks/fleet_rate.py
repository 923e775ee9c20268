"""`python -m benchmarks.fleet_rate [SECONDS]`: how exactly many processes keep one rate together.

Eight processes on one PostgreSQL take turns as lanes do, as fast as they may, and send nothing:
what is measured is the pace alone. The first seconds are left out, in which the processes come up
and half a second of unused time is caught up.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROCESSES = 8
LANES = 2
RATES = (200.0, 20.0)
SECONDS = 60.0
LEFT_OUT = 3.0
HOLD = 0.05


def measure(seconds: float = SECONDS) -> str:
    """A Markdown table: the rate asked for, the rate measured, and each process's share."""
    what = f"{PROCESSES} processes, one rate, {seconds:.0f} s"
    rows = [
        f"| {what} | hold | measured | error | least and most of a process |",
        "|---|---|---|---|---|",
    ]
    with _database() as url:
        for rate in RATES:
            shares = share_turns(url, rate, seconds)
            found = sum(shares) / seconds
            error = found / rate - 1
            spread = f"{min(shares) / seconds:.1f}/s, {max(shares) / seconds:.1f}/s"
            rows.append(f"| {rate:.0f}/s | {HOLD:.0%} | {found:.2f}/s | {error:+.2%} | {spread} |")
    return "\n".join(rows)


def share_turns(
    url: str, rate: float, seconds: float, processes: int = PROCESSES, lanes: int = LANES
) -> list[int]:
    """How many turns each process had in the same span of so many seconds."""
    command = [sys.executable, "-m", "benchmarks.fleet_rate", "--one", url, str(rate), str(lanes)]
    piped: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    at_work = [
        subprocess.Popen(command, cwd=Path(__file__).parents[1], **piped) for _ in range(processes)
    ]
    for each in at_work:
        each.stdout.readline()  # it has its database open
    begins = time.time() + LEFT_OUT
    words = f"{begins} {begins + seconds}\n"
    for each in at_work:
        each.stdin.write(words)
        each.stdin.flush()
    return [int(json.loads(each.communicate()[0])) for each in at_work]


def _one(url: str, rate: float, lanes: int) -> None:
    """One process: count the turns between two moments, which it is told when it is ready."""
    from newsletter.delivery import Throttles
    from newsletter.store import open_database

    counted, begins, ends = 0, 0.0, 0.0

    async def lane(stop: asyncio.Event) -> None:
        nonlocal counted
        while not stop.is_set():
            await throttle.turn(stop)
            counted += begins <= time.time() < ends and not stop.is_set()

    async def go() -> None:
        stop = asyncio.Event()
        at_work = [asyncio.create_task(lane(stop)) for _ in range(lanes)]
        await asyncio.sleep(max(ends - time.time(), 0.0))
        stop.set()
        await asyncio.gather(*at_work)
        await throttle.close()

    with open_database(url) as database:
        throttle = Throttles().of(f"relay {rate:g}", rate, database.paces.take)
        database.time()
        print("ready", flush=True)
        begins, ends = map(float, sys.stdin.readline().split())
        asyncio.run(go())
    print(json.dumps(counted))


@contextmanager
def _database() -> Iterator[str]:
    """A PostgreSQL of our own, as the tests have it, for as long as the block lasts."""
    import shutil

    from newsletter.store import open_database
    from tests.integration.store.conftest import Server, postgresql_binaries

    binaries = postgresql_binaries()
    if binaries is None:
        raise SystemExit("no PostgreSQL server binaries found")
    folder = Path(tempfile.mkdtemp(prefix="nl-", dir="/tmp"))
    server = Server(binaries, folder)
    try:
        url = server.url("postgres")
        open_database(url).close()
        yield url
    finally:
        server.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _, _, place, at, count = sys.argv
        _one(place, float(at), int(count))
    else:
        print(measure(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
