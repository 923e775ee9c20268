"""A publication that is sent in one of three ways, by the processes that the way has.

On a database that is a file, or on PostgreSQL, `newsletter run` sends by itself; beside two
`newsletter worker` it leaves that to them. What is to come of it is the same.
"""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from newsletter.books import NewSlot, PublicationKey, key_of
from newsletter.store import Database, open_database
from tests.acceptance.publication import COMMAND, Done, Publication
from tests.acceptance.schedule_world import issue_text
from tests.acceptance.ways.relay import Relay
from tests.pace import patience

ISSUE = "today"
PEOPLE = 40
TOWNS = 5
TODAY = f"{datetime.now(UTC):%Y-%m-%d}"
"""The day of every issue: without one of its own it would be the slot's, and so its digest."""

SHARD_SIZE = 10
"""A run of few people is to have as many shards as one of many has."""

WITH_SMALL_SHARDS = f"""
from newsletter.cli import main
from newsletter.store.runs import freezing
freezing.SHARD_SIZE = freezing.PAGE = {SHARD_SIZE}
main()
"""


class Way(StrEnum):
    """How a publication is sent."""

    SQLITE = "SQLite"
    POSTGRESQL = "PostgreSQL"
    WORKERS = "workers"

    @property
    def workers(self) -> int:
        return 2 if self is Way.WORKERS else 0


def reader(number: int) -> str:
    """Every fifth is at harbour.example."""
    town = number % TOWNS
    return f"reader{number}@{f'town{town}' if town else 'harbour'}.example"


EVERYBODY = frozenset(reader(number) for number in range(PEOPLE))


def people(folder: Path) -> Path:
    """The list; every second is tagged uk."""
    rows = (
        f"{reader(number)},Reader {number},a test,{'' if number % 2 else 'uk'}\n"
        for number in range(PEOPLE)
    )
    path = folder / "people.csv"
    path.write_text("email,first_name,consent,tags\n" + "".join(rows), encoding="utf-8")
    return path


@dataclass
class Process:
    """One of a way's; it logs to a file."""

    arguments: tuple[str, ...]
    popen: subprocess.Popen[bytes]
    log: Path
    is_killed: bool = False

    def kill(self) -> None:
        self.is_killed = True
        self.popen.kill()
        self.popen.wait()

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")


