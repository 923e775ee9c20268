"""A fleet in small: a PostgreSQL, a relay that counts, and machines with networks of their own.

Everything is real but the wires between them. What goes wrong is left to `faults`.
"""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from tests.acceptance.publication import Publication, clean_environment
from tests.chaos.ledger import Ledger
from tests.chaos.machine import Machine
from tests.chaos.proxy import Ends, Proxy
from tests.chaos.relay import CountingRelay
from tests.integration.store.conftest import Server
from tests.pace import patience

DATABASE = "newsletter"
CONNECTIONS = 4
"""Of each worker, to its relay, each for a shard of its own: whoever is left has a hand free for
what others leave behind, and no shard waits for anything but to be handed over."""

MEMORY = Path("/dev/shm")
"""What is killed here loses nothing that the kernel has, so no disk need be waited for."""

FIRST = date(2021, 11, 26)
LONGEST = patience(60)
"""Seconds in which a run must be over when nothing goes wrong any more."""

WITH_SMALL_SHARDS = """
import sys
from newsletter.cli import main
from newsletter.store.runs import freezing
freezing.SHARD_SIZE = freezing.PAGE = int(sys.argv.pop(1))
main()
"""
"""A run of few people is to have as many shards as one of many has."""


@dataclass
class World:
    """`desk` is where runs are begun; the machines do the rest.

    `odd` is one more, off at first, that has other issues than all the rest.
    """

    folder: Path
    server: Server
    relay: CountingRelay
    desk: Publication
    ledger: Ledger
    machines: list[Machine] = field(default_factory=list)
    odd: Machine | None = None
    begun: list[str] = field(default_factory=list)
    is_beginning: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def busiest_first(self) -> list[int]:
        """The machines by how many shards they have: what strikes an idle one strikes nobody."""
        owners = [shard.owner for shard in await self.ledger.shards() if shard.left]
        has = [sum(map(machine.owns, owners)) for machine in self.machines]
        return sorted(range(len(has)), key=lambda number: -has[number])

    async def begin(self, *, shard_size: int) -> str:
        """The next issue's run: frozen, and its first message sent; the rest is for the workers.

        The server must be up; who begins and who stops it wait for each other (`is_beginning`).
        """
        day = FIRST - timedelta(days=7 * len(self.begun))
        issue = f"{day}"
        self.begun.append(issue)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", WITH_SMALL_SHARDS, str(shard_size)),
            *("send", issue, "--yes", "--limit", "1"),
            cwd=self.desk.folder,
            env=self.desk.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await process.communicate()
        assert process.returncode == 75, out.decode()
        await self.ledger.give_to_workers(issue, day)
        return issue

    async def are_over(self) -> bool:
        """Wait until every run is complete, by the journal; whether they all are."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST):
                while set((await self.ledger.run_states()).values()) != {"complete"}:  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
                return True
        return False

    def logs(self) -> str:
        return "\n".join(
            f"=== {each.name}\n{each.log.read_text()}"
            for each in self.machines
            if each.log.exists()
        )


@asynccontextmanager
async def open_world(
    server: Server,
    *,
    people: int,
    issues: int = 1,
    machines: int = 3,
    latency: float = 0.02,
    are_on: bool = True,
) -> AsyncIterator[World]:
    """A world whose machines are switched on already, if they are to be, and have nothing to do."""
    async with AsyncExitStack() as stack:
        place = MEMORY if os.access(MEMORY, os.W_OK) else None
        scratch = tempfile.TemporaryDirectory(prefix="newsletter-chaos-", dir=place)
        folder = Path(stack.enter_context(scratch))
        relay = await stack.enter_async_context(CountingRelay(folder / "relay", latency=latency))
        desk = _lay_out(folder / "desk", server, relay, issues, people)
        world = World(folder, server, relay, desk, Ledger(server.url(DATABASE)))
        for number in range(machines):
            machine = await _machine(stack, world, f"machine{number + 1}")
            world.machines.append(machine)
            stack.push_async_callback(machine.switch_off)
            if are_on:
                machine.switch_on()
        world.odd = await _odd_machine(stack, world)
        yield world


def _lay_out(
    folder: Path, server: Server, relay: CountingRelay, issues: int, people: int
) -> Publication:
    folder.mkdir()
    server.execute(f"CREATE DATABASE {DATABASE}")
    environment = clean_environment() | {
        "NEWSLETTER_DATABASE": server.url(DATABASE),
        "NEWSLETTER_TRANSPORT": transport(relay.port),
    }
    desk = Publication(folder, environment)
    desk.lay_out()
    settings = folder / "newsletter.toml"
    text = (
        settings.read_text()
        .replace("[5, 15, 60, 240]", "[1]")
        .replace("[house]\n", "[house]\nmemory = 0\n", 1)
    )
    settings.write_text(text)
    first = folder / f"issues/{FIRST}.md"
    for number in range(1, issues):
        day = FIRST - timedelta(days=7 * number)
        (folder / f"issues/{day}.md").write_text(_dated(first.read_text(), day, number))
    done = desk.run("subscribers", "import", desk.people(people), "--yes")
    assert 0 == done.status, done.err
    return desk


def _dated(text: str, day: date, number: int) -> str:
    """The same issue of another day; its subject is how the relay tells them apart."""
    lines = text.splitlines(keepends=True)
    lines[1] = f"subject: Live shopping, week {number} before\n"
    return "".join(lines).replace(f"date: {FIRST}", f"date: {day}")


def transport(port: int) -> str:
    return f"smtp://127.0.0.1:{port}?tls=none&connections={CONNECTIONS}"


async def _machine(stack: AsyncExitStack, world: World, name: str) -> Machine:
    socket = str(world.server.folder / ".s.PGSQL.5432")

    async def to_database() -> Ends:
        return await asyncio.open_unix_connection(socket)

    async def to_relay() -> Ends:
        return await asyncio.open_connection("127.0.0.1", world.relay.port)

    database = await stack.enter_async_context(Proxy(to_database))
    relay = await stack.enter_async_context(Proxy(to_relay))
    shutil.copytree(world.desk.folder, world.folder / name)
    environment = world.desk.environment | {
        "NEWSLETTER_DATABASE": f"postgresql://newsletter@127.0.0.1:{database.port}/{DATABASE}",
        "NEWSLETTER_TRANSPORT": transport(relay.port),
    }
    return Machine(
        name=name,
        folder=world.folder / name,
        environment=environment,
        database=database,
        relay=relay,
        arguments=("worker", "--concurrency", str(CONNECTIONS)),
    )


async def _odd_machine(stack: AsyncExitStack, world: World) -> Machine:
    odd = await _machine(stack, world, "odd")
    for path in (odd.folder / "issues").glob("*.md"):
        path.write_text(path.read_text().replace("Getir", "Gorillas"))
    stack.push_async_callback(odd.switch_off)
    return odd
