"""A publication on PostgreSQL whose runs workers send: laid out, begun, and its workers started.

The example publication of this repository, with as many readers as a trial needs. What is
measured of it is left to `fleet`.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import IO

from tests.acceptance.publication import COMMAND, Publication, clean_environment
from tests.chaos.ledger import Ledger
from tests.integration.store.conftest import Server

DATABASE = "newsletter"
CONNECTIONS = 2
"""Of each worker, to its relay."""

FIRST = date(2021, 11, 26)
_AGAIN = 75


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """A publication that is laid out, with `issues` of consecutive weeks."""

    publication: Publication
    ledger: Ledger
    issues: Sequence[date]

    async def begin(self) -> None:
        """The run of each issue: frozen, and its first message sent; the rest is for workers."""
        for day in self.issues:
            done = self.publication.run("send", f"{day}", "--yes", "--limit", "1")
            if done.status != _AGAIN:
                raise SystemExit(f"newsletter send {day}: {done.out}{done.err}")
            await self.ledger.give_to_workers(f"{day}", day)

    @contextmanager
    def workers(self, count: int) -> Iterator[Sequence[int]]:
        """So many at work for as long as the block lasts; their process ids."""
        with (self.publication.folder / "workers.log").open("ab") as said:
            started = [self._worker(said) for _ in range(count)]
            try:
                yield [each.pid for each in started]
            finally:
                for each in started:
                    each.terminate()
                for each in started:
                    each.wait()

    def _worker(self, said: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [str(COMMAND), "worker"],
            cwd=self.publication.folder,
            env=self.publication.environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )


def lay_out(folder: Path, server: Server, port: int, *, people: int, issues: int) -> Desk:
    """In an empty database, with a relay on that port of this machine."""
    server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    server.execute(f"CREATE DATABASE {DATABASE}")
    environment = clean_environment() | {
        "NEWSLETTER_DATABASE": server.url(DATABASE),
        "NEWSLETTER_TRANSPORT": f"smtp://127.0.0.1:{port}?tls=none&connections={CONNECTIONS}",
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
    }
    publication = Publication(folder, environment)
    publication.lay_out()
    settings = folder / "newsletter.toml"
    # These issues have the same stories, which `memory` would find.
    settings.write_text(settings.read_text().replace("[house]\n", "[house]\nmemory = 0\n", 1))
    days = [FIRST - timedelta(days=7 * number) for number in range(issues)]
    first = (folder / f"issues/{FIRST}.md").read_text()
    for day in days[1:]:
        (folder / f"issues/{day}.md").write_text(_dated(first, day))
    done = publication.run("subscribers", "import", publication.people(people), "--yes")
    if done.status:
        raise SystemExit(f"newsletter subscribers import: {done.out}{done.err}")
    return Desk(publication=publication, ledger=Ledger(server.url(DATABASE)), issues=days)


def _dated(text: str, day: date) -> str:
    """The same issue of another day; its subject is how the relay tells them apart."""
    lines = text.splitlines(keepends=True)
    lines[1] = f"subject: Live shopping, the week of {day}\n"
    return "".join(lines).replace(f"date: {FIRST}", f"date: {day}")
