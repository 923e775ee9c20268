"""`python -m benchmarks.fleet [WORKERS ...]`: how much more several workers send than one.

They share one PostgreSQL, which waits for its disk at every commit, and a relay that holds each
message back for 20 ms: a connection has 50 a second at most. Everything is on one machine, so that
from some number of workers on it is the machine that is measured: the table says who had its cores.
The last rows are of a relay half as quick, which asks half as much of it. TMPDIR is where the
database lies: /dev/shm leaves the disk out.
"""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.fleet_desk import CONNECTIONS, lay_out
from benchmarks.fleet_relay import Counting
from benchmarks.sink import open_server
from tests.integration.store.conftest import Server, postgresql_binaries

WORKERS = (1, 2, 4, 8)
SECONDS = 30
"""How long a trial would last at the cap of all connections."""

LATENCY, SLOWER = 0.02, 0.04
"""Seconds for which a relay holds a message back."""

SIDE_BY_SIDE = 4
"""Workers that have two runs at once."""

LOOK = 0.1
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """`rate` is in messages a second, from when all workers have sent some to nine tenths of all;
    all others but `workers` and `latency` are cores, as an average over the same time.

    `fairness` is the share of the slower of two runs in what the quicker one had meanwhile.
    """

    workers: int
    latency: float
    rate: float
    senders: float
    database: float
    relay: float
    machine: float
    fairness: float | None = None

    @property
    def cap(self) -> float:
        """Messages a second that the relay takes of all its workers, at the most."""
        return self.workers * CONNECTIONS / self.latency


async def trial(server: Server, workers: int, runs: int = 1, latency: float = LATENCY) -> Trial:
    people = int(workers * CONNECTIONS / latency * SECONDS / runs)
    with _folder() as folder, open_server("-m", "benchmarks.fleet_relay", f"{latency}") as port:
        desk = lay_out(folder, server, port, people=people, issues=runs)
        await desk.begin()
        relay = Counting(port)
        with desk.workers(workers) as pids:
            found = _measured(relay, server, people * runs, pids)
        relay.close()
    return replace(found, latency=latency)


def _measured(relay: Counting, server: Server, messages: int, pids: Sequence[int]) -> Trial:
    postmaster = _postmaster(server)
    beside = [pid for pid in _children(os.getpid()) if pid not in (*pids, postmaster)]

    def used() -> tuple[float, float, float]:
        database = _cpu(postmaster, with_dead=True) + sum(map(_cpu, _children(postmaster)))
        return sum(map(_cpu, pids)), database, sum(map(_cpu, beside))

    _until(relay, messages // 10)
    while relay.busy() < CONNECTIONS * len(pids):
        time.sleep(LOOK)
    began, at, had, busy = relay.taken(), time.monotonic(), used(), _busy()
    _until(relay, messages * 9 // 10 if len(began) < 2 else messages * 7 // 10)
    ended, seconds, busy = relay.taken(), time.monotonic() - at, _busy() - busy
    cores = [(after - before) / seconds for before, after in zip(had, used(), strict=True)]
    each = sorted((ended - began).values())
    return Trial(
        workers=len(pids),
        latency=LATENCY,
        rate=sum(each) / seconds,
        senders=cores[0],
        database=cores[1],
        relay=cores[2],
        machine=busy / seconds,
        fairness=each[0] / each[-1] if len(each) > 1 else None,
    )


def _until(relay: Counting, count: int) -> None:
    while relay.taken().total() < count:
        time.sleep(LOOK)


def _postmaster(server: Server) -> int:
    return int((server.folder / "data/postmaster.pid").read_text().splitlines()[0])


def _children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if _fields(int(path.name))[1] == parent:
                found.append(int(path.name))
    return found


def _cpu(pid: int, *, with_dead: bool = False) -> float:
    """Seconds of CPU of a process, and of its children that have ended (proc(5))."""
    with suppress(OSError):
        return sum(_fields(pid)[11 : 15 if with_dead else 13]) / TICKS
    return 0.0


def _fields(pid: int) -> list[int]:
    """Those behind the name and the state, in proc(5)'s order: the first is a placeholder."""
    text = Path(f"/proc/{pid}/stat").read_text()
    return [0, *map(int, text[text.rindex(")") + 4 :].split()[:40])]


def _busy() -> float:
    """Seconds of CPU of everything on the machine, whoever's it is."""
    user, nice, system, *_ = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:])
    return (user + nice + system) / TICKS


def table(trials: Sequence[Trial], side_by_side: Trial | None) -> str:
    """Linear is so many times what the fewest workers of the same relay have, each."""
    shares = f"cores: workers | PostgreSQL | relay | all of {os.cpu_count()}"
    lines = [
        f"| relay | workers | messages/s | of linear | of the relay’s cap | {shares} |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for each in trials:
        first = next(one for one in trials if one.latency == each.latency)
        linear = first.rate / first.workers * each.workers
        lines.append(
            f"| {each.latency * 1000:.0f} ms | {each.workers} | {each.rate:.0f} | "
            f"{each.rate / linear:.2f} | {each.rate / each.cap:.2f} | {each.senders:.2f} | "
            f"{each.database:.2f} | {each.relay:.2f} | {each.machine:.2f} |"
        )
    if side_by_side is not None:
        where = f"Two runs side by side on {side_by_side.workers} workers"
        fair = f"the slower one had {side_by_side.fairness or 0:.2f} of what the quicker one had"
        lines += ["", f"{where}: {fair} in the same time."]
    return "\n".join(lines)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="newsletter-fleet-") as name:
        yield Path(name)


def main() -> None:
    binaries = postgresql_binaries()
    if binaries is None:
        raise SystemExit("no PostgreSQL server binaries found (PGBIN, PATH, /usr/lib/postgresql)")
    counts = [int(each) for each in sys.argv[1:]] or WORKERS
    folder = Path(tempfile.mkdtemp(prefix="nl-"))
    server = Server(binaries, folder, is_durable=True)
    try:
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
        trials = []
        asked = [(count, LATENCY) for count in counts]
        asked += [(count, SLOWER) for count in (counts[0], counts[-1])]
        for count, latency in asked:
            trials.append(asyncio.run(trial(server, count, latency=latency)))
            print(trials[-1], flush=True)
        both = None if sys.argv[1:] else asyncio.run(trial(server, SIDE_BY_SIDE, runs=2))
    finally:
        server.stop()
        shutil.rmtree(folder)
    print(table(trials, both))


if __name__ == "__main__":
    main()
