"""The real command `newsletter send` beside a scripted relay, and what both say afterwards."""

import asyncio
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.publication import COMMAND, Publication
from tests.faults.peer import Answer, Peer
from tests.pace import patience

ISSUE = "issues/2021-11-26.md"
SECONDS = patience()
"""A command that takes longer hangs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """A command's end: the exit status, or the signal's number below zero."""

    status: int
    out: str
    err: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Books:
    """The journal's word on everyone, read past our own code."""

    states: dict[str, str]

    def of(self, *states: str) -> set[str]:
        return {who for who, state in self.states.items() if state in states}

    def counts(self) -> dict[str, int]:
        return dict(Counter(self.states.values()))


def people(folder: Path, count: int) -> Path:
    path = folder / "people.csv"
    rows = (f"reader{number}@example.com,Reader {number},a test\n" for number in range(count))
    path.write_text("email,first_name,consent\n" + "".join(rows))
    return path


def transport_url(peer: Peer, *, connections: int = 1, options: str = "") -> str:
    return f"smtp://127.0.0.1:{peer.port}?tls=none&connections={connections}{options}"


async def start(
    publication: Publication, url: str, *arguments: str, wrapper: Iterable[str] = ()
) -> asyncio.subprocess.Process:
    command = [*wrapper, str(COMMAND), "send", ISSUE, "--yes", *arguments]
    return await asyncio.create_subprocess_exec(
        *command,
        cwd=publication.folder,
        env={**publication.environment, "NEWSLETTER_TRANSPORT": url},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def end_of(process: asyncio.subprocess.Process) -> Ended:
    async with asyncio.timeout(SECONDS):
        out, err = await process.communicate()
    assert process.returncode is not None
    assert b"Traceback" not in err, err.decode()
    return Ended(status=process.returncode, out=out.decode(), err=err.decode())


async def send(publication: Publication, url: str, *arguments: str) -> Ended:
    return await end_of(await start(publication, url, *arguments))


def kill(process: asyncio.subprocess.Process, number: int = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError):
        os.kill(process.pid, number)


def books(publication: Publication) -> Books:
    """Empty where no audience was frozen yet."""
    path = publication.folder / "newsletter.db"
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT recipient_key, state FROM deliveries").fetchall()
    return Books(states=dict(rows))


def accepted(peer: Peer) -> Counter[str]:
    """How often the relay took charge of a message for each recipient."""
    return Counter(each.recipient for each in peer.log if each.answer is Answer.ACCEPTED)


def lost(found: Books, peer: Peer) -> set[str]:
    """Accepted in our books, and the relay never had it: the promise G1 is about these."""
    return found.of("accepted") - set(accepted(peer))


def doubled(peer: Peer) -> set[str]:
    return {who for who, count in accepted(peer).items() if count > 1}