@dataclass
class World:
    """A publication with its list and an approved issue, and a relay that it goes over."""

    way: Way
    publication: Publication
    url: str
    relay: Relay
    processes: list[Process] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.publication.folder

    @property
    def path(self) -> Path:
        return self.folder / f"issues/{ISSUE}.md"

    def run(self, *arguments: str | Path) -> Done:
        """Any command, to its end."""
        return self.publication.run(*arguments)

    def done(self, *arguments: str | Path) -> Done:
        """One that must have done what it was asked for."""
        done = self.run(*arguments)
        assert done.status == 0, done.out + done.err
        return done

    def settings(self, section: str, *lines: str) -> None:
        """Lines of their own at the beginning of a section of newsletter.toml."""
        path = self.folder / "newsletter.toml"
        head = f"[{section}]\n"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(head, head + "".join(f"{each}\n" for each in lines), 1))

    def without(self, line: str) -> None:
        """A line of newsletter.toml taken out again."""
        path = self.folder / "newsletter.toml"
        text = path.read_text(encoding="utf-8")
        assert f"{line}\n" in text
        path.write_text(text.replace(f"{line}\n", "", 1), encoding="utf-8")

    def over(self, transport: str) -> None:
        """The transport of all that is started from now on."""
        self.publication.environment["NEWSLETTER_TRANSPORT"] = transport

    def write(self, name: str, mark: str = "", **front_matter: str) -> Path:
        """Another issue, approved."""
        path = self.folder / f"issues/{name}.md"
        path.write_text(issue_text(mark, date=TODAY, **front_matter), encoding="utf-8")
        self.done("approve", path, "--by", "Ada Lovelace")
        return path

    def schedule(self, issue: str = ISSUE, segment: str = "", minutes: int = 1) -> None:
        """Its slot is so many minutes past, so that the next look begins it."""
        due = datetime.now(UTC) - timedelta(minutes=minutes)
        slot = NewSlot(
            issue=issue,
            path=f"issues/{issue}.md",
            local_date=due.date(),
            local_time=due.time().replace(second=0, microsecond=0),
            zone="UTC",
            digest="0" * 64,
            segment=segment,
        )
        with self.books() as database:
            database.slots.schedule(slot, "Ada Lovelace", due)

    def send(self) -> None:
        """The issue's slot has come, and everybody is at work who sends in this way."""
        self.schedule()
        self.work()

    def work(self) -> None:
        """Start whoever keeps the schedule, and whoever sends."""
        for _ in range(self.way.workers):
            self.start("worker")
        if self.way.workers:
            self.until(lambda: self._able() == self.way.workers, "all workers are there")
        self.start("run", "--tick", "0.3")

    def start(self, *arguments: str) -> Process:
        is_daemon = arguments[0] == "run"  # it freezes the audience
        command = [sys.executable, "-c", WITH_SMALL_SHARDS] if is_daemon else [str(COMMAND)]
        log = self.folder / f"{len(self.processes)}-{arguments[0]}.log"
        with log.open("wb") as file:
            popen = subprocess.Popen(
                [*command, *arguments],
                cwd=self.folder,
                env=self.publication.environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )
        self.processes.append(process := Process(arguments, popen, log))
        return process

    @property
    def senders(self) -> list[Process]:
        """Those that live and hand messages to the relay."""
        kind = "worker" if self.way.workers else "run"
        return [each for each in self.processes if each.arguments[0] == kind and not each.is_killed]

    def replace(self, process: Process) -> None:
        """Killed from outside, and started again, as a service manager does."""
        process.kill()
        self.start(*process.arguments)

    def until_over(self, issue: str = ISSUE, seconds: float = 30.0) -> None:
        self.until(
            lambda: self.run_state(issue) in ("complete", "cancelled"), "it is over", seconds
        )

    def until(self, condition: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
        """Wait for what is sure to come."""
        end = time.monotonic() + patience(seconds)
        while not condition():
            assert time.monotonic() < end, f"waited too long until {what}\n{self._all()}"
            time.sleep(0.1)

    def hears(self, words: str) -> bool:
        """Whether any of the processes has said so."""
        return any(words in each.said() for each in self.processes)

    def says(self, words: str) -> int:
        """How often that was said, by all of them."""
        return sum(each.said().count(words) for each in self.processes)

    def close(self) -> None:
        """All end as they are told to, and nothing went wrong in them."""
        live = [each for each in self.processes if not each.is_killed]
        for each in live:
            each.popen.send_signal(signal.SIGTERM)
        ends = [each.popen.wait(patience()) for each in live]
        assert set(ends) <= {0}, self._all()
        assert not self.hears("Traceback"), self._all()

    def abandon(self) -> None:
        for each in self.processes:
            if each.popen.poll() is None:
                each.kill()

    def books(self) -> Database:
        name = next(name for (name,) in self.ask("SELECT name FROM publications WHERE name <> ''"))
        key = PublicationKey(key=key_of(name), name=name, is_given=False)
        return open_database(self.url, key)

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Past our own code."""
        if self.way is Way.SQLITE:
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as file:
                return file.execute(statement).fetchall()
        import psycopg

        with closing(psycopg.connect(self.url)) as connection:
            return connection.execute(statement).fetchall()

    def change(self, statement: str) -> None:
        if self.way is Way.SQLITE:
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as file, file:
                file.execute(statement)
            return
        import psycopg

        with closing(psycopg.connect(self.url)) as connection, connection:
            connection.execute(statement)

    def states(self, issue: str = ISSUE) -> dict[str, int]:
        """How many deliveries are in each state."""
        rows = self.ask(f"SELECT state FROM deliveries WHERE issue = '{issue}'")
        return dict(Counter(state for (state,) in rows))

    def who(self, state: str, issue: str = ISSUE) -> set[str]:
        wanted = "SELECT recipient_key FROM deliveries WHERE"
        return {key for (key,) in self.ask(f"{wanted} issue = '{issue}' AND state = '{state}'")}

    def run_state(self, issue: str = ISSUE) -> str:
        found = self.ask(f"SELECT state FROM runs WHERE issue = '{issue}'")
        return str(found[0][0]) if found else ""

    def pass_time(self) -> None:
        """The pauses of all who were put off are over."""
        self.change(
            "UPDATE deliveries SET next_attempt_at = updated_at WHERE next_attempt_at IS NOT NULL"
            " AND state = 'deferred'"
        )

    def json(self, *arguments: str) -> Any:
        """What a command says to programs, whatever its exit status."""
        return json.loads(self.run(*arguments, "--format", "json").out)

    def _able(self) -> int:
        wanted = "SELECT count(*) FROM heartbeats WHERE kind = 'worker' AND doing <> 'starting'"
        return int(self.ask(wanted)[0][0])

    def _all(self) -> str:
        said = "\n\n".join(f"{each.arguments}\n{each.said()}" for each in self.processes)
        return f"{self.way}: {self.run_state()} {self.states()}\n{said}"


def once(world: World, *relays: Relay) -> Iterator[str]:
    """Who had a message from the relays, each as often as they had one."""
    for relay in relays or (world.relay,):
        yield from relay.had().elements()
