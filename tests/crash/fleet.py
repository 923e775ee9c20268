"""Workers on one PostgreSQL, as real processes, beside a scripted relay."""

import asyncio
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from newsletter.books import Kind, NewSlot, PublicationKey, key_of
from newsletter.store import Database, open_database
from tests.acceptance.publication import COMMAND, Publication
from tests.acceptance.schedule_world import issue_text
from tests.crash.send import people
from tests.pace import patience

ISSUE = "today"


@dataclass
class Worker:
    """One `newsletter` process that lives long, with what it has said so far."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)

    async def listen(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.lines.append(line.decode().rstrip())

    def says(self, word: str) -> bool:
        return any(word in line for line in self.lines)


@dataclass
class Fleet:
    """A publication with one issue whose time has come, and the processes that work on it."""

    publication: Publication
    url: str
    relay: str
    workers: list[Worker] = field(default_factory=list)
    _listening: list["asyncio.Task[None]"] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.publication.folder

    async def run(self, *arguments: str) -> str:
        """A command to its end, which must be a good one; what it said."""
        done = await asyncio.to_thread(self.publication.run, *arguments)
        assert done.status in (0, 75), done.out + done.err
        return done.out + done.err

    async def start(self, *arguments: str, cwd: Path | None = None, **env: str) -> Worker:
        process = await asyncio.create_subprocess_exec(
            str(COMMAND),
            *(arguments or ("worker",)),
            cwd=cwd or self.folder,
            env={**self.publication.environment, **env},
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        worker = Worker(process)
        self.workers.append(worker)
        self._listening.append(asyncio.create_task(worker.listen()))
        return worker

    async def until(self, condition: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait for what is sure to come."""
        try:
            async with asyncio.timeout(patience(seconds)):
                while not await asyncio.to_thread(condition):  # noqa: ASYNC110 - others change it
                    await asyncio.sleep(0.1)
        except TimeoutError:
            said = "\n\n".join("\n".join(each.lines) for each in self.workers)
            raise AssertionError(f"waited too long\n{self.states()}\n{said}") from None

    async def stop(self, worker: Worker) -> int:
        worker.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(patience()):
            return await worker.process.wait()

    async def close(self) -> None:
        for worker in self.workers:
            if worker.process.returncode is None:
                worker.process.kill()
            await worker.process.wait()
        await asyncio.gather(*self._listening)
        for worker in self.workers:
            assert not worker.says("Traceback"), "\n".join(worker.lines)

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        import psycopg

        with closing(psycopg.connect(self.url)) as connection:
            return connection.execute(statement).fetchall()

    def change(self, statement: str) -> None:
        import psycopg

        with closing(psycopg.connect(self.url)) as connection, connection:
            connection.execute(statement)

    def states(self) -> Counter[str]:
        return Counter(state for (state,) in self.ask("SELECT state FROM deliveries"))

    def run_state(self) -> str:
        found = self.ask("SELECT state FROM runs")
        return str(found[0][0]) if found else ""

    def owners(self) -> set[str]:
        return {owner for (owner,) in self.ask("SELECT owner FROM shards") if owner}

    def able(self) -> int:
        """How many workers have said that they live."""
        wanted = "SELECT count(*) FROM heartbeats WHERE kind = 'worker' AND doing <> 'starting'"
        return int(self.ask(wanted)[0][0])


async def open_fleet(few: Publication, url: str, relay: str, count: int, *rules: str) -> Fleet:
    """So many people, and an issue that is approved, in a slot that is a minute past."""
    environment = {**few.environment, "NEWSLETTER_DATABASE": url, "NEWSLETTER_TRANSPORT": relay}
    fleet = Fleet(replace(few, environment=environment), url, relay)
    (few.folder / "newsletter.witness").unlink()  # it has seen what was done in another database
    settings = few.folder / "newsletter.toml"
    text = settings.read_text(encoding="utf-8").replace("[house]\n", "[house]\nmemory = 0\n", 1)
    settings.write_text(text + "".join(f"\n{rule}\n" for rule in rules), encoding="utf-8")
    (few.folder / f"issues/{ISSUE}.md").write_text(issue_text(), encoding="utf-8")
    await fleet.run("subscribers", "import", str(people(few.folder, count)), "--yes")
    await asyncio.to_thread(_schedule, fleet)
    await fleet.run("approve", f"issues/{ISSUE}.md", "--by", "Ada Lovelace")
    return fleet


def _books(fleet: Fleet) -> Database:
    name = next(name for (name,) in fleet.ask("SELECT name FROM publications WHERE name <> ''"))
    return open_database(fleet.url, PublicationKey(key=key_of(name), name=name, is_given=False))


def _schedule(fleet: Fleet) -> None:
    due = datetime.now(UTC) - timedelta(minutes=1)
    with _books(fleet) as database:
        slot = NewSlot(
            issue=ISSUE,
            path=f"issues/{ISSUE}.md",
            local_date=due.date(),
            local_time=due.time().replace(second=0, microsecond=0),
            zone="UTC",
            digest="0" * 64,
        )
        database.slots.schedule(slot, "Ada Lovelace", due)


async def begin(fleet: Fleet, shards: int) -> None:
    """The run is begun and cut into so many shards; nobody has sent anything of it."""
    ghost, moment = "a worker that is elsewhere", datetime.now(UTC)
    with _books(fleet) as database:
        database.heartbeats.beat(ghost, moment, moment, "waiting", Kind.WORKER)
        await fleet.run("due")
        fleet.change(
            "INSERT INTO shards (run_id, number, epoch, domain_group) SELECT id, n, 0, ''"
            f" FROM runs, generate_series(0, {shards - 1}) AS n ON CONFLICT DO NOTHING"
        )
        fleet.change(
            "UPDATE deliveries SET shard_id = shards.id FROM shards"
            f" WHERE shards.number = deliveries.id % {shards}"
        )
        database.heartbeats.stop(ghost)
