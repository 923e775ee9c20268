"""`python -m benchmarks.fleet`: how much more several workers send than one, on one PostgreSQL.

The relay holds each message back for 20 ms, so that a connection has 50 a second at most, as real
relays do. Everything is on one machine: from some number of workers on, it is the machine that is
measured. The relay and the world are those of the chaos tests, without faults and without proxies.
"""

import asyncio
import os
import shutil
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.world import CONNECTIONS, World, open_world, transport
from tests.integration.store.conftest import Server, postgresql_binaries

WORKERS = (1, 2, 4, 8)
SECONDS = 20
"""How long a trial would last at the cap of all connections."""

LATENCY = 0.02
CAP = CONNECTIONS / LATENCY
"""Messages a second that one worker may have."""

SHARD_SIZE = 100
LOOK = 0.1
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """`rate` is in messages a second, from a tenth to nine tenths of them; `shares` are of a core.

    `fairness` is the share of the slower of two runs in what the quicker one had meanwhile.
    """

    workers: int
    rate: float
    database: float
    machine: float
    fairness: float | None = None


async def trial(server: Server, workers: int, runs: int = 1) -> Trial:
    people = int(workers * CAP * SECONDS / runs)
    server.execute("DROP DATABASE IF EXISTS newsletter WITH (FORCE)")
    async with open_world(
        server, people=people, issues=runs, machines=workers, latency=LATENCY, are_on=False
    ) as world:
        for _ in range(runs):
            await world.begin(shard_size=SHARD_SIZE)
        for machine in world.machines:
            machine.environment |= world.desk.environment | {
                "NEWSLETTER_TRANSPORT": transport(world.relay.port)
            }
            machine.switch_on()
        return await _measured(world, server, people * runs, workers)


async def _measured(world: World, server: Server, messages: int, workers: int) -> Trial:
    await _until(world, messages // 10)
    began, at, used, busy = _taken(world), time.monotonic(), _cpu_of(server), _busy()
    before = Counter(each.subject for each in world.relay.taken)
    await _until(world, messages * 9 // 10 if len(before) < 2 else messages * 7 // 10)
    seconds = time.monotonic() - at
    after = Counter(each.subject for each in world.relay.taken)
    had = sorted(after[subject] - before[subject] for subject in after)
    return Trial(
        workers=workers,
        rate=(_taken(world) - began) / seconds,
        database=(_cpu_of(server) - used) / seconds,
        machine=(_busy() - busy) / seconds,
        fairness=had[0] / had[-1] if len(had) > 1 else None,
    )


async def _until(world: World, count: int) -> None:
    while _taken(world) < count:  # noqa: ASYNC110 - the relay tells nobody
        await asyncio.sleep(LOOK)


def _taken(world: World) -> int:
    return len(world.relay.taken)


def _cpu_of(server: Server) -> float:
    """Seconds of CPU of PostgreSQL's processes, those that have ended among them (proc(5))."""
    parent = int((server.folder / "data/postmaster.pid").read_text().splitlines()[0])
    ticks = sum(_fields(parent)[11:15])
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = _fields(int(path.name))
            if fields[1] == parent:
                ticks += sum(fields[11:13])
    return ticks / TICKS


def _fields(pid: int) -> list[int]:
    """Those behind the name and the state, in proc(5)'s order: the first is a placeholder."""
    text = Path(f"/proc/{pid}/stat").read_text()
    return [0, *map(int, text[text.rindex(")") + 4 :].split()[:40])]


def _busy() -> float:
    """Seconds of CPU of everything on the machine, whoever's it is."""
    user, nice, system, *_ = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:])
    return (user + nice + system) / TICKS


def table(trials: list[Trial], side_by_side: Trial) -> str:
    one = trials[0].rate
    rows = [
        f"| {each.workers} | {each.rate:.0f}/s | {each.rate / (one * each.workers):.2f} | "
        f"{each.database:.2f} | {each.machine:.2f} |"
        for each in trials
    ]
    fair = f"the slower one had {side_by_side.fairness or 0:.2f} of what the quicker one had"
    return "\n".join(
        [
            "| workers | messages | of linear | cores: PostgreSQL | cores: all of the machine |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"Two runs side by side, {side_by_side.workers} workers: {fair}.",
        ]
    )


def main() -> None:
    binaries = postgresql_binaries()
    if binaries is None:
        raise SystemExit("no PostgreSQL server binaries found (PGBIN, PATH, /usr/lib/postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="nl-", dir="/tmp"))
    server = Server(binaries, folder)
    try:
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
        trials = []
        for count in WORKERS:
            trials.append(asyncio.run(trial(server, count)))
            print(trials[-1], flush=True)
        both = asyncio.run(trial(server, 4, runs=2))
    finally:
        server.stop()
        shutil.rmtree(folder)
    print(table(trials, both))


if __name__ == "__main__":
    main()
